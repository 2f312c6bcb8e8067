"""Sentences in a document that seem to be meant for a language model and not for its readers.

A few plain rules, for the eyes of whoever owns the document: what they find is shown and never removed, and what they
do not find may still be there. A request such as "Translate this into French" is none, for people ask the same of each
other; nor is what is quoted, or told of as an attack.
"""

import re
from collections.abc import Iterator

MOST = 20
_LONGEST = 200
_REACH = 400
_MOST_READ = 2_000_000
_PIECE = 20_000

_MODEL = (
    r"(?:(?:large )?language model|llm|chat ?bot|chatgpt|gpt|copilot|claude|gemini|virtual assistant"
    r"|ai(?: (?:assistant|model|agent|system|language model|chat ?bot))?)"
)
_BEFORE = r"(?:previous|prior|earlier|above|preceding|foregoing|existing|original|initial|system)"
_TOLD = r"(?:instructions?|prompts?|directions?|commands?|messages?|context|programming)"


def _after(marks: str) -> str:
    """A rule for what stands after one of the marks and at most four blanks."""
    return "|".join(rf"(?<={marks}\s{{{blanks}}})" for blanks in range(5))


_MARKS = r'[.!?:;,\n*>"]'
_OPENS = r"[\n.!?*>(\[]"
# Where a rule begins: quick to rule out, for it is asked at every character.
_START = (
    rf"\b(?=[a-z])(?:\A|{_after(_MARKS)}"
    r"|(?<=\bplease )|(?<=\band )|(?<=\bmust )|(?<=\bnow )|(?<=\bshould ))"
)
_ANSWER = r"(?:answers?|repl(?:y|ies)|responses?|output)"
_ADDRESS = r"(?:https?://|www\.|(?<!@)\b[a-z0-9-]{1,63}\.(?:com|net|org|io|xyz|info)\b)"
_RULES = tuple(
    re.compile(rule)
    for rule in (
        # Forget what you were told; with a subject after it ("on travel") it is meant for people.
        rf"{_START}(?:ignore|disregard|forget|override|bypass)\s{{1,4}}"
        rf"(?:(?:all|any|every|everything|of|the|your|my|these|those)\s{{1,4}}){{0,4}}{_BEFORE}(?:\s{{1,4}}(?:and|or|system|user)\s{{1,4}}\w{{1,40}})?\s{{1,4}}{_TOLD}\b"
        r"(?!\s{1,4}(?:on|about|regarding|concerning|for|from|in|of|if|unless|where|when)\b)",
        rf"{_START}(?:ignore|disregard|forget)\s{{1,4}}(?:all|any|everything)\s{{1,4}}(?:that\s{{1,4}})?"
        r"(?:you\s{1,4}(?:were|have been|are) told|instructions|your instructions)\b",
        # Show what is meant to be hidden.
        rf"{_START}(?:reveal|print|repeat|output|show|display|disclose|leak|tell|give)\s{{1,4}}"
        rf"(?:me\s{{1,4}}|us\s{{1,4}})?(?:all\s{{1,4}}(?:of\s{{1,4}})?)?"
        r"your\s{1,4}(?:full\s{1,4}|complete\s{1,4}|entire\s{1,4}|exact\s{1,4})?"
        r"(?:system|initial|hidden|developer|original|secret)\s{1,4}"
        r"(?:prompts?|messages?|instructions?|keys?)\b",
        # Be somebody else.
        r"\byou are now (?:an? )?(?:unrestricted|uncensored|unfiltered|jailbroken|dan\b|no longer bound|free of all"
        r"|in (?:developer|debug|admin|god|jailbreak|maintenance) mode)",
        r"\bfrom now on,? you (?:will|must|shall|are to|only) (?:always |only |never )?"
        r"(?:act|answer|respond|reply|behave|speak|pretend|say)\b",
        rf"{_START}(?:act|behave|respond|answer) as (?:dan\b|an? (?:unrestricted|uncensored|unfiltered|jailbroken) )",
        # You, the model.
        rf"\b(?=[a-z])(?:\A|{_after(_OPENS)})"
        rf"(?:(?:note|message|attention|notice|instructions?|important)\W{{0,3}}(?:to |for )?)?"
        rf"(?:(?:the|any|all|every|dear) )?{_MODEL}s?(?: reading this)?\s{{0,4}}[,:!–—-]{{1,4}}\s{{0,4}}(?:please )?"
        r"(?:you (?:must|should|shall|will|are to)\b|(?:ignore|disregard|forget)\b"
        r"|(?:tell|inform|convince) (?:the|any|all|every) (?:users?|readers?|customers?|people|person)\b"
        r"|(?:answer|respond|reply|say) (?:that|with|only|exactly|[\"“'‘])"
        r"|(?:do not|don't|never|always) "
        r"(?:say|mention|answer|tell|reveal|cite|recommend|respond|reply|claim|state)\b)",
        rf"\bif you are (?:an? |the )?{_MODEL}"
        r"(?=\s{0,4}(?:,|(?:that is |who is )?(?:reading|processing|summari[sz]ing)\b))",
        # Send readers, or what they asked, somewhere.
        rf"{_START}(?:add|integrate|include|insert|append|promote|suggest|offer|enhance|modify|mention)\b"
        rf"[^.!?\n]{{0,120}}\byour {_ANSWER}\b[^!?\n]{{0,120}}?{_ADDRESS}",
        rf"{_START}(?:add|integrate|include|insert|append)\b[^!?\n]{{0,120}}?{_ADDRESS}"
        rf"[^!?\n]{{0,80}}\byour {_ANSWER}\b",
        rf"\bin your {_ANSWER}, (?:suggest|recommend|promote|mention|include|add)\b[^!?\n]{{0,120}}?{_ADDRESS}",
        rf"{_START}(?:send|post|forward|append|encode|transmit)\s{{1,4}}"
        rf"(?:the|this|all|any|every)\s{{1,4}}(?:of\s{{1,4}}the\s{{1,4}})?"
        r"(?:conversations?|chat (?:history|logs?)|user'?s? (?:questions?|inputs?)|system prompts?)\b"
        rf"[^!?\n]{{0,80}}?{_ADDRESS}",
        # The marks that part speakers in what a model reads.
        r"<\|(?:im_start|im_end|system|endoftext|eot_id|start_header_id)\|>|\[/?inst\]|<</?sys>>",
    )
)
# What every rule needs, in small letters and quick to look for; only around it are the rules tried.
_ANCHORS = re.compile(
    r"ignore|disregard|forget|override|bypass"
    r"|your (?:full |complete |entire |exact )?(?:system|initial|hidden|developer|original|secret) "
    r"|you are now |from now on|if you are "
    r"|as (?:dan|an? (?:unrestricted|uncensored|unfiltered|jailbroken))"
    r"|(?:model|llm|bot|gpt|copilot|claude|gemini|assistant|agent|system|ai)s?(?: reading this)?\s?[,:!–—-]"
    r"|your (?:answer|repl|response|output)"
    r"|(?:send|post|forward|append|encode|transmit) (?:the|this|all|any|every) "
    r"|<\||\[/?inst\]|<</?sys>>"
)
_TOLD_OF = re.compile(
    r"\b(?:e\.g|for example|for instance|such as|attacks?|attackers?|inject\w*|adversar\w*|malicious\w*|jailbreak\w*"
    r"|manipulat\w*|hidden instructions|do not|don't|never|avoid|must not|should not)\b",
    re.IGNORECASE,
)
_QUOTES = (("“", "”"), ("‘", "’"), ("«", "»"), ("„", "“"))
_ENDS = re.compile(r"[.!?](?=\s|$)|\n")


def orders(text: str) -> tuple[str, ...]:
    """The sentences, at most ``MOST``, in the order of the text and each cut to a line.

    Looked for in the first two million characters of it.
    """
    text = text[:_MOST_READ]
    small = _in_small_letters(text)
    found: dict[str, None] = {}
    for start, end in _stretches(small):
        matches = (match for rule in _RULES for match in rule.finditer(small, start, end))
        for place in sorted({match.start() for match in matches}):
            if sentence := _sentence(text, place):
                found[sentence] = None
            if len(found) == MOST:
                return tuple(found)
    return tuple(found)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of the text around what every rule needs; a long one comes in pieces that overlap a little."""
    start = end = 0
    for anchor in _ANCHORS.finditer(text):
        if anchor.start() - _REACH > end:
            if end:
                yield start, end
            start = max(0, anchor.start() - _REACH)
        end = anchor.end() + _REACH
        if end - start > _PIECE:
            yield start, min(end, len(text))
            start = end - 2 * _REACH
    if end:
        yield start, min(end, len(text))


def _in_small_letters(text: str) -> str:
    """The same number of characters; the few that become two as small letters stay as they are."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _sentence(text: str, place: int) -> str:
    """The sentence around a place; nothing where it is quoted or told of."""
    start = max((end.end() for end in _ends(text, max(0, place - _REACH), place)), default=max(0, place - _REACH))
    end = next((end.end() for end in _ends(text, place, place + _REACH)), place + _REACH)
    led_in = text[start:place]
    if _TOLD_OF.search(led_in) or _is_quoted(led_in):
        return ""
    words = " ".join(text[start:end].split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 2].rstrip()} …"


def _ends(text: str, start: int, end: int) -> Iterator["re.Match[str]"]:
    return _ENDS.finditer(text, start, min(end, len(text)))


def _is_quoted(led_in: str) -> bool:
    """Whether a quotation or a piece of code is open at the end of ``led_in``."""
    odd = any(led_in.count(mark) % 2 for mark in ('"', "`"))
    return odd or any(led_in.rfind(opens) > led_in.rfind(closes) for opens, closes in _QUOTES)
