"""Texts that do not say their encoding: sentences of many languages, alone and at the end of a long file."""

from pathlib import Path

import pytest

from corpus import UserError, load
from corpus.characters import decode
from corpus.remarks import remarks

SENTENCES = {
    "de": "Geschäftsführer prüfen größere Ausgaben über 500 €; die Rückerstattung erfolgt später.",
    "fr": "La stratégie est approuvée par le comité. Les dépenses supérieures à 500 € exigent un accord préalable.",
    "es": "La dirección aprobará el presupuesto en otoño; año tras año.",
    "pt": "A direção aprova as decisões; as exceções são públicas e não se repetem.",
    "it": "La società non può più spendere così: è già tutto deciso.",
    "sv": "Styrelsen godkänner budgeten för året, även på våren.",
    "da": "Bestyrelsen godkender også større udgifter på årets møde.",
    "en": "The organisation’s policy – as agreed – costs £500 or “more”.",
    "pl": "Zarząd zatwierdza budżet. Każdy zespół składa wniosek później.",
    "cs": "Představenstvo schvaluje rozpočet každý rok. Příští žádost podá každé oddělení.",
    "hu": "Az igazgatóság minden évben jóváhagyja a költségvetést; előbb dönt a szükséges összegről.",
    "tr": "Yönetim kurulu bütçeyi her yıl onaylar; değişiklikler yazılı olmalıdır.",
    "lv": "Valde katru gadu apstiprina budžetu; pārējās izmaksas sedz nodaļa, ja tās ir mazākas.",
    "ru": "Правление утверждает бюджет каждый год осенью.",
    "uk": "Правління щороку затверджує бюджет і всі зміни.",
    "el": "Το διοικητικό συμβούλιο εγκρίνει τον προϋπολογισμό.",
    "he": "הוועד המנהל מאשר את התקציב בכל שנה.",
    "ja": "取締役会は毎年予算を承認します。部門は提案を提出します。",
    "zh": "董事会每年批准预算。各部门提交提案。",
    "tw": "董事會每年批准預算。各部門提交提案。",
    "ko": "이사회는 매년 예산을 승인합니다. 각 부서는 제안서를 냅니다.",
}
CODECS = {
    **dict.fromkeys(("de", "fr", "es", "pt", "it", "sv", "da", "en"), ("cp1252",)),
    **dict.fromkeys(("pl", "cs", "hu"), ("cp1250", "iso8859_2")),
    "tr": ("cp1254",),
    "lv": ("cp1257",),
    "ru": ("cp1251", "koi8_r", "cp866", "iso8859_5"),
    "uk": ("cp1251", "koi8_u"),
    "el": ("cp1253", "iso8859_7"),
    "he": ("cp1255",),
    "ja": ("shift_jis", "euc_jp"),
    "zh": ("gb18030",),
    "tw": ("big5",),
    "ko": ("euc_kr",),
}
WESTERN = [name for name, codecs in CODECS.items() if codecs == ("cp1252",)]


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_read_in_every_encoding_of_its_language(language: str) -> None:
    text = SENTENCES[language]
    for codec in (*CODECS[language], "utf-8", "utf-16-le", "utf-16-be"):
        for whole in (text, "\n".join([text] * 9)):
            assert decode(whole.encode(codec)) == whole, (codec, len(whole))


@pytest.mark.parametrize("language", ["fr", "pl", "ru", "ja"])
def test_a_sentence_is_read_at_the_end_of_a_long_text(language: str) -> None:
    for before in ("The board decides.\n", "The board decides. "):
        text = before * 15_000 + SENTENCES[language]
        assert decode(text.encode(CODECS[language][0])) == text


@pytest.mark.parametrize("language", [name for name in WESTERN if name != "en"])
def test_one_western_word_is_enough(language: str) -> None:
    for word in SENTENCES[language].split():
        assert decode(f"A,B\n1,{word}\n".encode("cp1252")) == f"A,B\n1,{word}\n"


def test_a_western_text_may_quote_names_of_other_languages() -> None:
    text = "Herr Müller, Señor Nuñez, Mme Lefèvre, Fru Åkesson und São Paulo: Übergabe nach München."
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize("codec", ["mac_roman", "cp850", "iso8859_15"])
def test_older_encodings_of_western_languages(codec: str) -> None:
    text = "La stratégie est déjà approuvée: les dépenses supérieures à la somme exigent un accord préalable."
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize("name", ["iso-8859-1", "us-ascii", "latin1", "windows-1252"])
def test_a_declared_encoding_is_what_browsers_take_it_for(name: str) -> None:
    text = "It costs €500 – or “more”."
    assert decode(text.encode("cp1252"), name) == text
    assert decode("Größe".encode(), name) == "Größe"


@pytest.mark.parametrize("name", ["utf-16", "utf-7", "punycode", "idna", "unicode_escape", "hex", "", "\0"])
def test_a_declaration_that_cannot_hold_says_nothing(name: str) -> None:
    assert decode(b"Plain \\u0041 text", name) == "Plain \\u0041 text"


def test_an_encoding_that_shifts_is_read_as_declared() -> None:
    assert decode(SENTENCES["ja"].encode("iso2022_jp"), "iso-2022-jp") == SENTENCES["ja"]


def test_what_is_damaged_in_utf_8_is_replaced_and_said(tmp_path: Path) -> None:
    raw = SENTENCES["de"].encode()
    (tmp_path / "a.txt").write_bytes(raw + b" One \xff byte, one cut \xe2\x82")
    document = load(tmp_path / "a.txt")
    assert document.text == SENTENCES["de"] + " One \ufffd byte, one cut \ufffd"
    assert remarks(document) == ("2 characters are damaged and stand as “\ufffd”; mend the file and save it as UTF-8",)


def test_a_page_that_says_latin_1_keeps_its_quotes_and_euros(tmp_path: Path) -> None:
    page = "<html><head><meta charset=iso-8859-1></head><body><p>It costs €500 – or “more”.</p></body></html>"
    (tmp_path / "a.html").write_bytes(page.encode("cp1252"))
    assert load(tmp_path / "a.html").text == "It costs €500 – or “more”."


def test_a_stray_null_makes_no_wide_text_and_noise_is_none() -> None:
    assert decode(b"policy,owner\nboard,office\0\n") == "policy,owner\nboard,office\0\n"
    noise = bytes((number * number * 31 + number // 7) % 256 for number in range(6000))
    with pytest.raises(UserError, match="binary data"):
        decode(noise)
