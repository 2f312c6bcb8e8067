"""Drafts of questions that the guidance does not answer: near its subjects, and far from all of them."""

from collections.abc import Sequence

from assistant.contents.statements import Statement
from assistant.evaluate.drafting.draft import Draft
from assistant.evaluate.drafting.wording import Vocabulary, subject_of
from assistant.judging.answer_kind import lacks_kind_of_answer
from assistant.words import content_set
from corpus import Passage

# Each asks for a number, a date or a name, so that it can be told whether any passage on the subject holds one.
_ASKED = (
    "How many people are needed for {}?",
    "By what date must {} be in place?",
    "Which vendor is recommended for {}?",
    "What is the yearly cost of {} in euros?",
    "Which country is named as the leader in {}?",
)
_FAR = (
    "What is the capital of Australia?",
    "How do I bake sourdough bread?",
    "Which team won the last football world cup?",
    "How far away is the moon?",
    "Can you translate a poem into Italian for me?",
    "Which medicine helps against a headache?",
)


def near_misses(passages: Sequence[Passage], statements: Sequence[Statement], vocabulary: Vocabulary) -> list[Draft]:
    """One question for each subject of the statements whose passages hold nothing of the kind asked for."""
    texts = [(content_set(passage.searched_text), passage.text) for passage in passages]
    drafts: list[Draft] = []
    seen: set[frozenset[str]] = set()
    for statement in statements:
        subject = subject_of(statement.text, vocabulary)
        stems = content_set(subject)
        if not stems or stems in seen:
            continue
        seen.add(stems)
        about = [text for own, text in texts if stems <= own]
        # Beginning elsewhere for each subject keeps the questions from asking all the same.
        turned = [_ASKED[(len(seen) + number) % len(_ASKED)] for number in range(len(_ASKED))]
        question = next((q for q in (form.format(subject) for form in turned) if lacks_kind_of_answer(q, about)), "")
        if question:
            note = f"near {statement.passage.title}, which says nothing of the kind in its passages on {subject}; check"
            drafts.append(Draft(question, "near miss", False, note=note))
    return drafts


def off_topic(passages: Sequence[Passage]) -> list[Draft]:
    """Questions about something else; one that shares a word with the guidance is left out."""
    known = (
        frozenset().union(*(content_set(passage.searched_text) for passage in passages)) if passages else frozenset()
    )
    return [
        Draft(question, "off topic", False, note="about something else")
        for question in _FAR
        if not content_set(question) & known
    ]
