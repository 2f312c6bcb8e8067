"""What kind of answer the words of a question ask for."""

import re
from typing import Literal

Kind = Literal["direct", "list", "compare", "advise"]

_COMPARE = re.compile(
    r"\b(compar\w+|versus|vs?|differ(?:s|ence|ences|ent|ing)?\b(?:[^?!]*\b(?:between|from|to)|(?=\W*$))|contrast\w*|weigh\b[^?.;]*\bagainst"
    r"|(?:better|worse|faster|slower|quicker|cheaper|safer|riskier|easier|harder|stronger|weaker)\b[^?.]*\bthan"
    r"|how (?:do|does|are|is|would|will) (?:they|(?:the |these |those )?(?:two|both|three|four)(?: \w+){0,2}) (?:differ|compare|(?:score|fare|perform|rate|hold up)(?=\W*$| (?:on|in|against|for|by|under|when|if)\b))"
    r"|how (?:do|does|are|is) [^?!]+ (?:and|or) [^?!]+ (?:differ|different|alike|similar)|similarit\w+ (?:between|of)|(?:separates?|distinguish(?:es)?) [^?.;]+ from|(?:sets?|tells?) (?:[\w'’-]+ ){1,6}apart from"
    r"|trade-?offs? (?:between|of|among)|pros and cons of [^?!]+ (?:and|or|versus|vs) |which (?:one )?of (?:the two|both|them both)|(?:put|lay|set|show|see|place|give|present|list|tell|want|get|have|need|look|both|two)\b[^?.!]* side by side|^side by side|next to (?:each other|one another)|(?:stacks?|measures?) up (?:on|against|for|in))\b"
    r"|\b(?:stack|measure) up\W*$|^(?:please )?rank (?:the|these|those|them|all|both|our)\b",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(
    r"\b(we are|we're|we have(?! to\b)|we've|we run|we operate|i run|i lead|i head|i manage|our (?:\w+ ){0,2}(?:organi[sz]ation|company|bank|firm|business"
    r"|agency|group|institution|hospital|team|teams|culture|budget|staff|people|industry|sector|board|department)|our (?:\w+ ){1,3}(?:is|are|has|have)|as an? )\b",
    re.IGNORECASE,
)
WANTS_ADVICE = re.compile(
    r"\b((?<!why )should (?:we|i|our)|which (?:one|approach|model|way|path|route|option|strategy|direction)|what (?:approach|model|strategy|path|would you|do you"
    r"|should|fits|suits|is (?:best|right))|recommend\w*|advise|advice|suggest\w*|best (?:fit|approach|for us)|right (?:approach|for us|model|choice)|who should (?:drive|lead|run|steer|own|decide|start|hold|control|govern|be in charge|be responsible)"
    r"|suits? us|fits? us|where (?:do|should) we (?:start|begin)|how (?:do|should) we (?:start|begin|proceed|approach))\b",
    re.IGNORECASE,
)
_OFFERS = re.compile(r"\bor\b[^?]*\?", re.IGNORECASE)
_ASKS_WHICH_OF_OURS = re.compile(
    r"^(?:and |so )?(?:which|what|how many|how much|who|when|where) (?:of )?(?:all )?our\b", re.IGNORECASE
)
"""Asks for some of what there is ("which of our tools were stopped or refused?"), and not which to choose."""
_BY_NAME = re.compile(r", (?:the |an? )?[A-Z][\w-]*(?: [\w-]+)? or ")
"""Offers what to choose by name ("..., Acme or Bolt?")."""
_LIST = re.compile(
    r"\b((?<!\ba )(?<!\bthe )(?<!\bour )(?<!\bthis )(?<!\bthat )(?<!\bapproved )(?<!\bmailing )(?<!\bwaiting )list(?! (?:of|that|which|is|was|gets|goes)\b)"
    r"|(?:^|(?:please|give|show|send|make|want|need|get|have|provide|write|draft|create|compile|prepare|produce|me|us|you|to|and|or|just|see|full|complete|whole) )(?:me |us )?(?:an? |the )?(?:[\w-]+ )?list of|(?<!a )(?<!the )(?<!its )(?<!their )(?<!our )(?<!by )(?<!same )(?<!my )(?<!your )(?<!his )(?<!her )name(?! for\b)(?! (?:the|an?|one|our|my) (?:[\w-]+ )?(?:person|body|group|team|department|role|owner|manager|board|committee|colleague|officer|lead|head)\b)|enumerate|what are(?! (?:[\w-]+ ){1,4}(?:doing|trying|using|saying|planning|supposed|meant|going)\b)|which (?:\w+ )?(?:are(?! \w+ing\b)|factors|things|risks|benefits)|what (?:\w+ )?(?:are (?:the|all)|risks|drawbacks|downsides|dangers"
    r"|benefits|advantages|factors|things|problems|conditions|steps|roles|reasons|criteria|strengths|weaknesses|disadvantages|considerations|principles)"
    r"|(?:give|show|send) (?:me|us) (?:every|each)\b|all (?:of )?the(?! (?:time|while|way|same|more|better)\b)|all (?:the )?(?:points|reasons|arguments|items)|every (?:single )?(?:argument|reason|point|advantage|benefit|drawback|downside|risk|duty|task)"
    r"|(?:run|walk|talk|take) (?:me|us) (?:through|thru)|everything (?:that|there is)|(?:complete|full|whole) (?:(?:check)?list|set|range)|which (?:\w+ )?(?:duties|tasks|responsibilities|jobs)"
    r"|(?:its|their|the|any|main|give me) (?:\w+ ){0,2}(?:drawbacks|downsides|disadvantages|advantages|benefits|upsides|strengths|weaknesses|pitfalls|pros|cons"
    r"|shortcomings|limitations|risks|dangers|merits)"
    r"|what (?:\w+ ){0,3}go(?:es|ing)? wrong|how (?:[\w-]+ ){1,7}go(?:es|ing)? wrong|the catch|(?:speaks|argues|is there to say|said) (?:for|against|in favou?r)(?! what)"
    r"|(?:strengths?|pros|advantages?|benefits?|upsides?|good|positives?) (?:and|or|&|vs) (?:the )?(?:\w+ )?(?:weakness(?:es)?|cons|disadvantages?|drawbacks?|downsides?|risks?|bad|negatives?)"
    r"|^(?:plus|minus|good|bad|strong|weak|positive|negative) (?:points|sides|things)|^(?:\w+ ){0,2}(?:cons|pros|drawbacks|downsides|disadvantages|advantages|benefits|upsides|strengths|weaknesses|pitfalls)\b(?! and)"
    r"|what (?:do|does|would|could|can|will|might|did) (?:we|i|you|one|they|an? \w+|our \w+) (?:gain|lose|risk|win|get out of)|who (?:\w+ ){0,4}(?:for what|does what)"
    r"|^(?:\w+ ){0,3}(?:drawbacks|downsides|disadvantages|advantages|benefits|upsides|strengths|weaknesses|pitfalls|risks|perks|snags|flaws|traps|gotchas) of"
    r"|(?:any|what are|what're|are there|list) (?:\w+ ){0,3}(?:perks|snags|flaws|traps|gotchas))\b",
    re.IGNORECASE,
)


_THEN_OF_EACH = re.compile(
    r"(?:and |so )*(?P<things>(?:what|which)\b[^?.!;,]*),? and "
    r"(?:who|whom|whose|what|which|when|where|how (?:long|much|many|often|soon)) (?:[\w'’-]+ ){0,4}?"
    r"each(?: one| bit| part| of (?:them|these|those))?"
    r"(?= (?:is|are|was|were|does|do|has|have|meant|intended|aimed|for|by|in|at|on|due|costs?|takes?|lasts?|runs?|held|given"
    r"|owned|about|covers?|means?)\b|\W*$)[^?.!]{0,40}\W*",
    re.IGNORECASE,
)
"""Asks for things, and then something of each ("which courses are there, and who is each one for?")."""
_ON_OFFER = re.compile(
    r"\b(?:is|are) (?:there|on offer|offered|available|provided|planned|given|in (?:use|place))\b", re.IGNORECASE
)
_ONE_BY_ONE = re.compile(
    r"\b(?:a|one) (?:short )?(?:line|sentence|word|phrase) (?:for |on |about )?each(?: one| of them)?(?=\W*$|,| please\b)"
    r"|^(?:please )?remind (?:me|us) (?:of|about) (?:all )?(?:the|our) "
    r"(?:(?!(?:of|on|for|in|to|with|from|about|that|who|which|where|when|by|at)\b)[a-z-]+ ){0,2}?"
    r"(?!news\b)[a-z-]{3,}(?<![suiy])s(?=\W*$| )",
    re.IGNORECASE,
)
"""Asks for things one by one."""


def asks_then_of_each(question: str) -> bool:
    """Whether a question is for several things and what is so of each of them: one question and not two."""
    match = _THEN_OF_EACH.fullmatch(question)
    return match is not None and bool(_PLURAL.search(f"{match['things']} ") or _ON_OFFER.search(match["things"]))


def kind(question: str) -> Kind:
    """What kind of answer the words of a question ask for; ``direct`` where none other shows."""
    if _WHICH_FACTORS.match(question):
        return "list"
    if _DESCRIBES.search(question) and _wants_advice(question):
        return "advise"
    if _COMPARE.search(question):
        return "compare"
    own = question.partition(" (")[0]
    if _LIST.search(question) or any(one.search(own) for one in (_IN_FULL, _ONE_BY_ONE)) or asks_then_of_each(own):
        return "list"
    return "direct"


def _wants_advice(question: str) -> bool:
    if WANTS_ADVICE.search(question):
        return True
    some = _ASKS_WHICH_OF_OURS.match(question) and not _BY_NAME.search(question)
    return _OFFERS.search(question) is not None and not some


def asks_for_several(question: str) -> bool:
    """Whether several things answer a question: a list that it asks for, or "which mistakes should we avoid?"."""
    return kind(question) == "list" or _PLURAL.search(question) is not None or _OF_EACH.search(question) is not None


_IN_FULL = re.compile(
    r"\b(?:all of (?:it|them|this|that|these|those)|all (?:things|points)|the (?:whole|lot|full (?:list|set)|entire (?:list|set))(?: of (?:it|them))?"
    r"|(?:spell|write|set) (?:them|it|these) (?:all )?(?:out|down)|name (?:them|each|every one)|every (?:last )?one of them|in full)"
    r"(?:,? please)?\W*$|\bplease (?:list |name )?all\b[^?]{0,20}$",
    re.IGNORECASE,
)
"""Ends with how much is wanted."""
_PLURAL = re.compile(
    r"\b(?:which|what)\s+(?:[\w-]+\s+){0,2}(?!(?:is|does|has|was|this|its)\b)[\w-]+[^s\W]s\b(?:\s+of(?:\s+[\w-]+){1,4})?"
    r"\s+(?:do|does|did|should|can|is|are|were|must|would|will|could|has|have|may|might|shall|am)\b",
    re.IGNORECASE,
)
"""Asks for things in the plural."""
_OF_EACH = re.compile(
    r"\b(?:what|which|who|how much|how many)\b[^?]*\b(?:under|in|into|for|of|to|with|at|by|on|behind) (?:each|every)\b",
    re.IGNORECASE,
)
"""Asks for something of each of several ("what falls under each class?")."""


_WHICH_FACTORS = re.compile(
    r"(?:and |but |so )*(?:which|what) (?:\w+ ){0,2}(?:things|factors|aspects|conditions|circumstances|criteria|considerations|characteristics)\b",
    re.IGNORECASE,
)
"""Asks for what a choice goes by, though it may speak of "our organization" and what "we should" look at."""
