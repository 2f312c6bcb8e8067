"""What an answer to a question is made of: what rules know, the list that is asked for, or the statements to read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.answering.ruled import Ruled, Rules
from assistant.comparing.focusing import Read
from assistant.contents.apart import counterparts, sets_apart
from assistant.contents.conflicting import Disputes
from assistant.contents.defining import defining
from assistant.contents.differing import READ, Thing, things
from assistant.contents.enumerated import introduced
from assistant.contents.finder import StatementFinder
from assistant.contents.outline import Outline
from assistant.contents.placed import placed
from assistant.contents.statements import Statement, quoted
from assistant.conversation.told_again import after_told, told_last, told_less
from assistant.evidence.choosing import Chooser
from assistant.evidence.material import Material
from assistant.evidence.subquestions import SubQuestion, in_parts, shared_out, with_following, with_statements, wordings
from assistant.lists.asked_for import Listed
from assistant.lists.enumerations import Enumerations, asks_for_points
from assistant.lists.selecting import Selecting
from assistant.questions.kinds import asks_for_several, kind
from assistant.records import History, Sentence
from assistant.words import content_set
from index import Hit

_INTRODUCING = (1, 3)
"""How many of the nearest statements may introduce a list: for a direct question, and for one that asks for a list."""

Beside = Callable[[Sequence[Statement]], Disputes]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What an answer is made of. ``ready`` are its sentences where nothing needs to be judged or written."""

    ruled: Ruled
    ready: tuple[Sentence, ...]
    material: Material

    def cited(self) -> tuple[str, ...]:
        """The ids of the passages that an answer may cite."""
        parts = (one for part in self.material.parts for one in part.statements)
        return (*self.ruled.cited(), *(one.passage.id for one in (*self.material.chosen, *parts)))


class Gatherer:
    """Gathers from the passages found for a question.

    ``reads`` says whether a language model can tell points apart, ``disputes`` gives what documents say otherwise.
    """

    def __init__(
        self, rules: Rules, outline: Outline, finder: StatementFinder, disputes: Beside, *, reads: bool
    ) -> None:
        self._rules = rules
        self._outline = outline
        self._finder = finder
        self._chooser = Chooser(finder, outline)
        self._enumerations = Enumerations(outline, finder)
        self._selecting = Selecting(outline, finder)
        self._disputes = disputes
        self._reads = reads

    def gather(
        self, asked: str, question: str, history: History, hits: Sequence[Hit], read: Read | None = None
    ) -> Gathered:
        """What answers ``question``, which stands alone and was ``asked`` in other words; rules are tried first.

        They ask a model that can ``read`` what bears on the aspect of a comparison.
        """
        evidence = self._finder.found(wordings(asked, question), hits)
        evidence = self._finder.by_meaning(question, evidence)
        evidence = self._of_options(question, told_less(asked, history, evidence))
        evidence = told_last(asked, history, evidence)
        ruled = self._rules.ruled(asked, question, history, read)
        parts = () if ruled.sentences or ruled.section else self._parts(asked, question, evidence, hits, read)
        listed = self._listed(question, ruled, parts, evidence, hits, read)
        disputes = self._disputes((*evidence, *listed.items))
        sure = (quoted(statement) for statement in listed.items if listed.sure)
        ready = ruled.sentences or tuple(one for sentence in sure for one in disputes.beside(sentence))
        points = listed.points if self._reads else ()
        material = Material(hits, parts, listed.items, points, listed.items or points, otherwise=ruled.otherwise)
        material = replace(material, evidence=tuple(evidence))
        if not ready and not (material.chosen and listed.sure):
            plain = self._plain(asked, question, material, disputes)
            after = () if plain.parts else self._after_told(asked, question, history, evidence)
            plain = replace(plain, chosen=tuple({one.key: one for one in (*plain.chosen, *after)}.values()))
            material = replace(material, instead=plain) if material.chosen else plain
        return Gathered(ruled, ready, material)

    def _plain(self, asked: str, question: str, material: Material, disputes: Disputes) -> Material:
        """What to read and write from where no list is told whole."""
        plain, parts, evidence = not material.parts and kind(asked) == "direct", material.parts, material.evidence
        chosen = self._chooser.choose(question, kind(asked), evidence, parts)
        wider = () if parts else self._chooser.widened(chosen, evidence)
        return replace(
            material,
            listed=(),
            points=(),
            chosen=chosen,
            disputed=disputes.about(chosen[0]) if chosen and plain else (),
            defined=plain and bool(defining(question, self._outline)),
            wider=wider,
            differing=() if parts else self._differing(question, evidence),
            lists=self._enumerations.standing(evidence) if asks_for_several(asked) and not parts else (),
            against=self._against(question, wider or [one for part in parts for one in part.nearest], evidence),
        )

    def _after_told(
        self, asked: str, question: str, history: History, evidence: Sequence[Statement]
    ) -> list[Statement]:
        """What stands after what was told last, as near to a follow-up as it is."""
        after = after_told(asked, history, evidence)
        keys = {one.key for one in after}
        scored = self._finder.by_meaning(question, self._finder.nearest((question,), after)) if after else []
        return [one for one in scored if one.key in keys]

    def _differing(self, question: str, evidence: Sequence[Statement]) -> tuple[Thing, ...]:
        """Two things whose difference is asked for, each with the statements to read for it."""

        def nearest(asked: str) -> tuple[Statement, ...]:
            return tuple(self._finder.by_meaning(asked, self._finder.nearest((asked,), evidence))[:READ])

        found = things(question, evidence)
        return tuple(replace(one, statements=nearest(one.asked)) if one.compared else one for one in found)

    def _of_options(self, question: str, evidence: Sequence[Statement]) -> list[Statement]:
        """The statements, those last that stand under another option than the question names and do not name it."""
        group = self._outline.rivals(question)
        named = self._outline.named(question)
        if group is None or not self._outline.chosen_between(group) or kind(question) == "compare":
            return list(evidence)
        others = [option.node for option in group.options if option not in named]

        def elsewhere(one: Statement) -> bool:
            said = content_set(one.with_headings)
            under = any(node.holds(one.passage) for node in others)
            return under and not any(option.own <= said for option in named)

        return sorted(evidence, key=elsewhere)

    def _against(
        self, question: str, read: Sequence[Statement], evidence: Sequence[Statement]
    ) -> dict[tuple[str, int], tuple[Statement, ...]]:
        """What stands over against the statements that are read, where the question sets two things apart."""
        if not sets_apart(question):
            return {}
        return {one.key: counterparts(one, evidence, self._outline.options) for one in read}

    def _listed(
        self,
        question: str,
        ruled: Ruled,
        parts: Sequence[SubQuestion],
        evidence: Sequence[Statement],
        hits: Sequence[Hit],
        read: Read | None,
    ) -> Listed:
        """The list asked for: a section, an item by its place, what a model reads, or stands under a heading."""
        if ruled.section:
            return Listed(ruled.section, sure=True)
        if ruled.sentences or parts:
            return Listed()
        listed = Listed(*placed(question, evidence, self._outline))
        if not listed.items:
            listed = self._rules.lists.listed(question)
        if not self._reads and listed.told:
            return Listed(listed.told, sure=True)
        if kind(question) == "compare":
            return listed  # One list says of one thing only.
        if read is not None and not listed.sure:
            near = partial(self._enumerations.tables, question, hits)
            answering = self._selecting.rows(question, hits, read, near) or self._selecting.among(
                question, self._enumerations.answering(question, hits, read, evidence), read
            )
            listed = Listed(answering, sure=True) if answering else listed
        if not (listed.items or listed.points):
            nearest = evidence[: _INTRODUCING[kind(question) == "list"]]
            return Listed(introduced(question, nearest, self._outline))
        return listed

    def _parts(
        self, asked: str, question: str, evidence: Sequence[Statement], hits: Sequence[Hit], read: Read | None
    ) -> tuple[SubQuestion, ...]:
        """The parts of a question that has several, each with its statements; empty for one question."""
        parts = in_parts(asked, question, self._outline.rival_names)
        named = self._rules.naming.named
        parts = tuple(replace(part, text=part.text if "(" in part.text else named(part.text)) for part in parts)
        parts = tuple(with_statements(part, evidence, self._outline, self._finder) for part in parts)
        parts = with_following(parts, evidence, self._finder)
        return tuple(
            replace(part, listed=self._enumerations.answering(part.text, hits, read))
            if read is not None and asks_for_points(part.asked) and not (part.listed or part.defined)
            else part
            for part in shared_out(parts)
        )
