"""Encodings and invisible characters."""

import pytest

from corpus import UserError
from corpus.characters import clean, decode

TEXT = "Die Größe der Behörde – „Künstliche Intelligenz“ für alle Abteilungen, über Jahre hinweg geprüft."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_any_encoding_is_read(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_another_alphabet_in_an_old_encoding() -> None:
    text = "Стратегия внедрения искусственного интеллекта зависит от зрелости организации и её культуры. " * 4
    assert decode(text.encode("cp1251")) == text


def test_the_declared_encoding_counts() -> None:
    assert decode("naïve café".encode("latin-1"), "iso-8859-1") == "naïve café"
    assert decode(b"plain", "no-such-encoding") == "plain"


@pytest.mark.parametrize("raw", [b"%PDF-1.7 ...", b"PK\x03\x04rest", bytes(range(256)) * 20, b"\x7fELF\x02"])
def test_binary_content_is_refused(raw: bytes) -> None:
    with pytest.raises(UserError, match="not text"):
        decode(raw)


def test_clean_text_holds_nothing_invisible() -> None:
    dirty = "of\xadfice\u200b \ufb01le\ufeff\0\u202e a\u0308\xa0b\tc\r\nd\re\u2028f\U000e0041"
    assert clean(dirty) == "office file ä b c\nd\ne\nf"
