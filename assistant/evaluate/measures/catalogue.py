# ruff: noqa: E501 - sentences and markup read better unbroken
"""The names of the measures and what each says, in words for the reader of a report."""

from dataclasses import dataclass
from typing import Literal

UNANSWERED = ("refused", "clarify", "chat")


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: ``name`` as in metrics.json, ``title`` and ``meaning`` for people.

    ``better`` says which direction is an improvement; None where neither is.
    """

    name: str
    title: str
    meaning: str
    better: Literal["higher", "lower"] | None = "higher"
    unit: Literal["share", "ms", "score", "count"] = "share"


_LATENCY = tuple(
    Measure(
        f"p{share}_{stage}_ms",
        f"{words}, {often}",
        f"{meaning}; {many} of the questions took no longer.",
        "lower",
        "ms",
    )
    for stage, words, meaning in (
        ("rewrite", "Time to understand the question", "Making the question stand alone"),
        ("retrieve", "Time to find passages", "Finding the passages"),
        ("first_text", "Time to the first words", "From the question to the first words shown"),
        ("generate", "Time to write", "Writing the answer"),
        ("verify", "Time to check", "Checking the sentences against the guidance"),
        ("total", "Time for the whole answer", "From the question to the finished answer"),
    )
    for share, often, many in ((50, "typical", "half"), (95, "slow", "95 %"))
)

MEASURES: tuple[Measure, ...] = (
    Measure("evidence_found", "Right passages found", "Of the statements that answer the questions, the share among the passages retrieved."),
    Measure("evidence_cited", "Right words cited", "Of the statements that answer the questions, the share quoted word for word in the answers."),
    Measure("sentences_supported", "Sentences proved", "Share of the answers' sentences that their citations state in full, by the assistant's own check."),
    Measure("citation_precision", "Citations to the point", "Of the guidance's sentences that an answer cites, the share that answers the question."),
    Measure("citation_recall", "Citations complete", "Of the statements that answer a question, the share that its citations touch."),
    Measure("token_f1", "Agreement with the reference", "Words shared with the reference answer (F1)."),
    Measure("judged_correct", "Agreement by a judge model", "Share of the verdicts of a language model, three to an answer, by which the answer says what its reference says."),
    Measure("judge_disagreement", "Judge model at odds with itself", "Share of the judged answers on which its three verdicts were not the same.", "lower"),
    Measure("refusal_recall", "Uncovered questions refused", "Of the questions the guidance does not answer, the share not answered."),
    Measure("false_refusals", "Covered questions refused", "Of the questions the guidance answers, the share not answered.", "lower"),
    Measure("refusal_precision", "Refusals that were right", "Of the questions not answered, the share that the guidance does not answer."),
    Measure("refusal_auroc", "Telling covered from uncovered", "The chance that an uncovered question is thought less answerable than a covered one (AUROC; 0.5 is guessing).", unit="score"),
    Measure("refusal_recall_at_10", "Uncovered refused at 10 %", "Uncovered questions that a threshold would refuse if it may refuse one covered question in ten."),
    Measure("auroc", "Telling supported from unsupported", "The chance that a supported claim scores above an unsupported one (AUROC; 0.5 is guessing).", unit="score"),
    Measure("macro_f1", "Verdicts, macro F1", "Mean of the F1 of the supported and of the unsupported claims.", unit="score"),
    Measure("balanced_accuracy", "Verdicts, balanced accuracy", "Mean of the shares of supported and of unsupported claims judged rightly."),
    Measure("ndcg@10", "Ranking of the first ten (nDCG@10)", "How near the first ten results come to the best possible order.", unit="score"),
    Measure("recall@5", "Relevant among the first five", "Share of the relevant documents among the first five results."),
    Measure("recall@10", "Relevant among the first ten", "Share of the relevant documents among the first ten results."),
    Measure("mrr", "First relevant result (MRR)", "Mean of 1 over the rank of the first relevant result.", unit="score"),
    Measure("map", "Average precision (MAP)", "Mean over the queries of the precision at each relevant result.", unit="score"),
    Measure("failed", "Cases that failed", "Share of the cases that ended in an error instead of an answer.", "lower"),
    *_LATENCY,
    Measure("tokens_read", "Tokens read", "Mean of the tokens in the prompts of a question, as the model reports them, repeats from its cache included.", None, "count"),
    Measure("tokens_written", "Tokens written", "Mean of the tokens that the model wrote for a question, checks included.", None, "count"),
)  # fmt: skip

BY_NAME = {measure.name: measure for measure in MEASURES}
TOKENS = ("tokens_read", "tokens_written")
STAGES = ("rewrite", "retrieve", "first_text", "generate", "verify", "total")
