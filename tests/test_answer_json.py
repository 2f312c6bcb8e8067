import json
from dataclasses import asdict, replace

import pytest
from scripted_window import answer_to

from assistant.answer_json import answer_from_json
from assistant.records import Timings


@pytest.mark.parametrize("question", ["plain", "compare", "advise", "weather", "vague", "hostile"])
def test_every_kind_of_answer_comes_back_equal(question):
    answer = replace(answer_to(question), timings_ms=Timings(total=12.5), answerable=0.25, notice="A notice.")
    assert answer_from_json(json.loads(json.dumps(asdict(answer)))) == answer


def test_the_contracts_json_comes_back_without_what_it_leaves_out():
    answer = replace(answer_to("compare"), answerable=0.25, notice="A notice.")
    read = answer_from_json(json.loads(json.dumps(answer.to_json())))
    assert read == replace(answer, answerable=None, notice="")


def test_what_is_no_answer_is_not_read():
    with pytest.raises(KeyError):
        answer_from_json({"question": "Q?"})
