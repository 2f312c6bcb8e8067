"""Whether a message asks what to do, however it is put: "which suits us?", "why is top-down best for us?"."""

import re

from assistant.questions.kinds import kind

_WANTS = re.compile(
    r"\b(?:should(?:n't)?|ought|which (?:one|approach|model|way|path|route|option|strategy)|what (?:approach"
    r"|model|strategy|path|now|next|would you|do you"
    r"|should|fits|suits|is (?:best|right))|recommend\w*|advise|advice|suggest\w*|best|better|right (?:approach"
    r"|choice|model|way|for)|wrong|suits?|suited|fits?"
    r"|how (?:to|best to|should (?:we|i)|would you) (?:organi[sz]e|structure|run|set up|lead|govern|approach|introduce|roll out|start)"
    r"|what speaks (?:for|against) what|what to do|which way|in (?:my|our) (?:place|shoes)|where (?:do|can) (?:we|i)|how (?:do|can) (?:we|i)|avoid|prefer|choose|go (?:with|for)|thrive"
    r"|what (?:does|do|would|will) (?:that|this|it|all (?:that|this)) (?:mean|imply) for (?:us|our|how)|what follows (?:from (?:that|this) )?for (?:us|our|how)|what follows from (?:each|all)(?: of)?(?: that| this| these| it| them)?"
    r"|pull(?:s|ing)? (?:us )?(?:in (?:different|opposite)|apart)"
    r"|can we let|would (?:the|your|that|this|it) .*\b(?:change|differ)\w*"
    r"|and if|top[- ]down or bottom[- ]up|bottom[- ]up or top[- ]down)\b",
    re.IGNORECASE,
)
_WHAT_IF = re.compile(r"(?:^|[.?!:;]\s+)(?:(?:and|but|so|then|ok(?:ay)?|well),? )*what if\b", re.IGNORECASE)
"""Puts a case of its own; "what must they know if ..., and what if ...?" asks the same of another."""
_CHOOSES = re.compile(
    r"\b(?:which|recommend\w*|advise|advice|suggest\w*|suits?|suited|fits?|choose|prefer|go (?:with|for|\w+ing)|ought"
    r"|right (?:approach|choice|model|way|for)|(?:best|better|wrong|good|bad|right|thing) (?:\w+ )?(?:for|with|in) (?:us|me|our|my)"
    r"|better (?:off|if|to)|(?:is|would|was) it (?:be )?(?:wrong|right|better|smart|wise)|can we let"
    r"|should(?:n['’]?t)? (?:(?:an?|the|our|my) )?(?:[\w-]+ ){1,2}"
    r"(?:go|choose|take|adopt|use|pick|opt|prefer|be (?!clear)|start|begin|try|stick|stay|switch|move|lean|run|lead|put|turn|let|leave"
    r"|keep|centrali[sz]e|decide)"
    r"|what would you|what do you|in (?:my|our) (?:place|shoes)|for (?:us|me))\b",
    re.IGNORECASE,
)

_INDIFFERENT = re.compile(
    r"\b(?:no matter|(?:doesn|don|didn|won|wouldn)['’]?t matter|(?:does|did|will|would) not matter|regardless of)(?: to \w+)?"
    r" (?:which|what)\b[^,;.?!]*",
    re.IGNORECASE,
)
"""Says that the choice is all the same ("it doesn't matter which model we land on")."""


def wants_advice(question: str) -> bool:
    """Whether the words of a message ask for advice or a judgement."""
    question = _INDIFFERENT.sub(" ", question)
    return kind(question) == "advise" or any(words.search(question) for words in (_WANTS, _WHAT_IF))


def wants_choice(question: str) -> bool:
    """Whether a message asks for a choice; else one that names an option asks something of it ("what should be clear?")."""
    question = _INDIFFERENT.sub(" ", question)
    return kind(question) == "advise" or any(words.search(question) for words in (_CHOOSES, _WHAT_IF))
