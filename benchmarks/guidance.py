"""Questions about public guidance: whether what answers them is found and cited, and the page that is cited is right.

    python -m benchmarks.guidance FOLDER [--home DATA] [--model quotes]

FOLDER holds the documents that `tests/data/guidance_questions.jsonl` asks about; the guidance that ships stands beside
them. Needs `strategy-assistant models pull`; the index is kept in the data folder, so the second run is quick.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from assistant.builder import build
from assistant.records import Answer, Done
from assistant.settings import Settings, default_home

CASES = Path(__file__).parents[1] / "tests" / "data" / "guidance_questions.jsonl"


def cited_at(answer: Answer, words: Sequence[str]) -> list[tuple[str, int | None]]:
    """Document and page of the citations whose quote or passage holds the words."""
    texts = {passage.id: passage.text for passage in answer.passages}
    return [
        (citation.document, citation.page)
        for sentence in answer.sentences
        for citation in sentence.citations
        if any(word in citation.quote or word in texts.get(citation.passage, "") for word in words)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, default=default_home(), help="the data folder with the models")
    parser.add_argument("--model", default="quotes")
    given = parser.parse_args()
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    assistant = build(Settings(home=given.home, documents=(given.folder,), model=given.model), progress=print)
    found = {1: 0, 6: 0, 10: 0}
    cited = paged = right = 0
    for case in cases:
        (words,) = case["evidence"]
        hits = assistant.search(case["question"], 10)
        places = [place for place, hit in enumerate(hits, 1) if any(word in hit.text for word in words)]
        for k in found:
            found[k] += bool(places) and places[0] <= k
        *_, last = assistant.answer(case["question"])
        assert isinstance(last, Done)
        places_cited = cited_at(last.answer, words)
        cited += bool(places_cited)
        # Other documents say some of it in the same words, on pages of their own.
        with_page = [page for name, page in places_cited if name.endswith(case["document"]) and page is not None]
        paged += bool(with_page)
        right += bool(with_page) and set(with_page) <= set(case.get("pages", ()))
        place = f"found {places[0]}" if places else "not found"
        print(f"{case['id']}  {last.answer.status:8}  {place:9}  cited {places_cited}  {case['question']}", flush=True)
    assistant.close()
    count = len(cases)
    print(f"evidence found: first {found[1] / count:.3f}, of 6 {found[6] / count:.3f}, of 10 {found[10] / count:.3f}")
    print(f"evidence cited {cited / count:.3f}; cited page right {right} of {paged}")


if __name__ == "__main__":
    main()
