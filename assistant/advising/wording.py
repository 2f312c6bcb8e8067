"""Advice in words: what was understood, what the guidance says, what would change it. Quotes stay verbatim."""

import re
from collections.abc import Mapping, Sequence

from assistant.advising.reading import Reading
from assistant.advising.rules import FactorRule, Quote, Rules, Value
from assistant.records import Advice, Citation, Factor, Sentence

Citations = Mapping[Quote, Citation]

_YOUR = re.compile(r"^your\b")
_DENIED = "read as {value}; say so if that is not so"


def given(value: Value, reading: Reading) -> str:
    """What was understood of a factor with the words it was understood from."""
    if not reading.words:
        return value.name
    words = _and([f"“{words}”" for words in reading.words])
    match reading.how:
        case "denied":
            note = f"{words}, " + _DENIED.format(value=value.name)
        case "implied":
            note = f"{words}, {value.because}"
        case "similar":
            note = f"understood from {words}"
        case _:
            note = words
    return f"{value.name} ({'supposed, ' if reading.supposed else ''}{note})"


def points(factor: Factor) -> str:
    """What a factor points to, in a few words; of one that is not known, that it is not."""
    if not factor.given:
        return "not known yet"
    return f"points to {factor.points_to}" if factor.points_to else "points neither way"


def where(factor: FactorRule, value: Value, citation: Citation) -> Sentence:
    """What the guidance says where a factor has a value."""
    subject = _YOUR.sub("the", factor.subject)
    text = f"Where {subject} is {value.name}, the guidance points to {value.points_to}: “{citation.quote.rstrip('.')}”."
    return _sentence(text, [citation])


def described(rules: Rules, values: Mapping[str, str]) -> str:
    """The question of somebody whose organization is so: what they would have typed."""
    said = ["Which approach suits us?"]
    for factor in rules.factors:
        if factor.name in values:
            subject = _YOUR.sub("our", factor.subject)
            said.append(f"{subject[0].upper()}{subject[1:]} is {values[factor.name]}.")
    return " ".join(said)


def ask(rules: Rules, known: Mapping[str, str]) -> str:
    """One question for what the rules go by, beside the values by factor that are ``known``."""
    named = [
        f"{factor.subject} ({_or([value.name for value in factor.values])})"
        for factor in rules.factors
        if factor.name not in known
    ]
    if not known:
        return f"What can you tell me of your organization? The guidance goes by {_and(named)}."
    return f"You told me of {_told(rules, known)}. What else can you tell me? The guidance also goes by {_and(named)}."


def silent(rules: Rules, known: Mapping[str, str]) -> str:
    """That what is known points to no option, with the question for the first factor that is not known."""
    missing = [factor.question for factor in rules.factors if factor.name not in known]
    text = f"The guidance does not say which option suits {_told(rules, known)}."
    return f"{text} {missing[0]}" if missing else text


def _told(rules: Rules, known: Mapping[str, str]) -> str:
    return _and([f"{factor.subject} ({known[factor.name]})" for factor in rules.factors if factor.name in known])


def unclear(factor: FactorRule, reading: Reading) -> str:
    """The question about a factor of which contradicting or vague things were said."""
    words = _and([f"“{words}”" for words in reading.words])
    said = f"You said {words}, which I cannot bring together." if len(reading.words) > 1 else f"You said {words}."
    return f"{said} {factor.question}"


def would_flip(factor: FactorRule, now: Value, other: Value, then: str) -> str:
    """What another value of a known factor would lead to."""
    change = f"If {factor.subject} were {other.name} rather than {now.name}, "
    if then == other.points_to:
        return f"{change}the guidance would point to {then} instead."
    if not then:
        return f"{change}it would point to {other.points_to}, and the guidance would lean neither way."
    return f"{change}it would point to {other.points_to}, and the guidance would lean to {then} instead."


def not_known(factor: FactorRule, reading: Reading | None, changing: Mapping[str, str]) -> str:
    """A factor that is missing, why, and what it might change."""
    if reading is not None and len(reading.words) > 1:
        start = f"Not clear: {factor.name}. {_and([f'“{words}”' for words in reading.words])} were both said."
    elif reading is not None:
        start = f"Not clear: {factor.name}. “{reading.words[0]}” can be taken either way."
    else:
        start = f"Not known: {factor.name}."
    if not changing:
        return f"{start} It would not change this alone."
    then = [f"if it is {name}, the guidance leans to {option or 'neither'}" for name, option in changing.items()]
    text = _and(then)
    return f"{start} {text[0].upper()}{text[1:]}."


def sentences(rules: Rules, advice: Advice, citations: Citations) -> tuple[Sentence, ...]:
    """The lean, what points to it, what points elsewhere, and the drawbacks of the lean, as cited sentences."""
    pointing = [factor for factor in advice.factors if factor.points_to]
    options = list(dict.fromkeys(factor.points_to for factor in pointing))
    parts = [_lean(rules, advice, pointing, options, citations)]
    parts += [_said(option, [f for f in pointing if f.points_to == option]) for option in options]
    if len(options) == 1 and rules.combining and rules.combining.option != advice.leans_to:
        quote = rules.combining.quotes[0]
        parts.append(
            _sentence(f"Even so, its overall judgment is not one-sided: {_quoted([quote])}.", [citations[quote]])
        )
    drawbacks = rules.option(advice.leans_to).drawbacks if advice.leans_to else ()
    if drawbacks:
        text = f"Against {advice.leans_to} it says: {_quoted(drawbacks)}."
        parts.append(_sentence(text, [citations[quote] for quote in drawbacks]))
    return tuple(parts[:5])


def _lean(
    rules: Rules, advice: Advice, pointing: Sequence[Factor], options: Sequence[str], citations: Citations
) -> Sentence:
    if len(options) == 1:
        why = (
            "the one factor that is known points"
            if len(pointing) == 1
            else f"all {_count(len(pointing))} factors that are known point"
        )
        if len(pointing) == 2:
            why = "both factors that are known point"
        text = f"The guidance leans to {advice.leans_to} here, since {why} to it."
        return _sentence(text, [factor.citations[0] for factor in pointing])
    split = _and([f"{_names(option, pointing)} to {option}" for option in options])
    cited = [factor.citations[0] for factor in pointing]
    if rules.combining and advice.leans_to == rules.combining.option:
        quote = rules.combining.quotes[0]
        start = f"The factors pull apart here ({split}), and for that the guidance leans to {advice.leans_to}"
        text = f"{start}: {_quoted([quote])}."
        return _sentence(text, [citations[each] for each in rules.combining.quotes])
    if advice.leans_to:
        return _sentence(f"The factors pull apart here: {split}; more of them point to {advice.leans_to}.", cited)
    return _sentence(f"The factors pull apart here: {split}, and the guidance does not say which weighs more.", cited)


def _said(option: str, factors: Sequence[Factor]) -> Sentence:
    quotes = _and([f"“{factor.citations[0].quote.rstrip('.')}”" for factor in factors])
    return _sentence(
        f"For {option} it says: {quotes}.", [citation for factor in factors for citation in factor.citations]
    )


def _sentence(text: str, cited: Sequence[Citation]) -> Sentence:
    return Sentence(text, "supported", 1.0, tuple(dict.fromkeys(cited)))


def _quoted(quotes: Sequence[Quote]) -> str:
    return _and([f"“{quote.text.rstrip('.')}”" for quote in quotes])


def _names(option: str, pointing: Sequence[Factor]) -> str:
    named = [factor.name[0].lower() + factor.name[1:] for factor in pointing if factor.points_to == option]
    return f"{_and(named)} {'points' if len(named) == 1 else 'point'}"


def _count(number: int) -> str:
    return {3: "three", 4: "four", 5: "five", 6: "six"}.get(number, str(number))


def _and(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _or(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"
