from dataclasses import replace

import numpy as np
from hashed_words import encode
from scripted_window import APPROACHES, answer_to, sentence

from assistant.owner.insight import MOST_QUESTIONS, citations, grouped, uses
from assistant.records import Place
from assistant.store import Gap


def gap(question, status="refused", reason="not there", asked="2026-01-01T00:00:00"):
    return Gap(question, question, status, reason, (), asked)


def test_the_same_question_counts_as_often_as_it_was_asked():
    (group,) = grouped([gap("Who pays?"), gap("who  pays"), gap("WHO PAYS?!", asked="2026-02-02T00:00:00")], encode)
    assert (group.times, group.last) == (3, "2026-02-02T00:00:00")
    assert [asked.times for asked in group.questions] == [3]


def test_questions_alike_stand_together_and_others_apart_the_most_asked_first():
    gaps = [
        gap("What is the weather tomorrow?"),
        gap("Who pays for the pilots in the regions?"),
        gap("Who pays for pilots in the regions, then?"),
        gap("Who pays for the pilots in the regions?"),
    ]
    pays, weather = grouped(gaps, encode)
    assert [asked.text for asked in pays.questions] == [
        "Who pays for the pilots in the regions?",
        "Who pays for pilots in the regions, then?",
    ]
    assert (pays.times, weather.times) == (3, 1)


def test_a_group_is_found_by_meaning_where_the_embedding_has_it():
    vectors = {"cost": [1.0, 0.0], "price": [0.9, 0.435], "rain": [0.0, 1.0]}
    groups = grouped([gap("cost"), gap("price"), gap("rain")], lambda texts: np.array([vectors[t] for t in texts]))
    assert sorted(sorted(asked.text for asked in group.questions) for group in groups) == [["cost", "price"], ["rain"]]


def test_partly_answered_ones_say_so_and_reasons_are_told_once():
    (group,) = grouped([gap("Q?", "partial", "a"), gap("Q?", "partial", "a"), gap("Q?", "partial", "b")], encode)
    assert group.questions[0].partly
    assert sorted(group.reasons) == ["a", "b"]


def test_there_is_an_end_to_what_is_compared_and_the_latest_are():
    gaps = [gap(f"question number {number}") for number in range(MOST_QUESTIONS + 20)]
    seen: list[str] = []

    def counted(texts):
        seen.extend(texts)
        return np.eye(len(texts), dtype=np.float32)

    assert len(grouped(gaps, counted)) == len(seen) == MOST_QUESTIONS
    assert "question number 0" not in seen


def test_without_questions_nothing_is_encoded():
    assert grouped([], lambda _: 1 / 0) == ()


def test_every_section_is_counted_wherever_it_is_cited():
    places = [Place(APPROACHES.name, APPROACHES.title, " > ".join(section.path)) for section in APPROACHES.sections]
    answers = [answer_to("Compare the two"), answer_to("advise us"), answer_to("weather")]
    answers.append(replace(answer_to("Q?"), sentences=(sentence("x", "A central team decides first"),)))
    found, number = uses(places, answers)
    assert number == 4
    assert [use.place for use in found] == places
    total = sum(len({citation.section for citation in citations(answer)}) for answer in answers)
    assert sum(use.citations for use in found) == total > 0
    assert found[2].citations == 0
