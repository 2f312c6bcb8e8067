# ruff: noqa: E501 - patterns read better unbroken
"""Questions from how an English statement is built: its subject, its auxiliary or verb, and what ends it."""

import re

_WHO = r"^(?P<who>[^,;:.()]{3,70}?) "
_HELPED = re.compile(
    rf"{_WHO}(?P<aux>must|should|may|can|cannot|shall|will|is|are|was|were)(?P<no> not)? (?P<rest>\w.{{3,}})$", re.I
)
# Verbs that rules and plans are written in; only before an article or the like, for many of them are nouns as well.
_VERB = (
    "accept|add|address|affect|agree|aim|apply|appoint|approve|arrange|ask|assess|assign|attend|award|base|begin|belong|book|"
    "build|buy|calculate|call|carry|change|charge|check|choose|claim|collect|come|complete|confirm|consider|contact|contain|"
    "contribute|control|coordinate|cost|count|cover|decide|define|delegate|deliver|describe|design|determine|develop|"
    "document|earn|end|ensure|establish|evaluate|exclude|expire|explain|fall|file|follow|form|fund|get|govern|grant|guide|"
    "handle|help|hire|hold|identify|implement|inform|inspect|issue|join|know|last|lead|learn|leave|limit|maintain|manage|"
    "mark|measure|meet|monitor|name|notify|obtain|open|operate|order|organi[sz]e|own|pay|perform|permit|plan|prepare|present|"
    "prohibit|protect|publish|purchase|receive|recommend|record|refer|refuse|reimburse|reject|remain|replace|report|request|"
    "reserve|review|run|secure|see|select|sell|send|serve|share|show|sign|spend|staff|start|state|stay|stop|store|submit|"
    "take|test|track|train|transfer|treat|update|use|verify|work|write"
)
_AFTER = r"(?=(?:the|a|an|all|any|no|each|every|their|its|his|her|our|your|one|two|three|only|to|at|for|in|on|by|from|with|within|up|before|after|through|and|\d+)\b)"
_ONE = re.compile(
    rf"{_WHO}(?P<verb>(?:{_VERB})(?:s|es)|(?:appl|carr|notif|identif|verif)ies) {_AFTER}(?P<rest>.{{5,}})$", re.I
)
_MANY = re.compile(rf"{_WHO}(?P<verb>{_VERB}) {_AFTER}(?P<rest>.{{5,}})$", re.I)
_TAILS = (
    ("By when", r"no later than|not later than|by (?=\d|the end|the (?:first|last)|noon|midnight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:janu|febru)ary|march|april|may\b|june|july|august|(?:septem|octo|novem|decem)ber)"),
    ("When", r"within|before|after|until|during|every|once|at least \w+ (?:hour|day|week|month|year)s?|\w+ (?:hour|day|week|month|year)s? (?:before|after|in advance)"),
    ("Up to what limit", r"up to|at most|no more than|not more than|for at most"),
    ("On what condition", r"only if|if|unless|provided"),
    ("By whom", r"by (?=the|an?|their|your|its|our|two)"),
    ("How", r"through|via|using|with the help of|by means of|by (?=\w+ing\b)"),
)  # fmt: skip
_TAIL = re.compile("|".join(rf"(?P<t{n}> (?:{words})\b)" for n, (_, words) in enumerate(_TAILS)), re.I)
_PREPOSITION = re.compile(r"(?P<word>[a-z]+(?:ly )?[a-z]*) (?P<to>for|to|on|of|from|with|in|at) \w.+", re.I)
_MEASURE = re.compile(r"(?:about |around |at least |at most |up to )?(?:\d|[€$£]|an? |the |one |two |three )", re.I)


_CLAUSE = re.compile(
    r"\b(?:before|after|until|when|where|if|because|they|it|who|whose|that|which|do|does|did|either|neither|both|what)\b",
    re.I,
)
# Within a subject: a verb in its third person, or one that is never a noun.
_SPOKEN = re.compile(
    rf"(?:{_VERB})(?:s|es)|accept|agree|apply|appoint|approve|arrange|assess|assign|attend|calculate|choose|collect|confirm|consider|"
    "contain|decide|define|describe|determine|develop|ensure|establish|evaluate|exclude|identify|implement|inform|maintain|obtain|"
    "perform|prohibit|protect|publish|receive|reimburse|reject|submit|verify|write"
)
_LONGEST_REST = 90


def built_question(line: str) -> tuple[str, str, str]:
    """The question that a statement without its full stop answers, as what stands before, in and after its subject.

    All empty where the statement is not built in one of the known ways. The subject is as the statement has it.
    """
    if (found := _HELPED.match(line)) and not _CLAUSE.search(found["who"]):
        return _helped(found["who"], found["aux"].lower(), bool(found["no"]), found["rest"])
    if (found := _ONE.match(line)) and not _acts(found["who"]):
        return _done(found["who"], "does", _base(found["verb"].lower()), found["rest"])
    if (found := _MANY.match(line)) and not _acts(found["who"]):
        return _done(found["who"], "do", found["verb"].lower(), found["rest"])
    return "", "", ""


def _acts(who: str) -> bool:
    """Whether what should be a subject holds a verb already, or is the beginning of an order."""
    first, *others = who.lower().split()
    spoken = re.fullmatch(_VERB, first) or any(_SPOKEN.fullmatch(word) for word in others)
    return bool(spoken or _CLAUSE.search(who))


def _helped(who: str, aux: str, no: bool, rest: str) -> tuple[str, str, str]:
    if aux == "cannot":
        aux, no = "can", True
    denied = " not" if no else ""
    begins, head = _ending(rest)
    if len(head or rest) > _LONGEST_REST:
        return "", "", ""
    if begins and not no:
        return f"{begins} {aux} ", who, f" {head}?"
    if aux in ("is", "are", "was", "were"):
        if _MEASURE.match(rest) or "," in rest:
            return (f"What {aux} ", who, f"{denied}?") if not no else ("", "", "")
        if (found := _PREPOSITION.fullmatch(rest)) and not no:
            return f"What {aux} ", who, f" {found['word']} {found['to']}?"
        # Asked without its "not", for a question should not give its answer away.
        return f"{aux.capitalize()} ", who, f" {head or rest}?"
    if rest.startswith("be ") or no:
        return (f"{aux.capitalize()} ", who, f" {head or rest}?") if rest.startswith("be ") else ("", "", "")
    return "", "", ""


def _done(who: str, auxiliary: str, verb: str, rest: str) -> tuple[str, str, str]:
    begins, head = _ending(f"{verb} {rest}")
    if begins:
        return f"{begins} {auxiliary} ", who, f" {head}?"
    to = re.match(r"(?:to|for|in|on|at|from|with|by)\b", rest, re.I)
    return f"What {auxiliary} ", who, f" {verb}{f' {to.group().lower()}' if to else ''}?"


def _ending(rest: str) -> tuple[str, str]:
    """How to ask for what ends a predicate, and the predicate before that; empty where it ends in nothing known."""
    found = _TAIL.search(rest)
    if found is None or found.lastgroup is None:
        return "", ""
    return _TAILS[int(found.lastgroup[1:])][0], rest[: found.start()].rstrip(", ")


def _base(verb: str) -> str:
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    stem = verb[:-2] if verb.endswith("es") else verb
    return stem if verb.endswith("es") and re.fullmatch(_VERB, stem) else verb[:-1]
