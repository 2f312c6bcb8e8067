"""Zip archives, mailboxes and e-mail messages: what is in them is read as if it lay in a folder."""

import io
import stat
import zipfile
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest

from corpus import UserError, load, load_all
from corpus import loading as loading_module
from corpus import members as members_module
from corpus.members import members, plain_name
from corpus.unpacking import Allowance, unpacked

PILOT = b"# Pilots\n\n## Start\n\nStart with a small pilot in one team.\n"


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return file.getvalue()


def message(subject: str, text: str, **fields: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": "Strategy Office <office@example.org>", "Subject": subject, **fields}.items():
        made[name] = value
    made.set_content(text)
    return made


def reasons(folder: Path) -> dict[str, str]:
    return {Path(refused.path).name: refused.reason for refused in load_all([folder]).refused}


def test_of_equal_files_the_one_that_lies_in_no_other_is_kept(tmp_path: Path) -> None:
    letter, inner = message("Trains", "Take the train."), zipped({"hotels.md": b"# Hotels\n\nThe office books them.\n"})
    letter.add_attachment(PILOT, maintype="text", subtype="markdown", filename="plan.md")
    (tmp_path / "a.eml").write_bytes(letter.as_bytes())
    (tmp_path / "b.zip").write_bytes(zipped({"pilots.md": PILOT, "c.zip": inner, "pilots.txt": b"Other words."}))
    (tmp_path / "travel.zip").write_bytes(inner)
    (tmp_path / "z.md").write_bytes(PILOT)
    names = [document.name for document in load_all([tmp_path]).documents]
    assert names == ["a.eml", "b.zip/pilots.txt", "travel.zip/hotels.md", "z.md"]
    told = reasons(tmp_path)
    assert told["plan.md"] == told["pilots.md"] == f"holds the same bytes as {tmp_path / 'z.md'}; kept once"
    assert told["c.zip"] == f"holds the same bytes as {tmp_path / 'travel.zip'}; kept once"


def test_one_that_can_be_read_only_inside_another_is_kept_there(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"pilots.md": PILOT}))
    (tmp_path / "pilots.docx").write_bytes(PILOT)
    assert [document.name for document in load_all([tmp_path]).documents] == ["a.zip/pilots.md"]


def test_the_files_of_a_zip_are_documents_under_its_name(tmp_path: Path) -> None:
    said = b'["sub/pilots.md"]\ntitle = "How we pilot"\nprecedence = 3\n'
    (tmp_path / "bundle.zip").write_bytes(
        zipped({"sub/pilots.md": PILOT, "risks.csv": b"Risk,Owner\nDelay,IT\n", "sources.toml": said})
    )
    loaded = load_all([tmp_path])
    assert {document.name: document.title for document in loaded.documents} == {
        "bundle.zip/risks.csv": "Risks",
        "bundle.zip/sub/pilots.md": "How we pilot",
    }
    assert loaded.documents[0].path == str(tmp_path / "bundle.zip" / "sub" / "pilots.md")
    assert loaded.refused == ()


def test_sources_beside_a_zip_may_speak_of_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(zipped({"pilots.md": PILOT}))
    (tmp_path / "sources.toml").write_text('["bundle.zip/pilots.md"]\norigin = "The board"\n')
    loaded = load_all([tmp_path])
    assert (loaded.documents[0].source.origin, loaded.refused) == ("The board", ())


def test_what_is_wrong_in_a_zip_is_left_out_and_the_rest_is_read(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    raw = io.BytesIO(
        zipped(
            {
                "../../up.md": PILOT,
                "C:\\drive.md": b"# Drive\n\nIts own text.\n",
                ".hidden.md": b"x",
                "__MACOSX/._pilots.md": b"x",
                "program.exe": b"x",
                "empty.txt": b" \n",
                "large.txt": b"a " * 11_000_000,
                "noise.md": bytes(range(256)) * 200,
                "sources.toml": b"not toml",
                "inner.zip": zipped({"deep.md": b"# Deep\n\nIts text.\n", "deeper.zip": zipped({"a.md": b"x"})}),
            }
        )
    )  # fmt: skip
    with zipfile.ZipFile(raw, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    (tmp_path / "odd.zip").write_bytes(raw.getvalue())
    (tmp_path / "zz.md").write_text("# Last\n\nIts text.")
    loaded = load_all([tmp_path])
    assert sorted(document.name for document in loaded.documents) == [
        "odd.zip/drive.md",
        "odd.zip/inner.zip/deep.md",
        "odd.zip/up.md",
        "zz.md",
    ]
    found = {Path(refused.path).name: refused.reason for refused in loaded.refused}
    starts = {
        ".hidden.md": "is a hidden file",
        "deeper.zip": "lies in a file that lies in a file",
        "empty.txt": "is empty",
        "large.txt": "is larger than 20 MB",
        "link.md": "is a link",
        "noise.md": "holds binary data",
        "program.exe": "is of no known format (.exe)",
        "sources.toml": "it cannot be read as TOML",
    }
    assert {name: reason for name, reason in found.items() if not reason.startswith(starts[name])} == {}
    assert found.keys() == starts.keys()


def test_archives_that_cannot_be_opened_are_said(tmp_path: Path) -> None:
    whole = zipped({"a.md": PILOT})
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.zip").write_text("no archive")
    locked = bytearray(whole)
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    altered = bytearray(zipped({"b.md": PILOT * 3}))
    altered[45] ^= 0xFF
    (tmp_path / "altered.zip").write_bytes(altered)
    found = reasons(tmp_path)
    assert found["cut.zip"].startswith("is damaged or no zip")
    assert found["text.zip"].startswith("is damaged or no zip")
    assert found["a.md"].startswith("is protected by a password")
    assert found["b.md"].startswith("is damaged or packed")


def test_a_zip_may_not_hold_more_than_is_allowed(tmp_path: Path) -> None:
    many = {f"{number}.md": b"# Number %d\n\nText.\n" % number for number in range(3)}
    (tmp_path / "many.zip").write_bytes(zipped(many))
    for allowance in (Allowance(files=2), Allowance(size=40)):
        with pytest.raises(UserError, match="holds more than"):
            list(unpacked(tmp_path / "many.zip", zipped(many), allowance))


def test_archives_in_an_archive_share_what_is_allowed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    inner = [
        zipped({f"{number}.md": b"# Number %d\n\nText %d.\n" % (number, at) for number in range(5)}) for at in range(3)
    ]
    (tmp_path / "outer.zip").write_bytes(zipped({f"in{at}.zip": raw for at, raw in enumerate(inner)}))
    monkeypatch.setattr(loading_module, "Allowance", partial(Allowance, files=3))
    loaded = load_all([tmp_path])
    assert [document.name for document in loaded.documents] == ["outer.zip/in0.zip/0.md", "outer.zip/in0.zip/1.md"]
    assert [Path(refused.path).name for refused in loaded.refused] == ["in0.zip", "outer.zip"]


def test_a_bomb_is_never_unpacked_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members_module, "MOST_BYTES", 1000)
    (found,) = members(".zip", zipped({"bomb.txt": bytes(50_000_000)}))
    assert (found.raw, found.refused[:14]) == (b"", "is larger than")


def test_the_same_archive_and_the_same_file_are_kept_once(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(zipped({"pilots.md": PILOT}))
    (tmp_path / "pilots.md").write_bytes(PILOT)
    loaded = load_all([tmp_path])
    assert [document.name for document in loaded.documents] == ["pilots.md"]
    assert [Path(refused.path).name for refused in loaded.refused] == ["pilots.md", "b.zip"]


@pytest.mark.parametrize(
    ("name", "plain"), [("../../a.md", "a.md"), ("/etc/a.md", "etc/a.md"), ("C:\\x\\a.md", "x/a.md"), ("", "a file")]
)
def test_names_lead_nowhere(name: str, plain: str) -> None:
    assert plain_name(name).startswith(plain)


def test_one_archive_is_no_one_document(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a.md": PILOT}))
    with pytest.raises(UserError, match="holds several documents"):
        load(tmp_path / "a.zip")


def test_a_message_is_a_document_and_so_is_each_file_that_came_with_it(tmp_path: Path) -> None:
    mail = message(
        "Re: AW: Pilots in spring",
        "Dear all,\n\nEvery pilot ends after ninety days.\n\n> Who decides?\n> The board.\n\n-- \nAnn\n+44 1234\n",
        Date="Tue, 03 Mar 2026 09:00:00 +0100",
    )
    mail.add_attachment(PILOT, maintype="text", subtype="markdown", filename="how we pilot.md")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    mail.add_attachment(message("The older one", "Pilots used to end after thirty days."))
    (tmp_path / "mail.eml").write_bytes(mail.as_bytes())
    loaded = load_all([tmp_path])
    assert [document.name for document in loaded.documents] == [
        "mail.eml",
        "mail.eml/how we pilot.md",
        "mail.eml/message 3.eml",
    ]
    first = loaded.documents[0]
    assert (first.title, first.source.author) == ("Pilots in spring", "Strategy Office")
    assert str(first.source.date) == "2026-03-03"
    assert "Every pilot ends after ninety days." in first.text
    assert "\nWho decides?\n" in first.text
    assert "1234" not in first.text
    assert reasons(tmp_path) == {"logo.png": "is of no known format (.png); save it as .pdf"}


def test_a_message_in_html_keeps_its_headings_and_its_alphabet(tmp_path: Path) -> None:
    mail = message("Grüße", "See the other part.")
    mail.add_alternative("<h2>Durée</h2><ul><li>Quatre-vingt-dix jours</li></ul>", subtype="html", charset="iso-8859-1")
    (tmp_path / "mail.eml").write_bytes(mail.as_bytes())
    document = load(tmp_path / "mail.eml")
    assert (document.title, document.text) == ("Grüße", "Durée\n\n- Quatre-vingt-dix jours")
    assert document.sections[0].path == ("Durée",)


def test_what_is_no_message_is_said(tmp_path: Path) -> None:
    for name, raw in (("text.eml", b"Only text."), ("noise.eml", bytes(range(256)) * 300)):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(UserError, match="is damaged or no e-mail"):
            load(tmp_path / name)
    assert [Path(refused.path).name for refused in load_all([tmp_path]).refused] == ["noise.eml", "text.eml"]


def test_odd_headers_do_not_lose_a_message(tmp_path: Path) -> None:
    raw = b"From: =?bad?q?x\nSubject: =?utf-8?b?%%%?= Plans\nDate: never\n"
    raw += b"Content-Type: text/plain; charset=nonsense\n\nText of it.\n"
    (tmp_path / "mail.eml").write_bytes(raw)
    document = load(tmp_path / "mail.eml")
    assert (document.text, document.source.date) == ("Text of it.", None)


def test_parts_nested_without_end_are_said(tmp_path: Path) -> None:
    raw = b"From: a@example.org\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (level, level) for level in range(400)
    )
    (tmp_path / "mail.eml").write_bytes(raw)
    (tmp_path / "zz.md").write_text("# Last\n\nIts text.")
    loaded = load_all([tmp_path])
    assert [document.name for document in loaded.documents] == ["zz.md"]
    assert [Path(refused.path).name for refused in loaded.refused] == ["mail.eml"]


def test_a_mailbox_holds_messages(tmp_path: Path) -> None:
    box = b"".join(
        b"From office@example.org Tue Mar  3 09:00:00 2026\n" + one.as_bytes() + b"\n"
        for one in (message("One", "From now on pilots end in March.\n"), message("Two", "Budgets are yearly.\n"))
    ).replace(b"\nFrom now", b"\n>From now")
    (tmp_path / "box.mbox").write_bytes(box)
    loaded = load_all([tmp_path])
    assert [(document.title, document.text) for document in loaded.documents] == [
        ("One", "From now on pilots end in March."),
        ("Two", "Budgets are yearly."),
    ]
