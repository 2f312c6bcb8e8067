"""What a direct answer is made from, and the judgement whether it answers the question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.contents.differing import Thing
from assistant.contents.statements import Statement
from assistant.evidence.subquestions import SubQuestion
from assistant.records import Sentence
from corpus import Passage
from index import Hit

_UNSURE = (0.02, 0.5)
"""Between these probabilities more statements are worth reading; below, nothing is near."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether the statements answer the question: the estimated probability, and the parts that they do not answer.

    ``read`` says that a language model was asked and not words and vectors alone, ``doubtful`` that what was told is
    only what comes nearest.
    """

    answerable: bool
    probability: float
    missing: tuple[str, ...] = ()
    read: bool = False
    doubtful: bool = False

    @property
    def unsure(self) -> bool:
        """Whether more statements are worth reading."""
        return self.read and _UNSURE[0] <= self.probability < _UNSURE[1]

    def after(self, first: "Judged") -> "Judged":
        """This judgement of more statements, beside the ``first`` one of some of them: the surer one counts."""
        probability = max(self.probability, first.probability)
        return replace(self, answerable=self.answerable or first.answerable, probability=probability)


@dataclass(frozen=True, slots=True)
class Material:
    """What a direct answer is made from: passages found, and of their statements those to answer from, best first.

    ``parts`` are those of a question that has several, ``listed`` the items of a list that was recognised, ``points``
    those among which the drawbacks or advantages are that are asked for. ``disputed`` is what two documents say
    otherwise about it, and ``otherwise`` what to ask back where nothing answers. ``defined`` says that the question
    is for what stands under a heading that names just what it asks for. ``wider`` are the statements to read, those
    chosen first, before the question is refused, ``evidence`` all that were found. ``against`` is what stands over
    against a statement, by its key, where the question sets two things apart. ``instead`` is what to answer from where
    a list that was recognised only by its meaning turns out not to answer. ``differing`` are two things whose
    difference is asked for. ``lists`` are those in which the evidence for several things stands, each in its order.
    """

    hits: Sequence[Hit]
    parts: tuple[SubQuestion, ...] = ()
    listed: tuple[Statement, ...] = ()
    points: tuple[Statement, ...] = ()
    chosen: tuple[Statement, ...] = ()
    disputed: tuple[Sentence, ...] = ()
    otherwise: tuple[Sentence, ...] = ()
    defined: bool = False
    wider: tuple[Statement, ...] = ()
    evidence: tuple[Statement, ...] = ()
    against: Mapping[tuple[str, int], tuple[Statement, ...]] = field(default_factory=dict)
    instead: "Material | None" = None
    differing: tuple[Thing, ...] = ()
    lists: tuple[tuple[Statement, ...], ...] = ()

    @property
    def read_alone(self) -> bool:
        """Whether each statement may answer by itself: not in a list told whole."""
        return not (self.listed or self.points or self.defined)

    @property
    def passages(self) -> list[Passage]:
        """The passages that were found."""
        return [hit.passage for hit in self.hits]
