"""In which encoding a text is that does not say so: the one in which its letters are those of some language.

A table of alphabets, because detectors that reckon with frequencies need much text to tell Spanish from Polish, and
because the lines that matter are few: what is not ASCII may stand in one word at the end of a long file.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator

# What a browser takes for a name (WHATWG, Encoding Standard, section 4.2): the encoding that contains the one named.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "cp950",
}
# What Python knows by these names is no encoding that browsers take, or would have been noticed by its null bytes.
_NOT_DECLARED = ("utf-7", "utf-16", "utf-32", "idna", "punycode", "unicode", "raw", "undefined")
# Of each language the letters that are not ASCII: those that are written often, then the others.
_WESTERN = (
    ("äöü", "ßé"), ("éèàê", "âçëîïôùûüœ"), ("áéíóñ", "úü"), ("ãçáéó", "âàêíôõúü"), ("àèùò", "éìíîóú"), ("éë", "ïèêöüó"),
    ("åäö", "é"), ("æøå", "éòôü"), ("áéíóú", ""), ("àéóí", "çèïòúü"), ("äöõü", "šžé"),
)  # fmt: skip
_ICELANDIC = ("áðíóúþæö", "éý")
_CENTRAL = (
    ("ąęłóśż", "ćńź"), ("áěíéřšýž", "čďňóťúů"), ("áéíčýžš", "ľúťôňäďŕĺó"), ("áéóöőí", "úüű"), ("čšžć", "đ"),
    ("ăîşţșț", "â"), ("äöü", "ßé"),
)  # fmt: skip
_CYRILLIC = (
    ("оеаинтсрвлкмдпу", "бгжзйфхцчшщъыьэюяё"), ("оаниівтерслкдму", "бгґєжзїйпфхцчшщьюяўыэё"),
    ("аиоенрјтсдукмвпл", "бгђжзљњћфхцчџш"),
)  # fmt: skip
_GREEK = (("αοιετσνηυρπκμςά", "βγδζθλξφχψωέήίόύώϊϋΐΰ"),)
# Those that come first are taken where several fit equally.
_ALPHABETS = (
    ("cp1252", _WESTERN),
    ("cp1254", (("ığşüçöİ", "âîû"),)),
    ("cp1252", (_ICELANDIC,)),
    ("cp1250", _CENTRAL),
    ("iso8859_2", _CENTRAL),
    ("cp1257", (("āēīšū", "čģķļņž"), ("ėšųūįčžą", "ę"), ("äöõü", "šž"))),
    ("mac_roman", _WESTERN),
    ("cp850", _WESTERN),
    ("iso8859_15", _WESTERN),
    ("cp1251", _CYRILLIC),
    ("koi8_u", _CYRILLIC),
    ("cp866", _CYRILLIC),
    ("iso8859_5", _CYRILLIC),
    ("cp1253", _GREEK),
    ("iso8859_7", _GREEK),
    ("cp1255", (("יוהלאמרתבנש", "גדזחטכךםןסעפףצץק"),)),
    ("cp1256", (("ايلمنرتوبعدة", "سفحقكجأإشصضطظذزخغهثءئىؤآ"),)),
)
# All letters of western languages, for texts that quote names of several.
_ALL_WESTERN = ("", "".join({*"".join(often + others for often, others in (*_WESTERN, _ICELANDIC)), "ÿ"}))
_RARE = 0.85
_MIXED = 0.8
_SIGNED = 0.95
# The encoding, the plain character set behind it, and the rows of that which hold what is written most: kana and
# common kanji, Korean syllables, common Chinese characters.
_IDEOGRAPHS = (
    ("cp932", "euc_jp", range(0xA4, 0xD0)),
    ("euc_jp", "euc_jp", range(0xA4, 0xD0)),
    ("cp949", "euc_kr", range(0xB0, 0xC9)),
    ("gb18030", "gb2312", range(0xB0, 0xD8)),
    ("cp950", "big5", range(0xA4, 0xC7)),
)
# How far cp1252 is ahead of the others, and the same times the number of bytes above ASCII where they are few.
_AHEAD, _LIKELIER = 0.03, 0.16
_ENOUGH, _ENOUGH_COMMON = 0.75, 0.85
_MOST_SAMPLED = 40_000
_MOST_WIDE = 8000
_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))
_HIGH = re.compile(rb"[\x80-\xff]")
_PLAIN = re.compile(r"[ -~\r\n\t]")
# What texts are made of: alphabets from Latin to Thai, punctuation, kana, the common ideographs, Korean syllables.
_USUAL = re.compile(
    "[\t\r\n\f -~\xa0-\u05ff\u0600-\u06ff\u0900-\u0e7f\u10a0-\u10ff\u1e00-\u1fff\u2010-\u2044\u20ac\u2116\u2122"
    "\u2190-\u21ff\u2500-\u25ff\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef\ufeff]"
)
_WORD = re.compile(r"[^\W\d_]+")
_LONG_RUN = re.compile(r"(?:(?![a-z])[^\W\d_]){3}", re.IGNORECASE | re.ASCII)
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
# One alone after a small letter is more likely a letter of that word.
_INTRUDER = re.compile(r"(?<=[a-z])[^\x00-\x7f](?![^\x00-\x7f])")
# Signs that stand where they may: nothing that opens after a letter, and no sign of a unit or a footnote before one.
_SIGN = re.compile(
    r"(?<![^\W\d_])[«“„‘‚¿¡‹›»£€©§](?!\s)|[’–—·\xad]|[»”“‘›…€£¥¢°®™²³¹µ½¼¾±×ªº†‡•««§¶‰](?![^\W\d_])|\xa0"
)


def declared_codec(name: str) -> str:
    """The codec for the encoding that a text names, as browsers take it; empty where the name says nothing."""
    try:
        known = codecs.lookup(name.strip()).name
        "".encode(known)
    except (LookupError, ValueError):
        return ""
    return "" if known.startswith(_NOT_DECLARED) else _WIDER.get(known, known)


def wide_codec(raw: bytes) -> str:
    """The codec of UTF-16 without a mark, told by what its characters would be; empty for anything else."""
    sample = raw[: min(len(raw), _MOST_WIDE) // 2 * 2]
    controls = control_codes(sample)
    # Of letters with alphabets every second byte is one that no text of single bytes has.
    if not controls or (controls < len(sample) / 4 and _is_utf8(raw)):
        return ""
    found = []
    for codec in ("utf-16-le", "utf-16-be"):
        text = sample.decode(codec, "replace")
        found.append((len(_USUAL.findall(text)), len(_PLAIN.findall(text)), codec))
    usual, _, best = max(found)
    return best if usual >= 0.95 * len(sample) / 2 else ""


def control_codes(raw: bytes) -> int:
    """How many bytes are codes that no text of single bytes has."""
    return len(raw) - len(raw.translate(None, _CONTROLS))


def mostly(raw: bytes, codec: str) -> str:
    """The text in the encoding ``codec``, with U+FFFD for bytes that are damaged; empty where too many are."""
    try:
        return raw.decode(codec)
    except UnicodeError:
        text = raw.decode(codec, "replace")
    return text if 2 * text.count("\ufffd") <= len(text) - len(text.encode("ascii", "ignore")) else ""


def guessed(raw: bytes) -> str:
    """The codec that fits bytes which are no UTF-8 best; ``cp1252`` where none does."""
    sample = b"\n".join(_samples(raw))
    ahead = max(_AHEAD, _LIKELIER / max(len(_HIGH.findall(sample)), 1))
    scores = [(score, score + ahead * (codec == "cp1252"), codec) for codec, score in _scores(sample)]
    score, _, best = max(scores, key=lambda told: told[1])
    if score >= _ENOUGH:
        return best
    from charset_normalizer import from_bytes

    found = from_bytes(sample).best()
    return found.encoding if found else "cp1252"


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _samples(raw: bytes) -> Iterator[bytes]:
    """The lines that hold more than ASCII, wherever they stand, each from close before to the end of the line."""
    left, place = _MOST_SAMPLED, 0
    while left > 0 and (found := _HIGH.search(raw, place)):
        start = max(place, raw.rfind(b"\n", place, found.start()) + 1, found.start() - 40)
        end = raw.find(b"\n", found.start())
        place = len(raw) if end < 0 else end
        if place - start > left:
            # No character is cut in two where the bytes before the cut are ASCII or left out.
            yield raw[start : start + left].rstrip(bytes(range(128, 256)))
            return
        yield raw[start:place]
        left -= place - start


def _scores(sample: bytes) -> Iterator[tuple[str, float]]:
    """Codecs, each with the share of what is not ASCII that would be letters of a language in their places."""
    for codec, alphabets in _ALPHABETS:
        text = sample.decode(codec, "replace")
        latin = alphabets[0][0] < "\u0250"
        letters = _letters(text, latin=latin)
        signs = len(_SIGN.findall(text))
        total = sum(character > "\x7f" for character in text)
        yield codec, max(_share(letters, alphabet, signs, total) for alphabet in alphabets)
        if alphabets is _WESTERN:
            yield codec, _share(letters, _ALL_WESTERN, signs, total) * _MIXED / _RARE
    for codec, plain, rows in _IDEOGRAPHS:
        yield codec, _common(sample.decode(codec, "replace"), codec, plain, rows)


def _letters(text: str, *, latin: bool) -> Counter[str]:
    """How often each letter that is not ASCII stands where a word may have it, capitals as small letters."""
    counts: Counter[str] = Counter()
    for word in _WORD.findall(text):
        if word.isascii() or (latin and _LONG_RUN.search(word)) or not (latin or _one_script(word)):
            continue
        before = ""
        for letter in word:
            turned = before.islower() and letter.isupper()
            if turned and not before.isascii():
                counts[_small(before)] -= 1
            if letter > "\x7f" and not turned:
                counts[_small(letter)] += 1
            before = letter
    return counts


def _small(letter: str) -> str:
    return letter if len(letter.lower()) > 1 else letter.lower()


def _one_script(word: str) -> bool:
    return not any(letter.isascii() for letter in word)


def _share(letters: Counter[str], alphabet: tuple[str, str], signs: int, total: int) -> float:
    often, others = (sum(letters[letter] for letter in part) for part in alphabet)
    return (often + _RARE * others + _SIGNED * signs) / max(total, 1)


def _common(text: str, codec: str, plain: str, rows: range) -> float:
    if codec == "euc_jp" and len(_KANA.findall(text)) < 0.1 * sum(character > "\x7f" for character in text):
        return 0.0
    good = total = 0
    for character in text:
        if character > "\x7f":
            row = (character.encode(plain, "replace") or b"?")[0]
            if row not in range(0xA1, 0xA4):
                total += 1
                good += row in rows
    share = (good - len(_INTRUDER.findall(text))) / total if total else 0.0
    return share if share > _ENOUGH_COMMON else 0.0
