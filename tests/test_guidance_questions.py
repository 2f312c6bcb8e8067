"""Questions about public guidance: what answers each stands whole in one passage, on the page it was printed on."""

import json
from functools import cache
from pathlib import Path

import pytest

from corpus import Document, load, split

GUIDANCE = Path(__file__).parents[2] / "shared" / "guidance"
CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "guidance_questions.jsonl").read_text("utf-8").splitlines()
]


@cache
def read(name: str) -> Document:
    return load(GUIDANCE / name, GUIDANCE)


@pytest.mark.skipif(not GUIDANCE.is_dir(), reason="the public guidance is not at hand")
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_what_answers_is_in_one_passage_on_its_page(case: dict) -> None:
    document = read(case["document"])
    (alternatives,) = case["evidence"]
    found = [
        document.page_at(passage.start + passage.text.index(words))
        for passage in split(document)
        for words in alternatives
        if words in passage.text
    ]
    assert found
    # The pages were told by another reader: those of the file that hold the words.
    assert set(found) <= set(case.get("pages", [None]))
