"""Personal data that a program can recognise, masked: e-mail addresses, phone numbers, IBANs and card numbers.

Names, addresses and whatever else only a reader recognises stay as they are.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from assistant.records import Advice, Answer, Cell, Comparison, Factor, Sentence

# Every part is bounded, so that no text makes the search slow.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![\w.,])\d(?:[ -]?\d){12,18}(?!\w)")
_PHONE = re.compile(
    r"(?<![\w.,+/-])(?:"
    r"(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){6,14}"  # in any country
    r"|\(0\d{1,5}\)(?:[ ./-]{0,2}\d){3,12}"  # (030) 1234567
    r"|0\d{1,5}[ /-]{1,3}\d(?:[ ./-]?\d){3,12}"  # 030 1234567, 06 12 34 56 78
    r"|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4}"  # (555) 123-4567
    r")(?![\w/-])"
)
_CARD_LENGTHS = {2: (16,), 3: (14, 15, 16), 4: (13, 16, 19), 5: (16,), 6: (16, 17, 18, 19)}
_SHORTEST_IBAN, _LONGEST_IBAN = 15, 34


def masked(text: str, spare: str = "") -> str:
    """``text`` with a word in brackets in place of what is recognised, but for what stands in ``spare`` too."""
    for pattern, name, right in _KINDS:
        text = pattern.sub(partial(_masked, name=name, right=right, spare=spare), text)
    return text


def masked_answer(answer: Answer) -> Answer:
    """The answer with all that was said and written masked. Quotes and passages stay: they are the documents' words.

    What the answer says in the documents' own words stays too, such as the address of an office that they name.
    """
    cells = [cell for row in answer.comparison.rows for cell in row.cells if cell] if answer.comparison else []
    factors = answer.advice.factors if answer.advice else ()
    cited: list[Sentence | Cell | Factor] = [*answer.sentences, *cells, *factors]
    spare = "\n".join(
        [*(citation.quote for part in cited for citation in part.citations), *(p.text for p in answer.passages)]
    )

    def mask(text: str) -> str:
        return masked(text, spare)

    return replace(
        answer,
        question=mask(answer.question),
        standalone_question=mask(answer.standalone_question),
        sentences=tuple(_sentence(sentence, mask) for sentence in answer.sentences),
        comparison=answer.comparison and _comparison(answer.comparison, mask),
        advice=answer.advice and _advice(answer.advice, mask),
        refusal=answer.refusal and replace(answer.refusal, reason=mask(answer.refusal.reason)),
        follow_ups=tuple(mask(text) for text in answer.follow_ups),
        notice=mask(answer.notice),
    )


def _sentence(sentence: Sentence, mask: Callable[[str], str]) -> Sentence:
    return replace(sentence, text=mask(sentence.text))


def _comparison(comparison: Comparison, mask: Callable[[str], str]) -> Comparison:
    def masked_cell(cell: Cell | None) -> Cell | None:
        return cell and replace(cell, option=mask(cell.option), text=mask(cell.text))

    rows = tuple(
        replace(row, criterion=mask(row.criterion), cells=tuple(masked_cell(cell) for cell in row.cells))
        for row in comparison.rows
    )
    return replace(comparison, options=tuple(mask(option) for option in comparison.options), rows=rows)


def _advice(advice: Advice, mask: Callable[[str], str]) -> Advice:
    factors = tuple(replace(factor, given=mask(factor.given)) for factor in advice.factors)
    return replace(advice, factors=factors, would_change_it=tuple(mask(text) for text in advice.would_change_it))


def _masked(match: re.Match[str], name: str, right: Callable[[str], int], spare: str) -> str:
    """The word for it and what was found beyond it; all of it unchanged where it is none or is to be spared."""
    found = match[0]
    length = right(found)
    return found if not length or found[:length] in spare else f"[{name}]{found[length:]}"


def _whole(found: str) -> int:
    return len(found)


def _iban(found: str) -> int:
    """How much of it is an IBAN (ISO 13616, remainder 1 by 97): the words after it may look like a part of it."""
    for end in range(len(found), 0, -1):
        if not found[end - 1].isalnum() or (end < len(found) and found[end].isalnum()):
            continue
        code = re.sub(r"[ -]", "", found[:end]).upper()
        if len(code) < _SHORTEST_IBAN:
            return 0
        digits = "".join(str(int(character, 36)) for character in code[4:] + code[:4])
        if len(code) <= _LONGEST_IBAN and int(digits) % 97 == 1:
            return end
    return 0


def _card(found: str) -> int:
    """All of it where it has the first digit and the length of a card's number and its check digit (Luhn), else 0."""
    digits = [int(character) for character in found if character.isdigit()]
    if len(digits) not in _CARD_LENGTHS.get(digits[0], ()):
        return 0
    doubled = [digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(digits[::-1])]
    return len(found) if sum(doubled) % 10 == 0 and len(set(digits)) > 1 else 0


_KINDS: tuple[tuple[re.Pattern[str], str, Callable[[str], int]], ...] = (
    (_EMAIL, "e-mail address", _whole),
    (_IBAN, "IBAN", _iban),
    (_CARD, "card number", _card),
    (_PHONE, "phone number", _whole),
)
