"""Statements read one by one by a model that was trained to judge: what answers is told at once, in its own words."""

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from assistant.contents.statements import Statement, adds, following, neighbours, quoted_after, split_statements
from assistant.evidence.material import Judged, Material
from assistant.evidence.subquestions import EACH_PART, SubQuestion, with_earlier
from assistant.judging.amounts import with_steps
from assistant.judging.answer_kind import LACKING, lacks_kind_of_answer
from assistant.judging.answerability import Answerability
from assistant.judging.verdicts import AddTime, Verdicts
from assistant.models import LanguageModel
from assistant.models.calibrated import logit
from assistant.questions.kinds import kind
from assistant.records import Event, Stage, Written
from corpus import Passage

_SURE = 0.65
"""A yes with which a statement is told before the next one is read."""
_ADDED = 0.2
"""A yes with which a statement is told that says itself that it adds to the one just told."""
_OF_NEARNESS = 2.0
"""How much a statement's score for the question counts beside the log odds of its yes, for what it is worth."""
_AGAINST = 0.2
"""A yes with which a statement is told that stands over against one that was told."""
_OF_BOTH, _OF_ONE = 0.1, 0.3
"""The yes that each of two things needs that are compared by something, and that one of them needs."""
_NEAR_BEST, _LEAST = 1.6, 0.1
"""How much less than the best another statement may be worth and be told beside it, and the yes that it needs."""
_NEAR_DOUBTED, _LEAST_DOUBTED = 2.6, 0.05
"""The same where none surely answers: which of them does is less clear then."""
_NEXT_TO = 0.35
"""The yes that one needs which was read only because it stands right next to the best."""
_MOST, _DOUBTED, _LISTED = 4, 3, 6
"""How many statements are told to a question, to one that none surely answers, and to one that asks for a list."""
_BESIDE = 6
"""How many statements that stand beside one that was told are read for a list."""
_POINTS_TOLD, _OF_A_LIST = 2, 3
"""Of a list so many points at least, one in so many, have to be told for the others to be told too."""
_HOLDS_NO_LONGER = re.compile(
    r"\b(?:(?:has|have|had|was|were|is|are) (?:since |now |then |later )?(?:been )?(?:since )?"
    r"(?:lifted|replaced|withdrawn|repealed|abolished|superseded|revoked|cancelled|canceled|scrapped|overtaken|amended)"
    r"|no longer (?:appl\w+|holds?|in force|valid)|(?:has|have) (?:since )?expired|(?:does|do) not apply any ?more)\b",
    re.IGNORECASE,
)
_FURTHER = 9
"""How many more statements are read where the first do not surely answer."""
_WHOLE = 6
"""For a part that nothing surely answers, so many of the statements nearest to the whole question are read too."""
_NOTHING_NEAR = 0.05
"""Where every yes is below, nothing further is read, unless a follow-up in few words was put."""
DOUBT = (0.12, 0.42)
"""Between these probabilities the first statements are read together too."""


def holds_no_longer(text: str) -> bool:
    """Whether a text says of what stands before it that it holds no longer."""
    return _HOLDS_NO_LONGER.search(text) is not None


class Reading:
    """One question, or its parts, put by ``model`` to the statements one by one: ``events``.

    A probability of ``threshold`` answers, None for the calibrated one. Where ``several`` things are asked for, more is
    told, and what stands beside something that answers is read as well. For ``plain``, ``follows``, ``own`` and
    ``off_subject`` see ``Verdicts``. ``judged`` is what has come of it so far.
    """

    def __init__(
        self,
        model: LanguageModel,
        answerability: Answerability,
        threshold: float | None,
        question: str,
        material: Material,
        cancelled: Callable[[], bool],
        add: AddTime,
        plain: Callable[[str], str] = str,
        *,
        several: bool = False,
        follows: bool = False,
        own: str | None = None,
        off_subject: frozenset[str] = frozenset(),
    ) -> None:
        self._answerability = answerability
        self._least = answerability.least("alone") if threshold is None else threshold
        self._least_part = answerability.least("part") if threshold is None else threshold
        self._plain = plain
        self._several = several
        self._follows = follows
        self._question = question
        self._material = material
        self._cosine = max((hit.dense for hit in material.hits), default=0.0)
        self._cancelled = cancelled
        self._said: list[Statement] = []
        self._missing: list[str] = []
        self._told = 0
        self._probability = 0.0
        self._sure = False
        self._verdicts = Verdicts(
            model, question, material, add, plain, follows=follows, own=own, off_subject=off_subject
        )

    @property
    def judged(self) -> Judged:
        """Whether anything answered, how probably, and the parts that nothing answered."""
        doubtful = not self._sure and self._probability < DOUBT[1]
        return Judged(self._told > 0, round(self._probability, 4), tuple(self._missing), self._verdicts.asked, doubtful)

    @property
    def sure(self) -> bool:
        """Whether a statement surely answered."""
        return self._sure

    def events(self) -> Iterator[Event]:
        """The statements that answer, each as soon as it is known to."""
        if self._material.parts:
            yield from self._parts()
        if not self._told:
            yield from self._of_compared()
        if not self._told:
            yield from self._whole()
            yield from self._of_things()
            if self._told:  # Of the parts none is known to be left out.
                self._missing.clear()

    def _whole(self) -> Iterator[Event]:
        material = self._material
        passages = material.passages
        further = [one for one in material.wider if one not in material.chosen][:_FURTHER]
        most = _LISTED if self._several else _MOST
        yield from self._answering(self._question, passages, self._cosine, material.chosen, further, most)

    def _of_compared(self) -> Iterator[Event]:
        """What each of two things means for what they are compared by, where something is said of that for both."""
        best: list[tuple[float, Statement]] = []
        for thing in (one for one in self._material.differing if one.compared):
            read: list[tuple[float, Statement]] = []
            for statement in thing.statements:
                if self._cancelled():
                    return
                read.append((self._verdicts.yes(thing.asked, (statement.whole,)), statement))
            if read:
                best.append(max(read, key=_worth))
        least, most = (pick((yes for yes, _ in best), default=0.0) for pick in (min, max))
        if len(best) > 1 and least >= _OF_BOTH and most >= _OF_ONE:
            self._sure = least >= _SURE
            self._probability = max(
                self._probability, self._answerability.alone([yes for yes, _ in best], self._cosine)
            )
            for _, statement in best:
                yield from self._tell(statement)

    def _of_things(self) -> Iterator[Event]:
        """What each of two things is whose difference is asked for, unless what was told says that of it alone."""
        for thing in self._material.differing:
            known = {one.key for one in self._said}
            passed = thing.compared or known & {one.key for one in thing.statements}
            for statement in () if passed else thing.statements:
                yes = 0.0 if self._cancelled() else self._verdicts.yes(thing.asked, (statement.whole,))
                if yes >= _SURE:
                    self._sure = True
                    self._probability = max(self._probability, self._answerability.alone([yes], self._cosine))
                    yield from self._tell(statement)
                    break

    def _parts(self) -> Iterator[Event]:
        parts, passages = self._material.parts, self._material.passages
        start = 0
        for place, part in enumerate(parts):
            if self._cancelled():
                return
            latest, start = self._said[start:], len(self._said)
            known = part.listed or (_with_also(part.nearest[0]) if part.defined else ())
            if known:
                self._probability, self._sure = 1.0, True
                for statement in known:
                    yield from self._tell(statement)
                continue
            before = self._told
            text = with_earlier(part, parts[place - 1]) if place else part.text
            most = EACH_PART[kind(part.asked)]
            # What answers this part may stand beside what the one before was told.
            beside = (one for said in latest for one in self._material.against.get(said.key, ()))
            nearest = {one.key: one for one in (*part.nearest, *beside)}
            others = {one.key: one for one in (*part.further, *self._material.evidence[:_WHOLE])}.values()
            further = [one for one in others if one.key not in nearest and not self._known(one)][:_FURTHER]
            cosine = self._answerability.nearest(part.text, passages)
            yield from self._answering(text, passages, cosine, tuple(nearest.values()), further, most, part)
            if self._told == before:
                self._missing.append(part.asked)

    def _answering(
        self,
        question: str,
        passages: Sequence[Passage],
        cosine: float,
        first: Sequence[Statement],
        further: Sequence[Statement],
        most: int,
        part: SubQuestion | None = None,
    ) -> Iterator[Event]:
        """The statements that answer one question, at most ``most`` of the ``first``; of ``further`` ones the next.

        A ``part`` is read with what it rests on. What was told to another part answers that; to be told to this one as
        well, it has to answer its own words.
        """
        asked = part.text if part else question
        texts = [passage.searched_text for passage in passages]
        near = max((one.meaning for one in first), default=0.0)
        if lacks_kind_of_answer(self._plain(asked), texts) or self._answerability.hopeless(
            asked, passages, cosine, near
        ):
            words = self._answerability.score(asked, passages, None, cosine).probability
            self._probability = max(self._probability, min(words, LACKING))
            return
        least = self._least_part if part else self._least
        read: list[tuple[float, Statement]] = []
        told, beside, probability = 0, 0, 0.0
        amounts = self._verdicts.amounts(question)
        waiting = deque(with_steps(amounts, first))
        adding: Statement | None = None
        further_on = False
        while waiting or not (told or further_on):
            if not waiting:
                nothing = max((yes for yes, _ in read), default=0.0) < _NOTHING_NEAR
                if not further or (nothing and not self._follows):
                    break
                further_on = True
                known = {one.key for _, one in read}
                waiting.extend(one for one in with_steps(amounts, further) if one.key not in known)
                yield Stage(f"Looking further: reading {len(further)} more statements from the guidance")
            if self._cancelled():
                return
            statement = waiting.popleft()
            yes = self._verdicts.yes(question, (statement.whole,))
            if part and yes >= _SURE and part.asked != question and self._known(statement):
                yes = min(yes, self._verdicts.yes(part.asked, (statement.whole,)))
            read.append((yes, statement))
            probability = self._answerability.alone([yes for yes, _ in read], cosine)
            if yes < (_ADDED if statement is adding else _SURE) or probability < least:
                continue
            if further_on:
                break
            told += 1
            self._sure = True
            yield from self._tell(statement)
            if told == most:
                break
            if self._several and not part and beside < _BESIDE:
                known = {one.key for one in (*waiting, *(one for _, one in read))}
                new = [one for one in neighbours(statement) if one.key not in known]
                waiting.extendleft(reversed(new))
                beside += len(new)
            adding = _also(statement)
            if adding is not None and all(adding.key != other.key for _, other in read):
                waiting = deque([adding, *(one for one in waiting if one.key != adding.key)])
        if not told and not part and len(first) > 1 and DOUBT[0] <= probability < DOUBT[1]:
            probability = self._answerability.doubted(probability, self._verdicts.yes(question, first))
        best = max((yes for yes, _ in read), default=0.0)
        if best < _SURE <= self._verdicts.elsewhere(question):
            probability = min(probability, LACKING)  # What would answer is said of something else.
        self._probability = max(self._probability, probability)
        if probability < least:
            return
        beside_best = [] if part or told == most else self._next_to(question, read)
        answering = [*read, *(pair for pair in beside_best if pair[0] >= _NEXT_TO)]
        left = most - told if told or self._several else min(most, _DOUBTED)
        for statement in self._worth_most(answering, besides=told > 0)[:left]:
            yield from self._tell(statement)
        if self._several and not part:
            yield from self._completed()
        yield from self._superseded()
        if not part:
            yield from self._other_side(question, [*read, *beside_best])

    def _completed(self) -> Iterator[Event]:
        """The rest of a list of which two points or more were told, and a third of it at least."""
        for points in self._material.lists:
            told = [one for one in points if self._known(one)]
            if len(told) >= _POINTS_TOLD and len(told) * _OF_A_LIST >= len(points):
                for statement in points:
                    if not self._known(statement):
                        yield from self._tell(statement)

    def _superseded(self) -> Iterator[Event]:
        """What says right after something told that it holds no longer ("That ban has been lifted")."""
        for statement in list(self._said):
            for after in following(statement)[:1]:
                goes_on = after.since == statement.start and not self._known(after)
                if goes_on and holds_no_longer(after.text):
                    yield from self._tell(after)

    def _other_side(self, question: str, read: Sequence[tuple[float, Statement]]) -> Iterator[Event]:
        """What stands over against a statement that was told, the surest of it, and answers as well."""
        against = [one for said in self._said for one in self._material.against.get(said.key, ())]
        known = {one.key: yes for yes, one in read}
        worth: list[tuple[float, Statement]] = []
        for one in {one.key: one for one in against if not self._known(one)}.values():
            if self._cancelled():
                return
            worth.append((known[one.key] if one.key in known else self._verdicts.yes(question, (one.whole,)), one))
        yes, best = max(worth, key=lambda value: value[0], default=(0.0, None))
        if best is not None and yes >= _AGAINST:
            yield from self._tell(best)

    def _next_to(self, question: str, read: Sequence[tuple[float, Statement]]) -> list[tuple[float, Statement]]:
        """What stands right after and before the statement that is worth most, read as well: it may go with it.

        Only what was found for the question too, with its own score: what is planted there is about something else.
        """
        _, best = max(read, key=_worth)
        known = {one.key for _, one in read}
        found = {one.key: one for one in self._material.evidence if one.key not in known}
        new = [found[one.key] for one in neighbours(best) if one.key in found]
        return [(self._verdicts.yes(question, (one.whole,)), one) for one in new if not self._cancelled()]

    def _worth_most(self, read: Sequence[tuple[float, Statement]], *, besides: bool) -> list[Statement]:
        """Of the statements read those that are worth most and are not told yet, the best first.

        ``besides`` where some of them were told; otherwise one that was told to another part may answer this one too.
        """
        ranked = sorted(read, key=_worth, reverse=True)
        new = [pair for pair in ranked if not self._known(pair[1])]
        told = new if besides else new or ranked
        below, yes = (_NEAR_BEST, _LEAST) if besides else (_NEAR_DOUBTED, _LEAST_DOUBTED)
        least = _worth((ranked if besides else told)[0]) - below
        first, rest = ([], told) if besides else (told[:1], told[1:])
        near = [pair for pair in rest if pair[0] >= _SURE or (pair[0] >= yes and _worth(pair) >= least)]
        return [one for _, one in (*first, *near)]

    def _known(self, statement: Statement) -> bool:
        return any(statement.key == other.key for other in self._said)

    def _tell(self, statement: Statement) -> Iterator[Event]:
        """A statement in its own words, with the one before it where it points there, unless it was told already."""
        self._told += 1
        if self._known(statement):
            return
        sentence = quoted_after(statement, self._said)
        self._said.append(statement)
        yield Written(sentence)


def _worth(read: tuple[float, Statement]) -> float:
    """What a statement is worth as an answer: by its yes, and by its score for the question."""
    yes, statement = read
    return logit(yes) + _OF_NEARNESS * statement.score


def _with_also(statement: Statement) -> tuple[Statement, ...]:
    """A statement with the next one, where that says that it adds to it."""
    adding = _also(statement)
    return (statement, adding) if adding else (statement,)


def _also(statement: Statement) -> Statement | None:
    """The next statement of the same passage, where it says that it adds to this one."""
    following = next((one for one in split_statements(statement.passage) if one.start >= statement.end), None)
    return following if following is not None and adds(following) else None
