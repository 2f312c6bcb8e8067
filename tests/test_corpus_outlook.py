"""Outlook's messages, in compound files made for it: text, sender, date, attachments, and what is made to harm."""

import datetime
import struct
from email.message import EmailMessage
from pathlib import Path

import pytest
from compound_file import Tree, compound

from corpus import UserError, load, load_all
from corpus.outlook import message

SENT = datetime.datetime(2026, 3, 3, 8, 0, tzinfo=datetime.UTC)


def text(**values: str) -> Tree:
    """Streams of text, by the number of their property in hexadecimal, with an x before it."""
    return {f"__substg1.0_{name[1:]}001F": value.encode("utf-16-le") for name, value in values.items()}


def properties(head: int, **values: int) -> Tree:
    rows = b"".join(struct.pack("<HHIQ", 0x0003, int(name[1:], 16), 6, value) for name, value in values.items())
    return {"__properties_version1.0": bytes(head) + rows}


def ticks(moment: datetime.datetime) -> int:
    return int((moment - datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)).total_seconds()) * 10_000_000


def attached(name: str, raw: bytes, **fixed: int) -> Tree:
    return {**text(x3707=name), "__substg1.0_37010102": raw, **properties(8, **fixed)}


def mail(
    subject: str = "RE: Pilots in spring", body: str = "Every pilot ends after ninety days.", **more: object
) -> Tree:
    return {
        **text(x001A="IPM.Note", x0037=subject, x1000=body, x0C1A="Strategy Office", x5D01="office@example.org"),
        **properties(32, x0039=ticks(SENT)),
        **more,
    }


def test_a_message_and_what_came_with_it(tmp_path: Path) -> None:
    inner = {**text(x0037="The older one", x1000="Pilots used to end after thirty days."), **properties(24)}
    files: Tree = {
        "__attach_version1.0_#00000000": attached(
            "how we pilot.md", b"# Pilots\n\nStart small.\n" + b"Slowly.\n" * 900
        ),
        "__attach_version1.0_#00000001": attached("logo.md", b"A picture.", x3714=4),
        "__attach_version1.0_#00000002": {"__substg1.0_3701000D": inner, **properties(8)},
        "__attach_version1.0_#00000003": attached("plan.xyz", b"x"),
    }
    (tmp_path / "mail.msg").write_bytes(compound(mail(**files)))
    loaded = load_all([tmp_path])
    assert [document.name for document in loaded.documents] == [
        "mail.msg",
        "mail.msg/how we pilot.md",
        "mail.msg/message 2.eml",
    ]
    first, second, third = loaded.documents
    assert (first.title, first.text) == ("Pilots in spring", "Every pilot ends after ninety days.")
    assert (first.source.author, first.source.date) == ("Strategy Office", datetime.date(2026, 3, 3))
    assert second.text.count("Slowly.") == 900
    assert (third.title, third.text) == ("The older one", "Pilots used to end after thirty days.")
    assert [refused.reason for refused in loaded.refused] == ["is of no known format (.xyz)"]


def test_a_message_in_html_and_in_an_old_alphabet(tmp_path: Path) -> None:
    html = "<html><body><h2>Durée</h2><ul><li>Quatre-vingt-dix jours</li></ul></body></html>".encode("cp1252")
    tree: Tree = {
        "__substg1.0_0037001E": "Grüße".encode("cp1252"),
        "__substg1.0_10130102": html,
        **properties(32, x3FDE=1252),
    }
    (tmp_path / "mail.msg").write_bytes(compound(tree))
    document = load(tmp_path / "mail.msg")
    assert (document.title, document.text) == ("Grüße", "Durée\n\n- Quatre-vingt-dix jours")


def test_what_is_no_message_is_said(tmp_path: Path) -> None:
    whole = compound(mail())
    cases = {
        "text.msg": (b"Only text.", "is damaged or no Outlook message"),
        "cut.msg": (whole[:700], "is damaged or no Outlook message"),
        "other.msg": (compound({"WordDocument": b"x" * 5000}), "is damaged or no Outlook message"),
        "rich.msg": (
            compound({**text(x0037="A"), "__substg1.0_10090102": b"LZFu" * 9, **properties(32)}),
            "holds rich text only",
        ),
    }
    for name, (raw, says) in cases.items():
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(UserError, match=says):
            load(tmp_path / name)


def test_no_altered_message_does_more_than_be_refused() -> None:
    whole = compound(mail(**{"__attach_version1.0_#00000000": attached("a.md", b"Text." * 2000)}))
    for place in range(0, len(whole), 37):
        altered = bytearray(whole)
        altered[place : place + 4] = struct.pack("<I", place % 90)
        try:
            assert isinstance(message(bytes(altered)), EmailMessage)
        except UserError:
            continue


def test_streams_that_lie_upon_each_other_do_not_multiply() -> None:
    files = {f"__attach_version1.0_#{number:08X}": attached(f"{number}.md", b"") for number in range(50)}
    big = "__attach_version1.0_#00000032"
    raw = bytearray(compound(mail(**files, **{big: attached("big.md", b"Text. " * 20_000)})))
    name = "__substg1.0_37010102".encode("utf-16-le")
    entries = [place for place in range(512, len(raw), 128) if raw[place : place + len(name)] == name]
    (whole,) = (raw[place + 116 : place + 128] for place in entries if raw[place + 120 : place + 124] != bytes(4))
    for place in entries:
        raw[place + 116 : place + 128] = whole
    with pytest.raises(UserError, match="is damaged"):
        message(bytes(raw))


def test_a_message_in_a_message_in_a_message_ends() -> None:
    inner: Tree = {**text(x0037="The innermost"), **properties(24)}
    for level in range(20):
        inner = {
            **text(x0037=f"Level {level}", x1000="Text."),
            **properties(24),
            "__attach_version1.0_#00000000": {"__substg1.0_3701000D": inner, **properties(8)},
        }
    inner["__properties_version1.0"] = bytes(32)
    assert len(message(compound(inner)).as_bytes()) < 5000


def test_what_cannot_be_read_of_a_message_is_left_out_and_the_rest_read(tmp_path: Path) -> None:
    rich: Tree = {**text(x0037="Rich"), "__substg1.0_10090102": b"LZFu" * 9, **properties(24)}
    files: Tree = {
        "__attach_version1.0_#00000000": {**text(x3001="Rich"), "__substg1.0_3701000D": rich, **properties(8)},
        "__attach_version1.0_#00000001": {"__substg1.0_3701000D": properties(24), **properties(8)},
        "__attach_version1.0_#00000002": {**text(x3707="far.md"), **properties(8)},
        "__attach_version1.0_#00000003": attached("near.md", b"Start small."),
    }
    (tmp_path / "mail.msg").write_bytes(compound(mail(**files)))
    loaded = load_all([tmp_path])
    assert [document.name for document in loaded.documents] == ["mail.msg", "mail.msg/near.md"]
    assert {Path(refused.path).name: refused.reason for refused in loaded.refused} == {
        "Rich": "holds rich text only; save it as .eml or as text",
        "message 2": "is damaged or no Outlook message; save it anew from its own program",
        "far.md": "is not in the message itself; save it beside it",
    }


def test_a_sender_without_an_address_keeps_the_whole_name(tmp_path: Path) -> None:
    for sender in ("Doe, Jane", "Strategy Office", "Müller, Jörg"):
        tree: Tree = {**text(x0037="A", x1000="Text.", x0C1A=sender), **properties(32)}
        (tmp_path / "mail.msg").write_bytes(compound(tree))
        assert load(tmp_path / "mail.msg").source.author == sender


@pytest.mark.parametrize(("page", "subject"), [(1252, "GIF89 in mails"), (64999, "PK\x03\x04 Größe"), (65001, "Größe")])
def test_a_property_is_text_whatever_it_begins_with(page: int, subject: str) -> None:
    raw = subject.encode("utf-8" if page == 65001 else "cp1252")
    tree: Tree = {"__substg1.0_0037001E": raw, **text(x1000="Text."), **properties(32, x3FDE=page)}
    assert message(compound(tree))["Subject"] == subject.replace("\x03\x04", "")
