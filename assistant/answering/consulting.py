"""Advice in a conversation: whether a question gets it, and what is asked back where too little is known for it."""

import re

from assistant.advising import Adviser
from assistant.advising.asking import wants_advice, wants_choice
from assistant.advising.judgment import Judgment
from assistant.contents.options import OPTION_NOUNS
from assistant.contents.outline import Outline
from assistant.conversation.standing_alone import compares, earlier_questions, puts_another_case
from assistant.questions.asked import asked_for, without_opener
from assistant.questions.kinds import kind
from assistant.questions.vague import leaves_choice_open, speaks_of_itself
from assistant.records import Advice, History, Sentence
from assistant.words import content_set

_READ_OF_CONVERSATION = 4
_SEVERAL = 2

_ADVISED_ON = re.compile(
    r"\b(?:suggest|recommend|find)(?: me| us)? (?:an?|some|the) (?P<one>(?:[\w-]+ ){0,2}?[\w-]+)"
    r"(?= (?:in|for|to|near|that|with)\b|\W*$)"
    r"|\b(?:which|what) (?P<other>(?:[\w-]+ ){0,2}?[\w-]+) (?:should|do|would|could|can) (?:i|we|you)\b",
    re.IGNORECASE,
)
"""What somebody wants advice on, where they name it."""
_FOR_ORGANIZATION = re.compile(
    r"\bfor an? (?:[\w-]+ ){0,3}?(?:organi[sz]ation|company|firm|business|enterprise|start-?up|institution|agency"
    r"|authority|ministry|council|charity|bank|insurer|hospital|clinic|school|university|retailer|manufacturer|maker|producer|provider"
    r"|operator|carrier|airline|utility|chain|group|consultancy|practice)\b",
    re.IGNORECASE,
)
"""For whom advice is asked, where it is not the asker's own organization."""
_OF_ANOTHER = re.compile(r"(?:(?:and|but|or|so|what about|how about|what if)\W+)*for an?\b", re.IGNORECASE)
"""Puts the case of another organization, of which nothing was told before ("and for a charity that is new to it?")."""

_OPPOSITE = re.compile(
    r"\b(?:we|i|ours|our [\w-]+)(?: ?['’](?:re|s|m)| are| is| am) (?:[a-z]+ )?(?:the )?(?:exact )?"
    r"(?:opposite|reverse|contrary|other way a?round|nothing like (?:that|it|this))\b",
    re.IGNORECASE,
)
"""Says that nothing told before holds of the asker's own organization ("we are the opposite: everybody decides")."""


class Consultation:
    """Asks an ``adviser``, who is None where no rules stand beside the documents: then there is no advice."""

    def __init__(self, outline: Outline, adviser: Adviser | None, judgment: Judgment) -> None:
        self._outline = outline
        self._adviser = adviser
        self._judgment = judgment

    def advice(self, question: str, standalone: str, history: History) -> Advice | None:
        """Advice, by what was said in the conversation; a follow-up in full words says itself what it is about."""
        if self._adviser is None or self._compares_options(question, standalone):
            return None
        earlier = earlier_questions(history)
        if earlier and puts_another_case(question):
            of_a_case = wants_advice(earlier[0]) or self._adviser.describes(earlier[0])
            before = () if _OF_ANOTHER.match(without_opener(question)) else earlier[:_READ_OF_CONVERSATION]
            return self._adviser.advise_otherwise(question, before) if of_a_case else None
        if self._asks_of_one(question, _said(question, history)):
            return None
        again = bool(earlier) and not content_set(question)  # "Why?" after advice asks for its reasons.
        if not self._adviser.asks_for_advice(earlier[0] if again else question, history):
            return None
        in_full = history and "(" not in standalone and standalone != asked_for(question)
        return self._adviser.advise(_said(standalone if in_full else question, history))

    def undecided(self, asked: str, history: History) -> tuple[Sentence, ...]:
        """What to say where advice is asked for an organization of which nothing that is known points to an option."""
        adviser = self._adviser
        if adviser is None or kind(asked) != "advise" or not adviser.asks_for_advice(asked, history):
            return ()
        text = adviser.undecided(_said(asked, history))
        return (*self._judgment.sentences()[-1:], Sentence(text, "supported", 1.0)) if text else ()

    def asked_back(self, asked: str, history: History) -> tuple[Sentence, ...]:
        """A question to ask back, after what the guidance says to anybody; empty where the question can be answered."""
        options = frozenset().union(*(option.own for option in self._outline.options))
        adviser = self._adviser
        if adviser is not None:
            options |= adviser.calling.stems
            describes = speaks_of_itself(asked) and adviser.only_describes(asked)
            if describes or leaves_choice_open(asked, self._outline.common, options):
                return self._what_rules_go_by(adviser, asked, history, alone=describes)
        return ()

    def unadvised(self, asked: str, history: History) -> tuple[Sentence, ...]:
        """What to ask back where advice is asked for and nothing is known that the rules go by."""
        adviser = self._adviser
        if adviser is None:
            return ()
        of_other = _FOR_ORGANIZATION.search(asked) is not None and wants_advice(asked)
        if not of_other and (kind(asked) != "advise" or not adviser.asks_for_advice(asked, history)):
            return ()
        thing = _ADVISED_ON.search(asked)
        stems = content_set(thing["one"] or thing["other"]) if thing else frozenset()
        if stems - self._outline.vocabulary and not stems & OPTION_NOUNS:
            return ()  # Something of which the guidance does not speak: "suggest a restaurant".
        return self._what_rules_go_by(adviser, asked, history, alone=False)

    def _what_rules_go_by(self, adviser: Adviser, asked: str, history: History, *, alone: bool) -> tuple[Sentence, ...]:
        """The question for what the rules go by, unless it is to stand ``alone`` after what holds for anybody."""
        back = Sentence(adviser.question(None, _said(asked, history)), "supported", 1.0)
        return (*(() if alone else self._judgment.sentences()[-1:]), back)

    def _asks_of_one(self, question: str, said: str) -> bool:
        """Whether something is asked of the one option that a question names, and neither whether to choose it nor
        what follows for an organization of which several things were ``said``.
        """
        if self._adviser is None or kind(question) != "direct" or wants_choice(question):
            return False
        return len(self._adviser.calling.called(question)) == 1 and not self._adviser.describes_plainly(said)

    def _compares_options(self, question: str, standalone: str) -> bool:
        """Whether options are set against each other for anybody: nothing is told of the asker's organization.

        Or no advice is wanted, and the question names them as it stands alone.
        """
        if kind(question) == "direct" and compares(question):
            return len(self._outline.named(standalone)) >= _SEVERAL
        if kind(question) != "compare":
            return False
        for_anybody = not speaks_of_itself(question) and len(self._outline.named(question)) >= _SEVERAL
        return for_anybody or (len(self._outline.named(standalone)) >= _SEVERAL and not wants_advice(question))


def _said(question: str, history: History) -> str:
    """The last messages of a conversation with the question, as one text; it alone where it turns them round."""
    if _OPPOSITE.search(question):
        return question
    said = (*reversed(earlier_questions(history)), question)[-_READ_OF_CONVERSATION:]
    return " ".join(text if text[-1] in ".?!" else f"{text}." for text in said)
