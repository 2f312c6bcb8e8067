"""What one would otherwise write: a plain tutorial pipeline with the same models, on the same cases and measures.

    python benchmarks/tutorial_baseline.py [CASES] --out FOLDER [--home DATA] [--documents PATH] [--model M] [--limit N]

Every document is cut into pieces of 1,000 characters wherever they end, all-MiniLM-L6-v2 embeds them, Chroma finds the
four nearest to the question, and one prompt asks the language model to answer from them, or to say so when they do not
hold the answer. Conversations go into the prompt as they are. The folder then holds what `strategy-assistant evaluate`
writes, so that either can be the other's `--baseline`. As tutorials show the pieces found as the sources of an answer,
every sentence counts as citing all four: whatever is found is cited, and citation precision is low for it. Its
sentences are checked against them by our own check of words and vectors, without a language model.
"""

import argparse
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import chromadb

from assistant.configured import load_documents
from assistant.evaluate.arguments import add_question_arguments
from assistant.evaluate.cases import chosen, load_cases
from assistant.evaluate.endpoint import Checked, answer_from
from assistant.evaluate.gate import requirement
from assistant.evaluate.judging import check_judge
from assistant.evaluate.models import open_encoders, open_language_model, tell
from assistant.evaluate.run import ask_and_measure, shipped_cases
from assistant.evaluate.sections import stretches
from assistant.models import LanguageModel, Message, complete_text
from assistant.models.usage import Meter
from assistant.records import Answer, Citation, History, RetrievedPassage
from assistant.settings import read
from assistant.support import SupportCheck
from corpus import Document
from corpus.errors import UserError
from index import Encoder, without_adapter

PIECE = 1000
FOUND = 4
LONGEST_ANSWER = 300
PROMPT = """Answer the question from the context below. If the context does not hold the answer, say so.

Context:
{context}

Question: {question}"""


class Tutorial:
    """Pieces, vectors, the nearest four, one prompt."""

    def __init__(self, documents: Sequence[Document], encoder: Encoder, model: LanguageModel) -> None:
        self._encoder, self._model = encoder, model
        self.usage = getattr(model, "usage", Meter())
        self._pieces = {
            f"{document.name}#{start}": (document, document.text[start : start + PIECE])
            for document in documents
            for start in range(0, len(document.text), PIECE)
        }
        client = chromadb.EphemeralClient()
        # Clients in memory share what they hold.
        self._store = client.create_collection(f"tutorial-{uuid.uuid4().hex}", metadata={"hnsw:space": "cosine"})
        texts = [text for _, text in self._pieces.values()]
        self._store.add(ids=list(self._pieces), embeddings=encoder.encode(texts), documents=texts)

    def ask(self, question: str, history: History = ()) -> Answer:
        began = time.perf_counter()
        found = self._store.query(query_embeddings=self._encoder.encode([question]), n_results=FOUND)
        passages = tuple(
            self._passage(name, distance) for name, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        )
        context = "\n\n".join(passage.text for passage in passages)
        turns = [Message(turn.role, turn.text) for turn in history]
        prompt = [*turns, Message("user", PROMPT.format(context=context, question=question))]
        text = complete_text(self._model, prompt, max_tokens=LONGEST_ANSWER)
        answer = answer_from(question, text, passages, (time.perf_counter() - began) * 1000, self._model.name)
        shown = tuple(Citation(p.id, p.document, p.title, p.section, p.page, p.text, 0, len(p.text)) for p in passages)
        return replace(answer, sentences=tuple(replace(sentence, citations=shown) for sentence in answer.sentences))

    def _passage(self, name: str, distance: float) -> RetrievedPassage:
        document, text = self._pieces[name]
        return RetrievedPassage(name, document.name, document.title, "", None, text, 1 - distance)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_question_arguments(parser)
    parser.add_argument("--home", type=Path, help="the data folder, which holds the models")
    parser.add_argument(
        "--documents", type=Path, action="append", help="in place of the guidance that ships; repeatable"
    )
    parser.add_argument("--model", help="the language model; default: the embedded one")
    arguments = parser.parse_args()
    flags = {"home": arguments.home, "model": arguments.model}
    if arguments.documents:
        flags |= {"documents": tuple(arguments.documents), "shipped_guidance": False}
    settings = read(flags)
    path = arguments.cases or shipped_cases()
    cases = chosen(load_cases(path), arguments.limit, arguments.sample, arguments.seed)
    if arguments.judge:
        check_judge(arguments.judge, cases)
    documents = load_documents(settings, tell).documents
    encoder = without_adapter(open_encoders(settings.model_copy(update={"sparse": ""})).dense)
    model = open_language_model(settings)
    if model is None:
        raise UserError("a tutorial pipeline needs a language model; name one with --model")
    try:
        asked = Checked(Tutorial(documents, encoder, model), SupportCheck(encoder.encode))
        about = {"pipeline": f"tutorial: {PIECE} characters, {FOUND} pieces, one prompt", "model": model.name}
        bars = [requirement(text) for text in arguments.require]
        result = ask_and_measure(
            arguments, cases, path, asked, about, bars, stretches(documents), checked=False, settings=settings
        )
    finally:
        model.close()
    for name in ("evidence_found", "evidence_cited", "sentences_supported", "refusal_recall", "false_refusals"):
        if name in result.metrics:
            print(f"{name:22} {result.metrics[name]:.3f}  of {result.metrics[f'{name}:count']:.0f}")
    print(arguments.out / "report.html")
    return 0 if result.passed else 1


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except UserError as error:
        raise SystemExit(f"tutorial_baseline.py: {error}") from error
