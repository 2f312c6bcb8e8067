"""What a message asks, without what leads to it or is told besides: "ok", "could you tell me", a situation."""

import re

from assistant.questions.kinds import WANTS_ADVICE
from assistant.questions.vague import OPEN
from assistant.words import content_set, content_words, in_sentences

_ASKS = re.compile(
    r"(?:and |but |so |also )*(?:what|which|who|whom|whose|how|why|when|where|whether|is|are|was|were|do|does|did|can|could|should|would"
    r"|will|must|may|has|have|tell|explain|describe|define|list|name|compare|give|show|summari[sz]e|advise|recommend)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|this|that|these|those|they|them|their|he|she|him|each|both|either|the (?:other|former|latter|same|two)|such|there|here|ones)\b",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^(?:(?:(?:ok(?:ay)?|hi|hello|hey|thanks|thank you|sorry|excuse me|please|hm+|(?:a |one |another |next |last |quick |more )+question)\b"
    r"(?: there| all| team| again| for \w+)?[,.:;!–-]*|(?:well|great|good|fine|right|now|nice|perfect|(?:(?:that|this|it) )?(?:sounds|looks|seems) (?:(?:too|very|quite|all|so|almost|really|pretty) ){0,2}(?:good|great|fine|nice|reasonable|lovely|easy|simple|tempting|perfect|promising|attractive|wonderful|ideal)(?: to be true)?|(?:that )?makes sense"
    r"|fair enough|i see|got it|understood|interesting|noted)[,.:;!–-]+)\s+)+(?=\w+\W+\w)",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:please |and |but |so )*(?:(?:can|could|would|will) (?:you|u) (?:please )?(?:tell|explain to|show|give) (?:me|us)"
    r"|(?:please )?(?:tell|explain to|let) (?:me|us)(?: know)?|(?:i|we)(?: would|'d)? (?:like|love|want|need|wish) to (?:know|understand|find out|hear)"
    r"|(?:i|we)(?: am|'m| are|'re| was| were)? (?:wonder|wondering|curious|asking myself)|do you know|any idea|remind (?:me|us))"
    r"(?: about)?[,:]? (?=(?:what|which|who|whom|whose|how|why|when|where|whether|if|about)\b)(?:about )?",
    re.IGNORECASE,
)


_TO_ASSISTANT = re.compile(
    r"(?:(?:and|but|so|now|please|ok(?:ay)?)[, ]+)*(?:you\b|your\b|pretend|ignore|forget|act\b|imagine you|from now on|hi\b|hello|hey|thanks|thank you)",
    re.IGNORECASE,
)
"""Speaks to the assistant, and tells nothing that a question could rest on."""
_ORDERS = re.compile(
    r"(?:(?:and|but|so|now|then|please|ok(?:ay)?)[, ]+)*"
    r"(?:(?:pretend|ignore|forget|disregard|act as|imagine|from now on|you are now)\b.*"
    r"\b(?:guidance|instructions?|prompts?|rules?|documents?|sources?|everything|anything|previous|above|assistant|persona)\b"
    r"|(?:print|show|reveal|repeat|translate|tell|give|output|display|quote|list)\b.*"
    r"\b(?:(?:your|the) (?:system|hidden|initial) (?:prompt|instructions)|your(?: own)? prompt)\b)",
    re.IGNORECASE,
)
"""Has the assistant do other than answer from the guidance."""
_FOR_ITSELF = 4
"""Content words with which a sentence that asks stands for itself: "what is the best cure?" rests on what was told."""


_TOLD = 200
"""Characters of what is told before a question that are put beside it."""
_TELLING = 3
"""So many of them say what it is about, and neither leave that open nor name the guidance."""
_OF_DOCUMENT = re.compile(
    r"\b(?:the|this|that|your|our) (?:[\w'’.-]+ ){0,4}?(?:playbook|framework|handbook|guide|guidance|policy|document|text|paper)s?\b",
    re.IGNORECASE,
)


_FILLER = re.compile(
    r",? \b(?:in return|in exchange|at the end of the day|when all is said and done|in a nutshell|if i may ask|by any chance)\b,?"
    r"(?=\W*$| \()|(?<= )(?:actually|basically|honestly|exactly|precisely) ",
    re.IGNORECASE,
)
"""Words that change nothing about what is asked, but much for a small model."""
_WANTS_ALL = re.compile(r"\b(?:complete|full|whole) (?:list|set)\b|\b(?:all|every one) of (?:them|it)\b", re.IGNORECASE)
"""What a sentence that asks nothing says of how much is wanted."""


def without_opener(question: str) -> str:
    """The question without the word or two that it is led in by ("ok,", "sounds good.")."""
    return _OPENER.sub("", question) or question


def only_overrides(question: str) -> bool:
    """Whether a message has the assistant do other than answer from the guidance, and asks nothing."""
    return all(_ORDERS.match(sentence) for sentence in in_sentences(question))


def asked_for(question: str) -> str:
    """The question without what only leads to it: "ok", "could you tell me", sentences that ask nothing.

    A sentence that asks is taken alone only where it stands for itself. A description that a question rests on is kept.
    """
    question = without_opener(question)
    question = _alone(question)[0] or question
    plain = _FILLER.sub("", _COURTESY.sub("", question))
    return plain if content_words(plain) else question


def told_before(question: str) -> str:
    """What is told around the one sentence that asks, where that stands for itself; it may say what that is about.

    Empty where nothing is told, or only the assistant spoken to.
    """
    told = " ".join(sentence.strip(" .!?") for sentence in _alone(without_opener(question))[1])
    return re.sub(r"[()]", " ", told)[:_TOLD].strip() if content_words(told) else ""


def _alone(question: str) -> tuple[str, list[str]]:
    """The one sentence that asks, where it stands for itself, and what the others tell; ("", []) where none does."""
    sentences = in_sentences(question)
    asking = [sentence for sentence in sentences if sentence.endswith("?") or _ASKS.match(sentence)]
    if len(sentences) < 2 or len(asking) != 1 or WANTS_ADVICE.search(question) or _POINTS.search(asking[0]):
        return "", []
    others = [sentence for sentence in sentences if sentence not in asking]
    told = [sentence for sentence in others if not _TO_ASSISTANT.match(sentence)]
    telling = len(content_set(_OF_DOCUMENT.sub(" ", asking[0])) - OPEN) >= _TELLING
    least = _FOR_ITSELF if told else 2
    if len(content_words(asking[0])) < least or (told and not telling) or any(map(_WANTS_ALL.search, others)):
        return "", []
    return asking[0], [sentence for sentence in told if not _ORDERS.match(sentence)]
