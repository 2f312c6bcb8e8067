"""What the factors that are known lead to by the rules, and what would lead elsewhere."""

from collections.abc import Iterable, Mapping

from assistant.advising import wording
from assistant.advising.reading import Reading, known
from assistant.advising.rules import FactorRule, Quote, Rules, Value
from assistant.records import Advice, Citation, Factor


class Weighing:
    """Weighs readings by the rules; ``citations`` are those of the rules' quotes."""

    def __init__(self, rules: Rules, citations: Mapping[Quote, Citation]) -> None:
        self._rules = rules
        self._citations = citations

    def advice(self, readings: Mapping[str, Reading]) -> Advice | None:
        """Advice by what was read of each factor; None where nothing of it points to an option."""
        values = known(readings)
        chosen = {
            factor.name: factor.value(values[factor.name]) for factor in self._rules.factors if factor.name in values
        }
        if not any(value.points_to for value in chosen.values()):
            return None
        factors = tuple(self._factor(factor, readings.get(factor.name)) for factor in self._rules.factors)
        return Advice(factors, lean(self._rules, chosen.values()), self._changes(readings, chosen))

    def _factor(self, rule: FactorRule, reading: Reading | None) -> Factor:
        if reading is None or not reading.value:
            return Factor(rule.name, "", "")
        value = rule.value(reading.value)
        return Factor(
            rule.name, wording.given(value, reading), value.points_to, tuple(self._citations[q] for q in value.quotes)
        )

    def _changes(self, readings: Mapping[str, Reading], chosen: Mapping[str, Value]) -> tuple[str, ...]:
        """What would lead to another lean: another value of a known factor, or a factor that is not known."""
        now = lean(self._rules, chosen.values())
        changes: list[str] = []
        for factor in self._rules.factors:
            if factor.name not in chosen:
                continue
            for other in factor.values:
                then = lean(self._rules, {**chosen, factor.name: other}.values())
                if other != chosen[factor.name] and other.points_to and then != now:
                    changes.append(wording.would_flip(factor, chosen[factor.name], other, then))
        if not changes:
            changes.append("No single one of the known factors, if it were otherwise, would change this.")
        for factor in self._rules.factors:
            if factor.name not in chosen:
                leans = {value.name: lean(self._rules, {**chosen, "": value}.values()) for value in factor.values}
                changing = {name: then for name, then in leans.items() if then != now}
                changes.append(wording.not_known(factor, readings.get(factor.name), changing))
        return tuple(changes)


def lean(rules: Rules, values: Iterable[Value]) -> str:
    """The option that these values lead to.

    What all of them point to; where they pull apart, what the guidance says of combining; where it says nothing of
    that, what more than half of them point to; else nothing, the empty string.
    """
    pointed = [value.points_to for value in values if value.points_to]
    distinct = set(pointed)
    if len(distinct) <= 1:
        return pointed[0] if pointed else ""
    if rules.combining:
        return rules.combining.option
    most = max(distinct, key=pointed.count)
    return most if pointed.count(most) * 2 > len(pointed) else ""
