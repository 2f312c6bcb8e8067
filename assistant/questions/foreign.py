"""Questions in another alphabet or language than the guidance, which its words could not answer.

A language is known by its function words, which no text of some length goes without; the languages of the interface
are known, and in doubt a text is in none of them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.refusing import OTHER_LANGUAGE, OTHER_SCRIPT
from corpus import Passage

_SCRIPT_SAMPLE = 4_000
_SAMPLED = 60
_SAMPLE_CHARACTERS = 800
_FEWEST_WORDS = 4
_FEWEST_FUNCTION_WORDS = 3
_SMALLEST_SHARE = 0.2
_STRAY = 0.1
"""How many of another language's own words, for each of this one's, may be names or quotations."""
_MOST_UNKNOWN = 0.25
"""The share of passages in no language that is known, beyond which nothing is said of the guidance's."""

_WORD = re.compile(r"\b[^\W\d_]+\b")
# Of two letters and more: one stands for anything.
_FUNCTION_WORDS = {
    "en": """
        about an and any are as at be been but by can could did do does each for from had has have he her his
        how if in into is it its may might more most must my no not of on one or our out she should so some such
        than that the their them then there these they this those to under us was we were what when where
        whether which who whom whose why will with without would you your
    """,
    "de": """
        aber als alle allem allen aller alles also am an auch auf aus bei beim bin bis bist da dabei damit das
        dass dazu dein dem den denn der des die dies diese diesem diesen dieser dieses doch dort du durch ein
        eine einem einen einer eines er es für gegen gibt habe haben hat hatte ich ihm ihn ihnen ihr ihre im in
        ist ja jede jeder jedes kann kein keine keinen können man mehr mein mich mit müssen muss nach nicht noch
        nur oder ob ohne sein seine sich sie sind so soll sollen sollte sollten über um und uns unser unsere
        unserem unseren unter vom von vor wann warum was weil welche welchem welchen welcher welches wenn wer
        werden wie wieso wir wird wo worden wurde wurden zu zum zur zwischen
    """,
    "fr": """
        afin ai ainsi alors après au aucun aucune aussi autre autres aux avec avez avoir avons car ce ceci cela
        celle celui ces cet cette ceux chaque chez comme comment dans de depuis des dont du elle elles en entre
        est et été être eux faire faut fait il ils je la laquelle le lequel les leur leurs lors lorsque lui mais
        me même mes mon ne nos notre nous on ont ou où par parce pas pendant peut peuvent plus pour pourquoi
        puis qu quand que quel quelle quelles quels qui quoi sa sans se sera ses si son sont sous sur ta te tes
        ton tous tout toute toutes tu un une vers vos votre vous
    """,
    "es": """
        al algo alguna algunas alguno algunos ante antes aquel así aún aunque cada como cómo con contra cuál
        cuáles cuando cuándo cuánto cuántos de debe deben debería deberíamos del desde donde dónde dos durante
        el él ella ellas ellos en entre era es esa esas ese eso esos está están esta estas este esto estos fue
        ha hace hacia han hasta hay la las le les lo los más me mi mientras muy nada ni no nos nosotros nuestra
        nuestras nuestro nuestros os otra otras otro otros para pero poco por porque pueda puede pueden podemos
        que qué quien quién quiénes se sea según ser si sí sin sobre son su sus también tan te tenemos tener
        tiene tienen todo todos tras tu tú un una unas uno unos ya yo
    """,
}
_WORDS = {language: frozenset(text.split()) for language, text in _FUNCTION_WORDS.items()}
_EVERYWHERE = frozenset(
    "bin con das de del dem den der des die du ein el en es est et fait hat im ist la las le les lo los man mit para "
    "per plus pour sans sin son sur tour und un una une van vom von was zu zum zur".split()
)
"""Words that stand in names, in English ones too, or are an English word or abbreviation."""
_OWN = {
    language: frozenset(
        word
        for word in words - _EVERYWHERE
        if not any(word in others for other, others in _WORDS.items() if other != language)
    )
    for language, words in _WORDS.items()
}


class Foreign:
    """Tells which questions are in another alphabet or language than these passages.

    Where ``across`` languages can be searched, as by an embedding model of several, only other alphabets are told.
    """

    def __init__(self, passages: Sequence[Passage], *, across: bool = False) -> None:
        self._scripts = frozenset(letter_scripts("".join(passage.text for passage in passages[:20])[:_SCRIPT_SAMPLE]))
        sample = passages[:: len(passages) // _SAMPLED + 1]
        self._languages = frozenset() if across else languages(passage.text for passage in sample)

    def reason(self, question: str, found: Iterable[Passage]) -> str:
        """The line that refuses such a question; empty where it is none.

        What is written in its language among the passages ``found`` may answer it.
        """
        if foreign_script(question, self._scripts) is not None:
            return OTHER_SCRIPT
        language = language_of(question)
        if language is None or not self._languages or language in self._languages:
            return ""
        near = {language_of(passage.text[:_SAMPLE_CHARACTERS]) for passage in found}
        return "" if language in near else OTHER_LANGUAGE


def languages(texts: Iterable[str]) -> frozenset[str]:
    """The languages of texts; none where those of many cannot be told."""
    counts = Counter(language_of(text[:_SAMPLE_CHARACTERS]) for text in texts if len(text.split()) >= 20)
    unknown = counts.pop(None, 0)
    return frozenset() if unknown > _MOST_UNKNOWN * (unknown + counts.total()) else frozenset(map(str, counts))


def language_of(text: str) -> str | None:
    """The language of a text, as its code; None for a short or mixed one and for a language that is not known."""
    found = _WORD.findall(text.replace("’", "'").casefold())
    distinct = frozenset(found)
    if len(found) < _FEWEST_WORDS:
        return None
    own = {language: len(distinct & words) for language, words in _OWN.items()}
    language = max(own, key=lambda code: own[code])
    function_words = distinct & _WORDS[language]
    others = max(number for code, number in own.items() if code != language)
    share = sum(word in function_words for word in found) / len(found)
    clear = own[language] >= 1 and others <= _STRAY * own[language]
    return language if clear and len(function_words) >= _FEWEST_FUNCTION_WORDS and share >= _SMALLEST_SHARE else None


def foreign_script(question: str, known: frozenset[str]) -> str | None:
    """The script most of the question's letters are written in, if it is none of ``known``; None otherwise."""
    counts = Counter(letter_scripts(question))
    if not counts:
        return None
    main, number = counts.most_common(1)[0]
    return main if main not in known and number * 2 > counts.total() else None


def letter_scripts(text: str) -> list[str]:
    """The script of each letter, as the first word of its Unicode name: LATIN, CYRILLIC, CJK, ..."""
    return [unicodedata.name(character, "UNKNOWN").split()[0] for character in text if character.isalpha()]
