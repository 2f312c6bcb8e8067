"""Which of the options of the rules a text speaks of, by their names or in other words."""

import re
from collections.abc import Callable

from assistant.advising.cues import Cue, compile_cues, spelled, stands
from assistant.advising.rules import Rules
from assistant.contents.options import OPTION_NOUNS
from assistant.questions.kinds import kind
from assistant.words import content_set

_ABSENT = re.compile(
    r"\b(?:no|without)(?: (?:any|big|real|single|formal|strong|clear|proper))? (?!one\b|need\b|longer\b|matter\b)\w+\b",
    re.IGNORECASE,
)
"""What is said not to be there ("no big bosses")."""


class Calling:
    """The options of the rules, as texts call them.

    ``hear`` gives those that a language model hears in a question; it is told how to know the options of a piece of it.
    """

    def __init__(self, rules: Rules, hear: Callable[[str, Callable[[str], tuple[str, ...]]], tuple[str, ...]]) -> None:
        self._rules = rules
        self._hear = hear
        self._called = [(option.name, compile_cues(option.called, {}, spelled)) for option in rules.options]

    def called(self, text: str) -> tuple[str, ...]:
        """The options that a text speaks of in other words, by their names; what it combines it does not mean apart."""
        said = spelled(_ABSENT.sub(" ", text))
        names = tuple(name for name, cues in self._called if stands(cues, said))
        combining = self._rules.combining
        if combining and combining.option in names and kind(text) != "compare":
            return (combining.option,)
        return names

    def beside(self, text: str, name: str) -> tuple[str, ...]:
        """The options besides the one called ``name`` of which a text names who or what makes them out.

        "Compared with when teams do" says of the teams alone what was said of others before.
        """
        said = spelled(text)
        named = ((one, [Cue(cue.parts[:1]) for cue in cues if cue.loose]) for one, cues in self._called if one != name)
        return tuple(one for one, cues in named if one != self.combining and stands(cues, said))

    @property
    def names(self) -> tuple[str, ...]:
        """The options, as sentences call them."""
        return tuple(option.name for option in self._rules.options)

    @property
    def combining(self) -> str:
        """The option that combines the others; empty where there is none."""
        return self._rules.combining.option if self._rules.combining else ""

    def meant(self, question: str) -> tuple[str, ...]:
        """The options, two or more, that a question sets against each other in words that no cue knows; else none."""
        return self._hear(question, self._spoken_of)

    def _spoken_of(self, piece: str) -> tuple[str, ...]:
        """The options that a piece of a question calls by their names or by other words."""
        said = content_set(piece)
        named = (name for name in self.names if content_set(name) - OPTION_NOUNS <= said)
        return tuple(dict.fromkeys((*named, *self.called(piece))))

    def told_apart(self, own: frozenset[str]) -> str:
        """The name of the option that the guidance tells apart by these stems; empty for none."""
        return next((option.name for option in self._rules.options if own <= content_set(option.name)), "")

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the words that the options are called by."""
        return frozenset().union(*map(content_set, self.names))
