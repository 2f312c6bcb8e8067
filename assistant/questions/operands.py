"""What a comparing question sets side by side."""

import re

from assistant.words import content_words

_OPERANDS = (
    re.compile(r"\b(?:between|of) ([^:;?]+?) (?:and|or|versus|vs?\.?) ([^?.;]+)", re.IGNORECASE),
    re.compile(
        r"\bcompar\w+ (?!(?:to|with)\b)([^:;?]+?) (?:and|with|to|against|versus|vs?\.?) ([^?.;]+)", re.IGNORECASE
    ),
    re.compile(r"\b(?:separates?|distinguish(?:es)?) ([^?.;]+?) from ([^?.;]+)", re.IGNORECASE),
    re.compile(r"\b(?:sets?|tells?) ((?:[\w\'’-]+ ){0,5}[\w\'’-]+) apart from ([^?.;]+)", re.IGNORECASE),
    re.compile(r"\bcontrast (.+?) (?:and|with|to|against) ([^?.;]+)", re.IGNORECASE),
    re.compile(
        r"(?:^|[,:;] ?|\bis |\bare |\bdoes |\bdo |\bhow )([^,:;?]+?) (?:versus|vs?\.?|differs? from|different from|compared? (?:to|with)|stack up against) ([^?.;]+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bhow (?:do|does|are|is) (.+?) (?:and|or) (.+?) (?:differ|different|alike|similar|compare|stack up|measure up|fare)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:^|[,:;] ?|\b(?:is|are|was|does|do|would|that|think|believe) )([^,:;?]+?) (?:(?:is|are|was|much|any|really|always|far) )*"
        r"(?:better|worse|faster|slower|quicker|cheaper|safer|riskier|easier|harder|stronger|weaker|superior|inferior)\b[^,:;?]*? (?:than|to) ([^?.;]+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bhow much (?:better|worse|faster|slower|quicker|cheaper|safer|riskier|easier|harder) (?:is|are|was|were|does|do) ([^,:;?]+?) (?:than|to) ([^?.;]+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:is|was|would) it (?:(?:be|much|any|really|always|far) )*(?:better|worse|faster|slower|quicker|cheaper|safer|riskier|easier|harder) "
        r"(?:for (?:us|me|them|a \w+) )?(to [^,:;?]+?) (?:than|or) ([^?.;]+)",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:weigh) (.+?) against ([^?.;]+)", re.IGNORECASE),
    re.compile(r"([^,:;?]+?),? or ([^?.;,]+)", re.IGNORECASE),
)


_BY_WHAT = re.compile(
    r"\b(?:on|for|regarding|concerning|in terms of|with (?:regard|respect) to|as to|when it comes to)\b", re.IGNORECASE
)
"""After it stands what is compared by, and no more of what is compared."""
_IN_COMPARING = re.compile(
    r"^(?:when |in )?comparing (?:(?!\b(?:and|with|to|against|versus|vs|or)\b)[^,?]){3,60}, (?=(?:is|are|was|were|does|do|did|which|who|what|how)\b)",
    re.IGNORECASE,
)
"""Says in what something is compared, before it is asked how ("comparing costs, is A worse than B?")."""
_IN_TERMS = re.compile(r"(?<=\w),? (?:in terms of|with (?:regard|respect) to) [^?.;:]+", re.IGNORECASE)
"""What is compared by, where it stands behind what is compared."""


_CHANGES = re.compile(r"(?:what|anything|something|nothing)\b.*\b(?:changed?|changes|new|different)$", re.IGNORECASE)
"""Asks what is new, and sets nothing beside what was before ("what has changed compared to last year?")."""
_ASKS_ON = re.compile(
    r",? (?:and|but) (?:(?:what|which|who|whom|whose|how|why|where|when)\b|(?:please )?(?:tell|say|explain|give|show|name) "
    r"|(?:is|are|was|were|does|do|did|can|could|should|must|may|will|would|has|have) "
    r"(?:i|we|you|he|she|it|they|there|the|an?|our|my|any|all|each|either|both|[\w-]+s)\b)",
    re.IGNORECASE,
)
"""Where another question begins after what is compared ("... a pilot and a rollout, and who pays for them?")."""
_ASKS_AFTER_DASH = re.compile(
    r"\s+[-–—]\s+(?=(?:and |so |but )?(?:what|which|who|how|why|where|when|is|are|does|do|can|could)\b)", re.IGNORECASE
)
"""Where what is compared ends and a question about it begins ("A versus B - how do I tell them apart?")."""
_LEADING = re.compile(
    r"^(?:(?:so|and|but|is|are|isn't|aren't|does|do|would|will|should|that|it|true|whether|if|why|how|think|believe)\s+)+(?=\w)",
    re.IGNORECASE,
)


def operands(question: str) -> tuple[str, ...]:
    """What a comparing question sets side by side, in the question's words; empty where it names nothing.

    An enumeration ("A, B and C") gives each of its members.
    """
    compared = _IN_TERMS.sub("", _IN_COMPARING.sub("", question))
    for pattern in _OPERANDS:
        match = pattern.search(compared)
        if match:
            *before, last = match.groups()
            last = _ASKS_ON.split(_ASKS_AFTER_DASH.split(_BY_WHAT.split(last)[0])[0])[0]
            parts = [
                piece for group in (*before, last) for piece in re.split(r",\s*(?:and |or )?|\s+(?:and|or)\s+", group)
            ]
            if _CHANGES.match(parts[0].strip()):
                return ()
            named = tuple(_LEADING.sub("", part.strip(" ?.!\"'")) for part in parts if content_words(part))
            if len(named) >= 2:
                return named
    return ()
