"""From the bytes of a file to characters a person can read: binary content, invisible characters, line ends."""

import codecs
import re
import unicodedata

from corpus.encodings import control_codes, declared_codec, guessed, mostly, wide_codec
from corpus.errors import UserError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "a database"),
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_NEWLINES = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Soft hyphens, zero-width and direction marks, and Unicode's tag characters: nothing a reader could see.
_INVISIBLE = re.compile(
    "[\xad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SAMPLE = 200_000


def decode(raw: bytes, declared: str = "") -> str:
    """The characters of a text file in whatever encoding it is; `declared` is the encoding that it names itself.

    Raises `UserError` for content that is not text.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, errors="replace")
    for signature, what in _SIGNATURES:
        if raw.startswith(signature):
            raise UserError(f"holds {what}, not text; give it the file ending of what it is")
    if wide := wide_codec(raw):
        return raw.decode(wide, errors="replace")
    if _looks_binary(raw):
        raise UserError("holds binary data, not text; save it as text, Markdown or HTML")
    return decode_text(raw, declared)


def decode_text(raw: bytes, declared: str = "") -> str:
    """What `decode` gives, of bytes that are known to be text whatever they look like.

    Bytes that are damaged become U+FFFD.
    """
    named = declared_codec(declared) if declared else ""
    # What is ASCII throughout may still be written in an encoding that shifts (ISO 2022).
    for codec in (named, "utf-8") if raw.isascii() else ("utf-8", named):
        if codec and (text := mostly(raw, codec)):
            return text
    return raw.decode(guessed(raw), errors="replace")


def clean(text: str) -> str:
    """Text as people read it: composed characters, plain spaces and line feeds, nothing invisible, no ligatures."""
    text = _NEWLINES.sub("\n", text)
    text = _SPACES.sub(" ", text)
    text = _INVISIBLE.sub("", text)
    text = _CONTROL.sub("", text)
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """`text` cleaned and with every run of white space as one space."""
    return " ".join(clean(text).split())


def _looks_binary(raw: bytes) -> bool:
    sample = raw[:_SAMPLE]
    return control_codes(sample) > max(8, len(sample) // 50)
