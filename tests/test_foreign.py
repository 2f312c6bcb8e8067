"""Questions in another language than the guidance: what is noticed, and above all what is not."""

import json
from pathlib import Path

import pytest

import corpus
from assistant.evaluate.run import shipped_cases
from assistant.pipeline import Assistant
from assistant.questions.foreign import Foreign, foreign_script, language_of, languages
from assistant.refusing import OTHER_LANGUAGE, OTHER_SCRIPT
from index import FakeEncoder, FakeSparseEncoder, memory_index

ENGLISH = (
    "# Risks\n\nThe teams that begin on their own may repeat what others have done, and nobody would know of it. "
    "This is why each of them should tell the others what it does.\n"
)
GERMAN = (
    "# Risiken\n\nDie Teams, die für sich allein beginnen, wiederholen oft, was andere schon getan haben, und niemand "
    "weiß davon. Darum sollte jedes den anderen sagen, was es tut und welche Risiken es sieht.\n"
)
PORTUGUESE = (
    "# Riscos\n\nAs equipas que começam por si mesmas repetem muitas vezes o que as outras já fizeram, e ninguém sabe "
    "disso. Por isso cada uma deve dizer às outras o que faz e quais são os riscos que vê.\n"
)
FOREIGN = {
    "Was sind die Nachteile eines Top-down-Ansatzes?": "de",
    "Welche Risiken sehen die Teams in der Arbeit?": "de",
    "Sollte unser KI-Programm von oben geführt werden oder aus den Teams wachsen?": "de",
    "Quels sont les inconvénients d'une approche descendante ?": "fr",
    "Pourquoi l’approche ascendante est-elle risquée pour les équipes ?": "fr",
    "¿Cuáles son las desventajas de un enfoque descendente?": "es",
    "¿Cómo debemos empezar con la IA en nuestra empresa?": "es",
}
IN_DOUBT = [
    "", "Risiken?", "Die Zeit", "Der Ansatz", "Was ist KI?", "Médecins Sans Frontières",
    "El Niño, La Niña, Los Angeles", "Los Angeles und San Juan de la Cruz", "Was sagt the guidance zu risks?",
    "5d3e9c1a-0ad4-4ce1-8de1-1c45986e5a4c",
    "Ursula von der Leyen und das Haus der Kunst", "pros et cons de la hybrid approach pour une bank",
]  # fmt: skip


def words_of(path):
    """Every text in a file of cases."""
    for line in path.read_text(encoding="utf-8").splitlines():
        waiting = [json.loads(line)]
        while waiting:
            value = waiting.pop()
            if isinstance(value, str):
                yield value
            elif isinstance(value, dict | list):
                waiting += value.values() if isinstance(value, dict) else value


@pytest.mark.parametrize("path", [*sorted(Path(__file__).parent.glob("data/*.jsonl")), shipped_cases()], ids=str)
def test_nothing_english_is_taken_for_another_language(path):
    texts = list(words_of(path))
    assert len(texts) > 30
    assert {text for text in texts if language_of(text) not in (None, "en")} == set()


@pytest.mark.parametrize(("question", "language"), FOREIGN.items())
def test_plain_questions_are_known_by_their_function_words(question, language):
    assert language_of(question) == language
    assert language_of(question.upper()) == language


@pytest.mark.parametrize("text", IN_DOUBT)
def test_short_and_mixed_questions_and_names_are_in_no_language(text):
    assert language_of(text) is None


def test_the_guidance_is_in_the_languages_of_its_passages_or_in_none_where_many_are_unknown():
    assert languages([ENGLISH] * 3) == {"en"}
    assert languages([ENGLISH] * 3 + [GERMAN]) == {"en", "de"}
    assert languages([PORTUGUESE, PORTUGUESE, ENGLISH]) <= {"en"}
    assert languages([ENGLISH, "lorem ipsum " * 20]) == frozenset()
    assert languages(["Too short to tell."]) == frozenset()


def test_the_script_of_a_question():
    assert foreign_script("Какой подход лучше?", frozenset({"LATIN"})) == "CYRILLIC"
    assert foreign_script("Was ist der beste Ansatz für Größe?", frozenset({"LATIN"})) is None
    assert foreign_script("12 + 30", frozenset({"LATIN"})) is None


@pytest.fixture
def passages_of(tmp_path):
    """The document of a text, and its passages."""

    def made(text):
        path = tmp_path / "guide.md"
        path.write_text(text, encoding="utf-8")
        document = corpus.load(path)
        return document, corpus.split(document)

    return made


def test_what_was_found_in_the_questions_language_may_answer_it(passages_of):
    english, german = passages_of(ENGLISH)[1], passages_of(GERMAN)[1]
    foreign = Foreign(english)
    question = "Welche Risiken sehen die Teams in der Arbeit?"
    assert foreign.reason(question, english) == OTHER_LANGUAGE
    assert foreign.reason(question, german) == ""
    assert foreign.reason("Какой подход лучше?", english) == OTHER_SCRIPT
    assert foreign.reason("Which risks do the teams see?", english) == ""
    assert Foreign(german).reason("Which risks do the teams see in this?", german) == OTHER_LANGUAGE
    assert Foreign(german, across=True).reason("Which risks do the teams see in this?", german) == ""


def test_a_german_question_is_told_so_over_english_guidance_and_not_over_german(passages_of):
    def asked(text, question):
        document, passages = passages_of(text)
        return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=[document])).ask(question)

    question = "Welche Risiken sehen die Teams, die für sich allein beginnen?"
    refused = asked(ENGLISH, question)
    assert (refused.status, refused.refusal.reason) == ("refused", OTHER_LANGUAGE)
    answered = asked(GERMAN, question)
    assert answered.refusal is None or answered.refusal.reason != OTHER_LANGUAGE
