"""A served assistant over documents that change: builds in other processes, real Chroma, no weights."""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from waiting import until

from assistant.builder import build
from assistant.pipeline import Assistant
from assistant.records import Done
from assistant.serving.keeping import Kept, build_kept
from assistant.settings import Settings
from corpus import signature
from corpus.errors import UserError
from index import history, versions


@pytest.fixture
def guidance(tmp_path: Path) -> Path:
    folder = tmp_path / "guidance"
    folder.mkdir()
    (folder / "pilots.md").write_text("# Pilots\n\nEvery pilot ends after ninety days.\n")
    (folder / "boards.md").write_text("# Boards\n\nA review board looks at risk before anything goes live.\n")
    return folder


def settings_for(guidance: Path, **values: object) -> Settings:
    given = {"model": "quotes", "embedding": "fake", "sparse": "fake", "watch_seconds": 0.2, **values}
    return Settings(home=guidance.parent / "home", documents=(guidance,), shipped_guidance=False, **given)


@pytest.fixture
def kept(guidance: Path) -> Iterator[Kept]:
    opened = build_kept(settings_for(guidance), lambda _: None)
    yield opened
    opened.close()


def documents(kept: Kept, question: str) -> set[str]:
    return {passage.document for passage in kept.search(question, 20)}


def test_added_changed_and_removed_documents_are_noticed(kept: Kept, guidance: Path) -> None:
    before = kept.index_name
    (guidance / "budgets.md").write_text("# Budgets\n\nBudgets are planned for one year.\n")
    (guidance / "pilots.md").write_text("# Pilots\n\nEvery pilot ends after sixty days.\n")
    (guidance / "boards.md").unlink()
    until(lambda: kept.index_name != before)
    assert documents(kept, "review board risk") == {"budgets.md", "pilots.md"}
    assert "sixty" in kept.search("When does a pilot end?")[0].text
    until(lambda: kept.rebuilding.state == "done")
    result = kept.rebuilding.result
    assert result is not None
    assert (result["added"], result["changed"], result["removed"]) == (["budgets.md"], ["pilots.md"], ["boards.md"])
    assert kept.held_open == 1


def test_a_question_in_flight_ends_with_the_index_it_began_with(kept: Kept, guidance: Path) -> None:
    before = kept.index_name
    events = kept.answer("When does every pilot end?")
    next(events)
    (guidance / "pilots.md").write_text("# Pilots\n\nEvery pilot ends after sixty days.\n")
    until(lambda: kept.index_name != before)
    assert kept.held_open == 2
    last = list(events)[-1]
    assert isinstance(last, Done)
    assert last.answer.index == before
    assert "ninety" in last.answer.passages[0].text
    assert kept.held_open == 1
    answer = next(event for event in kept.answer("When does every pilot end?") if isinstance(event, Done)).answer
    assert answer.index == kept.index_name
    assert "sixty" in answer.passages[0].text


def test_work_beside_the_answers_gives_way_to_them_and_has_ended_when_the_service_has(guidance: Path) -> None:
    kept = build_kept(settings_for(guidance, watch_seconds=0), lambda _: None)
    done: list[str] = []

    def work(assistant: Assistant, ending: Callable[[], bool]) -> None:
        while not ending():
            done.append(assistant.index_name)
            time.sleep(0.01)
        time.sleep(0.1)
        done.append("ended")

    answer = kept.answer("When does a pilot end?")
    next(answer)
    kept.meanwhile("work", work)
    time.sleep(0.3)
    assert done == []
    list(answer)
    until(lambda: len(done) > 3)
    kept.close()
    assert done[-1] == "ended"
    assert set(done[:-1]) == {kept.index_name}
    kept.meanwhile("work", lambda *_: done.append("begun"))
    assert done[-1] == "ended"


def test_an_abandoned_question_gives_its_index_back(kept: Kept, guidance: Path) -> None:
    before = kept.index_name
    events = kept.answer("When does every pilot end?")
    next(events)
    (guidance / "pilots.md").unlink()
    until(lambda: kept.index_name != before)
    events.close()
    assert kept.held_open == 1


def test_what_another_process_built_is_taken_over(kept: Kept, guidance: Path) -> None:
    before = kept.index_name
    assert kept.rebuilding.state == "none"
    settings = settings_for(guidance)
    (guidance / "pilots.md").write_text("# Pilots\n\nEvery pilot ends after sixty days.\n")
    other = build(settings)
    other.close()
    until(lambda: kept.index_name != before)
    assert kept.index_name == other.index_name


def test_a_rebuild_that_fails_is_told_and_the_last_good_index_answers(kept: Kept, guidance: Path) -> None:
    for path in guidance.iterdir():
        path.unlink()
    until(lambda: kept.rebuilding.state == "failed")
    assert "No document could be read" in kept.rebuilding.line
    assert "could not be brought up to date" in kept.problem
    assert documents(kept, "review board") == {"pilots.md", "boards.md"}
    (guidance / "boards.md").write_text("# Boards\n\nA review board looks at risk.\n")
    until(lambda: kept.rebuilding.state == "done")
    assert kept.problem == ""
    assert documents(kept, "review board") == {"boards.md"}


def test_a_server_that_starts_while_its_folder_is_away_answers_from_what_was_read_last(
    guidance: Path, tmp_path: Path
) -> None:
    (guidance / "picture.xyz").write_text("What is this?")
    first = build(settings_for(guidance))
    first.close()
    away = tmp_path / "away"
    guidance.rename(away)
    lines: list[str] = []
    kept = build_kept(settings_for(guidance), lines.append)
    try:
        assert kept.index_name == first.index_name
        assert documents(kept, "review board") == {"pilots.md", "boards.md"}
        assert "does not exist" in kept.problem
        assert [line for line in lines if "could not be brought up to date" in line] == [kept.problem]
        assert "\n" not in kept.problem
        assert [Path(one.path).name for one in kept.refused] == ["picture.xyz"]
        (away / "boards.md").unlink()
        away.rename(guidance)
        until(lambda: documents(kept, "review board") == {"pilots.md"})
        until(lambda: kept.problem == "")
    finally:
        kept.close()


def test_going_back_holds_until_a_rebuild_is_asked_for(kept: Kept, guidance: Path) -> None:
    first = kept.index_name
    (guidance / "pilots.md").unlink()
    until(lambda: kept.index_name != first)
    second = kept.index_name
    assert kept.roll_back().name == first
    assert kept.index_name == first
    assert "gone back to" in kept.problem
    assert documents(kept, "pilot") == {"pilots.md", "boards.md"}
    (guidance / "more.md").write_text("# More\n\nMore of it.\n")
    time.sleep(1.5)
    assert kept.index_name == first
    kept.rebuild()
    assert kept.rebuilding.state == "running"
    until(lambda: kept.rebuilding.state == "done")
    assert kept.index_name not in (first, second)
    assert kept.problem == ""
    assert documents(kept, "pilot") == {"boards.md", "more.md"}
    assert [version.current for version in kept.versions()] == [True, False, False]


def test_a_damaged_pointer_is_mended_while_questions_are_answered(kept: Kept, guidance: Path) -> None:
    (versions.folder_of(guidance.parent / "home", kept.index_name).parent / "x").unlink(missing_ok=True)
    folder = next((guidance.parent / "home" / "indexes").iterdir())
    (folder / "current").write_text("../nowhere")
    assert documents(kept, "pilot") == {"pilots.md", "boards.md"}
    until(lambda: history.history(folder)[0].current)
    until(lambda: kept.rebuilding.state == "done")
    assert documents(kept, "pilot") == {"pilots.md", "boards.md"}


def test_asking_never_stops_while_versions_change(kept: Kept, guidance: Path) -> None:
    """Every answer comes from one version as a whole: each names its number in every document."""
    for name in ("pilots.md", "boards.md"):
        (guidance / name).write_text(f"# {name}\n\nThe rule of {name} is number zero.\n")
    until(lambda: "number zero" in kept.search("rule number")[0].text)
    failures: list[str] = []
    answered = [0]
    ending = threading.Event()

    def ask() -> None:
        while not ending.is_set():
            with kept.in_use() as assistant:
                texts = {passage.text.split("number ")[-1] for passage in assistant.search("the rule is number", 5)}
            answered[0] += 1
            if len(texts) != 1:
                failures.append(str(texts))
            time.sleep(0.02)  # The build runs where questions leave the processor to it.

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for word in ("one", "two", "three"):
        before = kept.index_name
        staged = [guidance / name for name in ("pilots.md", "boards.md")]
        for path in staged:
            path.write_text(f"# {path.name}\n\nThe rule of {path.name} is number {word}.\n")
        until(lambda before=before: kept.index_name != before)
    ending.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert answered[0] > 10
    assert kept.held_open == 1


def memory() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not tell how much memory is used")
def test_fifty_switches_leave_memory_and_open_files_where_they_were(guidance: Path) -> None:
    lines = "\n\n".join(f"Rule number {number} of the office is kept by team {number % 9}." for number in range(2000))
    (guidance / "long.md").write_text(f"# Long\n\n{lines}\n")
    kept = build_kept(settings_for(guidance, watch_seconds=0), lambda _: None)
    first = kept.index_name
    (guidance / "pilots.md").unlink()
    other = build(settings_for(guidance))
    other.close()
    names = (other.index_name, first)

    def switched(times: int) -> tuple[int, int]:
        for number in range(times):
            kept._serve(kept._opened(names[number % 2]))
            kept.search("the rule of team 3")
        return memory(), len(list(Path("/proc/self/fd").iterdir()))

    warm, files = switched(10)
    after, files_after = switched(50)
    kept.close()
    # Chroma's pool opens some of its connections late; a file that each switch left open would make fifty.
    assert files_after < files + 10
    # One version of this index takes about 20 MB.
    assert after - warm < 25_000_000


def test_a_restart_reads_no_document_where_none_has_changed(guidance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (guidance / "picture.xyz").write_text("What is this?")
    first = build(settings_for(guidance))
    first.close()

    def unread(*_: object) -> None:
        raise AssertionError("documents were read")

    lines: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr("assistant.configured.load_all", unread)
        second = build(settings_for(guidance), progress=lines.append)
    assert second.index_name == first.index_name
    assert second.document("pilots.md") == first.document("pilots.md")
    assert any("picture.xyz" in line for line in lines)
    second.close()
    (guidance / "pilots.md").write_text("# Pilots\n\nEvery pilot ends after sixty days.\n")
    third = build(settings_for(guidance))
    assert "sixty" in third.search("pilot")[0].text
    third.close()


def test_a_signature_changes_with_any_file(guidance: Path) -> None:
    seen = [signature([guidance])]
    (guidance / "deep").mkdir()
    (guidance / "deep" / "a.md").write_text("A")
    seen.append(signature([guidance]))
    (guidance / "deep" / "a.md").rename(guidance / "deep" / "b.md")
    seen.append(signature([guidance]))
    (guidance / "sources.toml").write_text("")
    seen.append(signature([guidance]))
    (guidance / "deep" / "b.md").unlink()
    seen.append(signature([guidance]))
    assert len(set(seen)) == len(seen)
    assert signature([guidance]) == seen[-1]
    assert signature([guidance / "nowhere"]) == signature([guidance / "nowhere"])


def test_a_build_that_is_stopped_is_told(guidance: Path) -> None:
    from assistant.serving.rebuilding import Rebuilding

    building = Rebuilding(settings_for(guidance), fresh=True)
    with pytest.raises(UserError, match="stopped"):
        building.run(lambda _: building.stop())
