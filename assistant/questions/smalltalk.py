"""Greetings, thanks and questions about the assistant itself, and the replies to them."""

import re
from collections.abc import Sequence
from typing import Literal

from assistant.records import Place, Sentence
from assistant.words import words

SmallTalk = Literal["greeting", "thanks", "about", "goodbye"]

_TITLES = 4
_GREETING = re.compile(
    r"(hi|hello|hey|hiya|greetings|good (morning|afternoon|evening|day)|hallo|guten (tag|morgen|abend)|bonjour|salut|hola|ciao)"
    r"( (there|all|everyone|team|again|assistant))?( how are you( doing)?( today)?)?|how are you( doing)?( today)?"
)
_PRAISE = (
    r"(ok(ay)?|got it|understood|i see|cool|wow|nice|good (job|work|answer|stuff)|well done"
    r"|((that|this|it)('s| is| was) )?((very|really|so|most|super|quite|all) )?(great|perfect|good|helpful|useful|clear|nice|kind|awesome|excellent|all))"
)
_THANKS = re.compile(
    rf"({_PRAISE} )*(thanks|thank you|thx|ty|cheers|many thanks|merci|danke|gracias)"
    rf"( (a lot|very much|so much|a million|again|all|for (all )?(your|the|that|this)( \w+)?|{_PRAISE}))*"
    rf"|{_PRAISE}( {_PRAISE})*"
)
_GOODBYE = re.compile(r"(good ?bye|bye( bye)?|see you( later| soon)?|have a (good|nice) (day|evening|weekend))")
_ABOUT = re.compile(
    r"(so )?(who|what) are you|what('s| is) (your (name|purpose|job)|this( (tool|thing|assistant|app|about))?)|help( me| us)?( please)?"
    r"|(can|could) you help( me| us)?( please)?|who (made|built|created|wrote) (you|this)"
    r"|what (can|do|could|are) (you|this( (tool|thing|assistant|app))?) (able to )?(do|answer|know( about)?|help( (me|us))? with|cover)( for (me|us))?( here)?"
    r"|how (can|could|do) (you help( me| us)?|i use (this|you)|this work|you work|does this work)"
    r"|what (questions )?(can|could|should|may) (i|we) ask( you)?( here| about)?|how does this work|are you (a )?(human|robot|bot|ai|person|real)"
    r"|(can you )?(introduce|tell me about) yourself|what topics do you (cover|know)"
)


def small_talk(question: str) -> SmallTalk | None:
    """What a message is that asks nothing of the guidance; None for anything that might."""
    line = " ".join(words(question))
    if len(line) > 80:
        return None
    patterns: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = (
        ("greeting", _GREETING),
        ("thanks", _THANKS),
        ("goodbye", _GOODBYE),
        ("about", _ABOUT),
    )
    for name, pattern in patterns:
        if pattern.fullmatch(line):
            return name
    greeted = re.match(rf"(?:{_GREETING.pattern}) ", line)
    return "about" if greeted and _ABOUT.fullmatch(line[greeted.end() :]) else None


def reply(talk: SmallTalk, covered: Sequence[Place]) -> tuple[Sentence, ...]:
    """A human reply without citations; ``covered`` are the sections that exist."""
    titles = list(dict.fromkeys(place.title for place in covered if place.title))
    named = ", ".join(f"“{title}”" for title in titles[:_TITLES])
    rest = f" and {len(titles) - _TITLES} more" if len(titles) > _TITLES else ""
    texts = {
        "greeting": ("Hello.", "Ask me a question, and I answer from your guidance, with its exact words as proof."),
        "thanks": ("You are welcome.", "Ask on whenever you like."),
        "goodbye": ("Goodbye.",),
        "about": (
            "I answer questions from your organization's guidance, prove every sentence with its exact words, "
            "and refuse what the guidance does not say.",
            f"The guidance holds {named}{rest}." if named else "There is no guidance to answer from yet.",
            "I can find what it says, compare approaches side by side and weigh them for an organization you describe.",
        ),
    }[talk]
    return tuple(Sentence(text, "supported", 1.0) for text in texts)
