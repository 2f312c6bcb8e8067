"""From the bytes of a file to characters a person can read: encodings, invisible characters, line ends."""

import codecs
import re
import unicodedata

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
    if wide := _wide_encoding(raw):
        return raw.decode(wide, errors="replace")
    if _looks_binary(raw):
        raise UserError("holds binary data, not text; save it as text, Markdown or HTML")
    for encoding in ("utf-8", declared):
        try:
            if encoding:
                return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:_SAMPLE]).best()
    return raw.decode(best.encoding if best else "cp1252", errors="replace")


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


def _wide_encoding(raw: bytes) -> str:
    """UTF-16 without a mark: Latin text then has a null in nearly every second byte, on one side only."""
    sample = raw[:4000]
    half = len(sample) // 2
    if half < 2:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def _looks_binary(raw: bytes) -> bool:
    sample = raw[:_SAMPLE]
    odd = sum(sample.count(code) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return odd > max(8, len(sample) // 50)
