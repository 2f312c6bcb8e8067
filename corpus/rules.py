"""The straight lines that a page draws: which make one line, and which lie below one another."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

NEAR = 3.0
"""Points within which two places are the same."""

_LEAST_WIDTH = 60.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, horizontal or vertical, as the box that it fills, in points from the lower left corner."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def level(self) -> bool:
        """Whether it is horizontal."""
        return self.right - self.left >= self.top - self.bottom


Level = tuple[Rule, tuple[float, ...]]
"""A horizontal rule, and the places at which those meet that it is pieced together from."""


def pieced(rules: Sequence[Rule]) -> list[Level]:
    """Rules at one height that touch, as one, with the places at which they touch."""
    joined: list[Level] = []
    for rule in sorted(rules, key=lambda rule: (-round(rule.bottom), rule.left)):
        before, breaks = joined[-1] if joined else (rule, ())
        if joined and abs(before.bottom - rule.bottom) < NEAR and rule.left <= before.right + 2 * NEAR:
            touching = (*breaks, rule.left) if rule.left > before.left + NEAR and rule.right > before.right else breaks
            joined[-1] = (replace(before, right=max(before.right, rule.right)), touching)
        else:
            joined.append((rule, ()))
    return [(rule, breaks) for rule, breaks in joined if rule.right - rule.left >= _LEAST_WIDTH]


def stacked(level: Sequence[Level]) -> list[list[Level]]:
    """Rules that begin and end at the same places below one another, two or more."""
    groups: list[list[Level]] = []
    for rule, breaks in level:
        for group in groups:
            above = group[-1][0]
            if abs(above.left - rule.left) < NEAR and abs(above.right - rule.right) < NEAR:
                if above.bottom - rule.bottom > NEAR:
                    group.append((rule, breaks))
                break
        else:
            groups.append([(rule, breaks)])
    return [group for group in groups if len(group) >= 2]


def reaches(rule: Rule, edges: Sequence[float]) -> bool:
    """Whether a rule reaches from the edge of a column to that of another."""
    starts, ends = (bisect_left(edges, side - NEAR) for side in (rule.left, rule.right))
    near = all(
        place < len(edges) and abs(edges[place] - side) < NEAR
        for place, side in ((starts, rule.left), (ends, rule.right))
    )
    return near and starts < ends


def together(parts: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches of a line, those that touch as one."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(parts):
        if merged and start <= merged[-1][1] + NEAR:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def covered(parts: Sequence[tuple[float, float]], places: Sequence[float]) -> list[bool]:
    """Whether each place lies in one of the stretches, which are in order and apart."""
    starts = [start for start, _ in parts]
    held = [bisect_right(starts, place) - 1 for place in places]
    return [part >= 0 and place <= parts[part][1] for part, place in zip(held, places, strict=True)]
