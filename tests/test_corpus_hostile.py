"""Files made to hang, crash or fill the machine: each is refused with its reason, and the next is read."""

import io
import os
import random
import zipfile
from pathlib import Path

import docx
import pytest

from corpus import UserError, load_all
from corpus.apart import ReaderProcess
from corpus.blocks import Block, Extract
from corpus.formats import extract
from corpus.wire import content_of, told

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"


def pdf(pages: bytes, *others: bytes) -> bytes:
    """A PDF with the page tree `pages` as object 2 and `others` from object 3."""
    bodies = (b"<</Type/Catalog/Pages 2 0 R>>", pages, *others)
    raw, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(raw))
        raw += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(bodies) + 1
    return raw + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        len(raw),
    )


def word(body: bytes, head: bytes = b"", encoding: str = "utf-8") -> bytes:
    """A Word file whose document is `body`, with `head` before its root."""
    file, changed = io.BytesIO(), io.BytesIO()
    docx.Document().save(file)
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = b'<?xml version="1.0"?>%s<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (head, space, body)
    xml = xml.decode().encode(encoding)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, xml if item.filename == "word/document.xml" else old.read(item))
    return changed.getvalue()


def bomb(size: int) -> bytes:
    """A Word file of a few kilobytes that unpacks to one paragraph of `size` letters."""
    return word(b"<w:p><w:r><w:t>" + b"a" * size + b"</w:t></w:r></w:p>")


def entities() -> bytes:
    levels = b'<!ENTITY a0 "lol">'
    for level in range(1, 12):
        levels += b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10)
    return word(b"<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", b"<!DOCTYPE d [" + levels + b"]>")


HOSTILE = {
    "loop.pdf": (lambda: pdf(b"<</Type/Pages/Count 5/Kids[2 0 R 2 0 R]>>"), "holds no text"),
    "pages.pdf": (lambda: pdf(b"<</Type/Pages/Count 10000/Kids[%s]>>" % (b"3 0 R " * 10000), PAGE), "has 10,000 pages"),
    "cut.pdf": (lambda: pdf(b"<</Type/Pages/Count 1/Kids[3 0 R]>>", PAGE)[:60], "is damaged"),
    "bomb.docx": (lambda: bomb(2_000_000), "has a paragraph of 2,000,000 characters"),
    "entities.docx": (entities, "declares entities of its own"),
    "cut.docx": (lambda: bomb(10)[:200], "is damaged"),
    "deep.html": (lambda: b"<div>" * 100_000 + b"x", "is nested too deeply"),
    "line.txt": (lambda: b"x" * 19_000_000, "has a line of 19,000,000"),
    "line.csv": (lambda: b"a,b\n1," + b"x" * 1_900_000, "cannot be read as a table"),
    "nulls.txt": (lambda: b"\0" * 5000, "is empty"),
    "noise.md": (lambda: random.Random(1).randbytes(50_000), "holds binary data"),
    "noise.pdf": (lambda: b"%PDF-1.7\n" + random.Random(1).randbytes(50_000), "is damaged"),
}


def test_no_hostile_file_stops_the_others(tmp_path: Path) -> None:
    for name, (make, _) in HOSTILE.items():
        (tmp_path / name).write_bytes(make())
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(100_000_000)
    outside = tmp_path.parent / f"{tmp_path.name}-outside.md"
    outside.write_text("A secret.")
    (tmp_path / "link.md").symlink_to(f"../{outside.name}")
    (tmp_path / "..odd name;$(x)\n.md").write_text("# Odd\n\nIts text.")
    (tmp_path / "deep.md").write_bytes(b">" * 100_000 + b" x")
    (tmp_path / "zz.md").write_text("# Last\n\nIts text.")
    loaded = load_all([tmp_path])
    reasons = {Path(refused.path).name: refused.reason for refused in loaded.refused}
    assert [document.name for document in loaded.documents] == ["deep.md", "zz.md"]
    expected = {name: reason for name, (_, reason) in HOSTILE.items()}
    expected |= {
        "huge.txt": "is larger than",
        "link.md": "is a link that leads out",
        "..odd name;$(x)\n.md": "is a hid",
    }
    assert {name: reasons[name] for name in expected if not reasons[name].startswith(expected[name])} == {}
    assert all("\n" not in reason for reason in reasons.values())


def test_a_bad_encoding_is_read_as_well_as_it_can_be(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Good words \xff\xfe\xfa and caf\xe9 here, enough to be read by people.\n")
    assert "Good words" in load_all([tmp_path]).documents[0].text


def test_entities_are_not_read_from_other_files() -> None:
    raw = word(b"<w:p><w:r><w:t>x&a;</w:t></w:r></w:p>", b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>')
    with ReaderProcess() as reader:
        try:
            text = "".join(block.text for block in reader.extract(".docx", raw).blocks)
        except UserError:
            text = ""
    assert "root:" not in text


def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_is_read() -> None:
    with ReaderProcess(memory=400_000_000) as reader:
        with pytest.raises(UserError, match=r"too large to be read|makes its reader fail|is damaged"):
            reader.extract(".docx", bomb(250_000_000))
        assert reader.extract(".md", b"Text.").blocks == (Block("paragraph", "Text."),)


def test_a_file_that_takes_too_long_is_refused() -> None:
    with ReaderProcess(seconds=0.01) as reader, pytest.raises(UserError, match=r"takes longer than 0\.01 seconds"):
        reader.extract(".csv", b"a,b\n" + b"1,2\n" * 100_000)


@pytest.mark.parametrize("answer", [b"{", b"\xff\xfe\x00", b"[" * 100_000, b"3"])
def test_a_reader_that_answers_anything_else_has_failed(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with ReaderProcess() as reader:
        monkeypatch.setattr(reader, "_answer", lambda *_: answer)
        with pytest.raises(UserError, match="makes its reader fail"):
            reader.extract(".md", b"Text.")


def test_a_process_that_died_is_started_again() -> None:
    with ReaderProcess() as reader:
        reader.extract(".md", b"Text.")
        first = reader._process
        assert first is not None
        first.kill()
        first.wait()
        assert reader.extract(".md", b"Text.").blocks == (Block("paragraph", "Text."),)
        second = reader._process
    assert second is not None
    assert second.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="this system sets no such limits")
def test_the_process_knows_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-of-a-test")
    with ReaderProcess() as reader:
        reader.extract(".md", b"Text.")
        assert reader._process is not None
        environment = Path(f"/proc/{reader._process.pid}/environ")
        if not environment.exists():
            pytest.skip("this system does not show a process's environment")
        assert b"secret-of-a-test" not in environment.read_bytes()


def test_content_passes_unchanged_and_nothing_else_passes() -> None:
    import datetime
    import json

    blocks = (Block("heading", "Ä \ud800", 2, 3), Block("paragraph", "b", 0, 3, ("x", "y"), ((1, 4),)))
    content = Extract(blocks, "t", datetime.date(2026, 1, 31), "en", "a")
    assert content_of(json.loads(told(content))) == content
    for wrong in ([], {"blocks": []}, json.loads(told(content)) | {"blocks": [["other", "", 0, 0, [], []]]}):
        with pytest.raises((ValueError, TypeError, KeyError)):
            content_of(wrong)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_office_file_never_loses_the_text_of_an_entity_without_a_word(encoding: str) -> None:
    head = b'<!-- a --><!DOCTYPE d [<!ENTITY board "the board">]>'
    raw = word(b"<w:p><w:r><w:t>It is decided by &board; within a week.</w:t></w:r></w:p>", head, encoding)
    with pytest.raises(UserError, match="declares entities of its own"):
        extract(".docx", raw)


def test_an_office_file_may_speak_of_declarations() -> None:
    body = b"<w:p><w:r><w:t>Begin with &lt;!DOCTYPE html&gt;.</w:t></w:r></w:p>"
    blocks = extract(".docx", word(body, b"<!-- no <!DOCTYPE -->")).blocks
    assert [block.text for block in blocks] == ["Begin with <!DOCTYPE html>."]
