"""The statements that a direct answer is read and written from: few enough to be read quickly."""

from collections.abc import Sequence

from assistant.contents.defining import defining
from assistant.contents.finder import StatementFinder
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement, split_statements
from assistant.evidence.subquestions import SubQuestion
from assistant.questions.kinds import Kind
from assistant.questions.question import clauses
from assistant.words import content_set, coverage

_LISTED = 10
_BOUNDS = {"direct": (4, 600), "parts": (6, 900), "compare": (6, 1_000), "advise": (6, 1_000), "list": (_LISTED, 2_000)}
"""Statements and characters of them: each hundred characters cost the embedded model about half a second of reading."""
_SECOND_LOOK = (14, 1_800)
"""Statements, and characters of them, that are read where fewer do not surely answer."""
_FAR_FROM_BEST = 1.0
"""How far below the best statement another may score and still be read for a direct question, beyond the second."""
_READ_ANYWAY = 2
_BY_MEANING = 2
"""How many of the next best are those nearest in meaning alone, whatever words and vectors say."""
_SAME = 0.85


class Chooser:
    """Chooses statements among those that were found."""

    def __init__(self, finder: StatementFinder, outline: Outline) -> None:
        self._finder = finder
        self._outline = outline

    def choose(
        self,
        question: str,
        asked: Kind,
        evidence: Sequence[Statement],
        in_parts: Sequence[SubQuestion] = (),
    ) -> tuple[Statement, ...]:
        """The statements to answer from, best first: few enough to be read quickly, none said twice.

        A description gives each of its clauses the statement nearest to it, a question in parts each part its own; a
        question for a list gets all that stands beside its best statements.
        """
        pool = list(evidence)
        wanted = pool[:_LISTED]
        if asked == "advise":
            firsts = [self._finder.score(clause, pool)[:1] for clause in clauses(question)]
            wanted = _unique([*pool[:2], *(s for first in firsts for s in first), *pool[2:]])
        elif in_parts:
            # The items of a list are told anyway and need not be read.
            read = [part for part in in_parts if not part.listed] or in_parts
            places = max(len(part.statements) for part in read)
            rows = [part.statements[place : place + 1] for place in range(places) for part in read]
            wanted = _unique([*(s for row in rows for s in row), *pool])
        elif first := defining(question, self._outline):
            wanted = _unique([*first, *pool])
        elif asked == "list":
            wanted = _unique([*self._siblings(wanted), *wanted])
        if asked == "direct" and not in_parts:
            least = max((s.score for s in wanted), default=0.0) - _FAR_FROM_BEST
            wanted = [s for place, s in enumerate(wanted) if place < _READ_ANYWAY or s.score >= least]
        chosen = _different(wanted, _BOUNDS["parts" if in_parts else asked])
        return chosen if in_parts or asked == "list" else _with_best_by_themselves(chosen, pool)

    def widened(self, chosen: Sequence[Statement], evidence: Sequence[Statement]) -> tuple[Statement, ...]:
        """What was chosen and the next best statements: read where what was chosen does not answer the question."""
        return _different([*chosen, *_nearest_in_meaning(evidence)[:_BY_MEANING], *evidence], _SECOND_LOOK)

    def _siblings(self, statements: Sequence[Statement]) -> list[Statement]:
        """The first statements of all sections that stand beside those of the best statements."""
        parents = [(s.passage.document, s.passage.path[:-1]) for s in statements[:4] if len(s.passage.path) >= 2]
        for document, path in dict.fromkeys(parents):
            node = self._outline.node(document, path)
            if node is not None and parents.count((document, path)) >= 2 and 2 <= len(node.children) <= _LISTED:
                passages = [passage for child in node.children for passage in child.passages()[:1]]
                return [s for passage in passages for s in split_statements(passage)[:1]]
        return []


def _different(statements: Sequence[Statement], bounds: tuple[int, int]) -> tuple[Statement, ...]:
    """The first statements, none said twice: at most so many, and of so many characters beyond the first."""
    limit, most = bounds
    chosen: list[Statement] = []
    characters = 0
    for statement in _unique(statements):
        characters += len(statement.text)
        if len(chosen) >= limit or (chosen and characters > most):
            break
        stems = content_set(statement.text)
        if all(coverage(stems, content_set(other.text)) < _SAME for other in chosen):
            chosen.append(statement)
    return tuple(chosen)


def _with_best_by_themselves(chosen: tuple[Statement, ...], pool: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements chosen with, after the first, the one that scores best, whatever passage it stands in, and last
    the one that is nearest in meaning alone."""
    best = max(pool, key=lambda one: one.score - one.standing, default=None)
    alone = [best] if best and all(best.key != one.key for one in chosen) else []
    return tuple(_unique([*chosen[:1], *alone, *chosen[1:], *_nearest_in_meaning(pool)[:1]]))


def _nearest_in_meaning(statements: Sequence[Statement]) -> list[Statement]:
    """The statements by their nearness in meaning alone, as far as that is known, the nearest first."""
    return sorted((one for one in statements if one.meaning > 0), key=lambda one: -one.meaning)


def _unique(statements: Sequence[Statement]) -> list[Statement]:
    return list({statement.key: statement for statement in statements}.values())
