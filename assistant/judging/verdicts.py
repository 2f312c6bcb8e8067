"""How surely a model that judges says that statements answer a question, once rules have said which of them cannot."""

import time
from collections.abc import Callable, Sequence
from functools import cached_property

from assistant.contents import prompting
from assistant.contents.cells import lacks_column_named, of_columns_named
from assistant.contents.statements import Statement
from assistant.conversation.standing_alone import elliptic
from assistant.evidence.material import Material
from assistant.judging.amounts import Amounts
from assistant.judging.answer_kind import is_of_another_kind, tells_nothing
from assistant.judging.answerability import task
from assistant.judging.things_named import ThingsNamed
from assistant.judging.years import of_another_year
from assistant.models import LanguageModel, yes_probability
from assistant.models.calibrated import logit, of_log_odds
from assistant.questions.putting import after_part, follow_up, in_order
from corpus import Passage

_OF_OWN, _LEAST_OWN = 0.7, 0.05
"""How much the log odds of the own words of a follow-up or a part count beside those with the question before it, and
the yes to them from which on those are asked for too."""
_OFF_SUBJECT = 3.0
"""So much less are the log odds of a yes to a statement whose document is about another subject than the question."""

AddTime = Callable[[str, float], None]


def answers(model: LanguageModel, question: str, statements: Sequence[Statement], add: AddTime) -> float:
    """How surely ``model`` says that statements, read together, answer the question; ``add`` gets the time it took."""
    since = time.perf_counter()
    yes = yes_probability(model, prompting.messages(statements, question, task())) or 0.0
    add("verify", since)
    return yes


class Verdicts:
    """What ``model`` says of statements of some ``material``, for one ``question`` or its parts.

    Questions are put as ``plain`` gives them. ``own`` are the words in which it was asked, before anything was put into
    it from the conversation; where it ``follows`` what was asked before, these count more. ``off_subject`` are
    documents about another subject than the question.
    """

    def __init__(
        self,
        model: LanguageModel,
        question: str,
        material: Material,
        add: AddTime,
        plain: Callable[[str], str],
        *,
        follows: bool,
        own: str | None,
        off_subject: frozenset[str],
    ) -> None:
        self._model = model
        self._question = question
        self._material = material
        self._add = add
        self._plain = plain
        self._follows = follows
        self._own = own
        self._off_subject = off_subject
        self._things: dict[str, ThingsNamed] = {}
        self._amounts: dict[str, Amounts] = {}
        self._elsewhere: dict[str, float] = {}
        self.asked = False
        """Whether the model was asked at all, or would have been if a rule had not answered."""

    def elsewhere(self, question: str) -> float:
        """The surest yes to a statement that tells of another thing or another year than the question asks of."""
        return self._elsewhere.get(question, 0.0)

    def yes(self, question: str, statements: Sequence[Statement]) -> float:
        """How surely the model says that statements answer the question."""
        self.asked = True
        if len(statements) == 1:
            one = of_columns_named(question, statements[0])
            over = " ".join((*one.passage.path, one.before))
            if (
                is_of_another_kind(question, one.text, over, one.meaning)
                or tells_nothing(question, one.text, over)
                or lacks_column_named(question, statements[0])
            ):
                return 0.0
            amounts = self.amounts(question)
            if amounts.passed_over(statements[0]):
                return 0.0
            if self._named(question).told_of_another(statements[0]) or of_another_year(question, statements[0]):
                self._elsewhere[question] = max(self._elsewhere.get(question, 0.0), self._put(question, (one,)))
                return 0.0
            # Which step of a scale it is tells the amount, and whether it answers any of its steps.
            return max(self._put(question, (step,)) for step in (one, *amounts.others(statements[0])))
        named = self._named(question)
        about = [one for one in statements if one.passage.document not in self._off_subject]
        return self._put(question, [one for one in about if not named.told_of_another(one)])

    def _put(self, question: str, statements: Sequence[Statement]) -> float:
        """The model's own yes to statements; none answer nothing."""
        if not statements:
            return 0.0
        asked = self._plain(question)
        beside = after_part if question != self._question else follow_up if self._follows else None
        earlier = beside(asked) if beside else None
        yes = self._yes_to_own(*earlier, statements) if earlier else self._answers(in_order(asked), statements)
        off = any(one.passage.document in self._off_subject for one in statements)
        return of_log_odds(logit(yes) - _OFF_SUBJECT) if off else yes

    def _named(self, question: str) -> ThingsNamed:
        if question not in self._things:
            self._things[question] = ThingsNamed(self._plain(question), self._passages, self._own)
        return self._things[question]

    def amounts(self, question: str) -> Amounts:
        """The amounts that a question names, and the scales on which they lie."""
        if question not in self._amounts:
            self._amounts[question] = Amounts(question, self._passages)
        return self._amounts[question]

    @cached_property
    def _passages(self) -> tuple[Passage, ...]:
        """The passages found, and those in which what may be read stands."""
        material = self._material
        read = (one.passage for one in (*material.chosen, *material.wider, *material.evidence))
        return tuple({one.id: one for one in (*material.passages, *read)}.values())

    def _yes_to_own(self, own: str, beside: str, statements: Sequence[Statement]) -> float:
        """The yes to a follow-up or a part by its ``own`` words and by those with the earlier question ``beside`` them.

        The earlier question draws the yes to what answered that one; where what is asked is left out, it is needed.
        """
        if elliptic(own):
            return self._answers(beside, statements)
        yes = self._answers(own, statements)
        if yes < _LEAST_OWN:
            return yes
        return of_log_odds(_OF_OWN * logit(yes) + (1 - _OF_OWN) * logit(self._answers(beside, statements)))

    def _answers(self, question: str, statements: Sequence[Statement]) -> float:
        return answers(self._model, question, statements, self._add)
