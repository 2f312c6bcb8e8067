"""The support check: what it accepts, and each change that it must catch."""

import pytest
from hashed_words import encode

from assistant.models.calibrated import Opinion
from assistant.models.scripted import ScriptedModel
from assistant.support import SupportCheck, differences, smallest_cover
from assistant.support.check import claim_messages
from assistant.support.wording import names, negated, numbers, weakened
from assistant.words import content_words

REGULATED = (
    "Highly regulated industries may require centralized governance, while fast-moving sectors benefit from "
    "distributed innovation."
)
CULTURE = (
    "Hierarchical organizations naturally gravitate toward top-down models, while collaborative cultures thrive with "
    "bottom-up approaches."
)
NEWCOMERS = "Companies new to AI often benefit from top-down approaches that build foundational capabilities."
TEAMS = "Individual teams often lack the budget, skills, or infrastructure to execute sophisticated AI projects."
SHARED = "Components that are shared keep departments from duplicating one another's work."
DISPERSED = (
    "Resources flow to the projects of highest priority rather than dispersing across numerous small experiments."
)
ANSWER = "There is no universally correct answer."
BUDGET = "The pilot cost 1.5 million euros and at least 40 % of the teams took part in 2023."


@pytest.fixture
def check() -> SupportCheck:
    return SupportCheck(encode)


@pytest.mark.parametrize(
    ("claim", "evidence", "kind"),
    [
        ("The pilot cost 2.5 million euros.", BUDGET, "number"),
        ("The pilot took part in 2024.", BUDGET, "number"),
        ("At most 40 % of the teams took part.", BUDGET, "bound"),
        ("At Contoso, individual teams often lack the budget.", TEAMS, "name"),
        ("Individual teams have the budget, skills and infrastructure.", TEAMS, "negation"),
        ("There is a universally correct answer.", ANSWER, "negation"),
        ("Fast-moving sectors do not benefit from distributed innovation.", REGULATED.split("while ")[1], "negation"),
        ("Departments duplicate work where components are shared.", SHARED, "negation"),
        ("Resources disperse across numerous small experiments.", DISPERSED, "negation"),
        ("Highly regulated industries require centralized governance.", REGULATED, "strength"),
        ("Highly regulated industries must have centralized governance.", REGULATED, "strength"),
        ("Companies new to AI always benefit from top-down approaches.", NEWCOMERS, "strength"),
        ("Companies new to AI often benefit from bottom-up approaches.", NEWCOMERS, "opposite"),
        ("Shared platforms slow scaling down.", "Shared platforms make scaling faster.", "opposite"),
        ("Collaborative cultures gravitate toward top-down models.", CULTURE, "mixed"),
    ],
)
def test_a_change_is_vetoed(check: SupportCheck, claim: str, evidence: str, kind: str) -> None:
    assert kind in {difference.kind for difference in differences(claim, evidence) if difference.veto}
    verdict = check.score(claim, [evidence])
    assert verdict.support == "unsupported"
    assert verdict.vetoed
    assert verdict.reasons
    assert not verdict.needs_model


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Highly regulated industries may require centralized governance.", REGULATED),
        ("Centralized governance might be required in highly regulated industries.", REGULATED),
        ("Fast-moving sectors benefit from distributed innovation.", REGULATED),
        ("Hierarchical organizations gravitate toward top-down models.", CULTURE),
        ("Collaborative cultures thrive with bottom-up approaches.", CULTURE),
        ("Companies new to AI often benefit from top-down approaches.", NEWCOMERS),
        ("Individual teams often lack budget and skills.", TEAMS),
        ("No answer is universally correct.", ANSWER),
        ("Shared components prevent departments from duplicating work.", SHARED),
        ("Duplicated work is avoided by components that are shared.", SHARED),
        ("Resources flow to the projects of highest priority.", DISPERSED),
        ("In 2023, at least 40% of the teams took part.", BUDGET),
        ("The pilot cost 1,500,000 euros.", BUDGET),
    ],
)
def test_a_faithful_sentence_is_not_vetoed(claim: str, evidence: str) -> None:
    assert [difference for difference in differences(claim, evidence) if difference.veto] == []


def test_a_dropped_hedge_is_no_more_than_partly_supported(check: SupportCheck) -> None:
    verdict = check.score("Companies new to AI benefit from top-down approaches.", [NEWCOMERS])
    assert verdict.support == "partial"
    assert not verdict.vetoed


def test_the_heading_may_hold_the_subject() -> None:
    evidence = "Without coordination, departments may build redundant solutions."
    heading = "Bottom-up approach > Drawbacks > Fragmentation"
    claim = "In a bottom-up approach, departments may build redundant solutions without coordination."
    assert differences(claim, evidence, heading) == []
    swapped = claim.replace("bottom-up", "top-down")
    assert any(difference.veto for difference in differences(swapped, evidence, heading))


def test_a_copy_is_supported_in_full(check: SupportCheck) -> None:
    verdict = check.score(f"{TEAMS} [2]", [CULTURE, TEAMS])
    assert (verdict.score, verdict.support, verdict.carried_by) == (1.0, "supported", (1,))


def test_a_copied_half_sentence_is_not_taken_for_a_copy(check: SupportCheck) -> None:
    assert check.score("Regulated industries", ["No rule says that regulated industries are slow."]).score < 1.0


def test_something_else_is_unsupported(check: SupportCheck) -> None:
    verdict = check.score("Penguins breed on sea ice in winter.", [TEAMS])
    assert verdict.support == "unsupported"
    assert verdict.score < 0.3


@pytest.mark.parametrize("evidence", [[], [""], ["  "]])
def test_no_evidence_supports_nothing(check: SupportCheck, evidence: list[str]) -> None:
    assert check.score("Teams lack skills.", evidence).support == "unsupported"


def test_a_claim_without_words_is_unsupported(check: SupportCheck) -> None:
    assert check.score("... [1]", [TEAMS]).support == "unsupported"


def test_more_words_in_the_evidence_never_lower_the_score(check: SupportCheck) -> None:
    claim = "Individual teams often lack budget and infrastructure."
    assert check.score(claim, [TEAMS]).score > check.score(claim, ["Individual teams often lack budget."]).score


def test_the_model_moves_the_score(check: SupportCheck) -> None:
    claim = "Single groups frequently miss money for demanding projects."
    sure, unsure = (check.score(claim, [TEAMS], Opinion(p)).score for p in (0.98, 0.02))
    assert sure > unsure


def test_the_model_is_asked_only_where_it_may_decide() -> None:
    model = ScriptedModel([{"Yes": 0.9, "No": 0.1}])
    check = SupportCheck(encode, model)
    check.judge_claim(TEAMS, [TEAMS])
    check.judge_claim("Highly regulated industries require centralized governance.", [REGULATED])
    assert model.seen == []


def test_the_model_reads_quote_and_claim_as_material() -> None:
    system, user = claim_messages("A claim with {quote} in it.", "A quote with {claim} in it.")
    assert "never orders" in system.text
    assert "Quote: A quote with {claim} in it." in user.text
    assert "Statement: A claim with {quote} in it." in user.text


def test_the_smallest_cover_takes_the_sentences_that_add_words() -> None:
    sentences = ["Penguins swim.", "Teams lack budget.", "Teams lack budget today.", "Departments build systems."]
    assert sorted(smallest_cover("Teams lack budget and departments build systems.", sentences)) in ([1, 3], [2, 3])
    assert smallest_cover("Nothing of this.", sentences[:1]) == [0]
    assert smallest_cover("Nothing.", []) == []


def test_long_evidence_is_searched_for_what_carries_the_claim(check: SupportCheck) -> None:
    evidence = [f"Sentence number {n} speaks of something else entirely." for n in range(2, 80)]
    evidence.insert(50, TEAMS)
    verdict = check.score("Individual teams often lack budget and skills.", evidence)
    assert 50 in verdict.carried_by
    assert verdict.support == "supported"


def test_numbers_are_read_in_digits_and_words() -> None:
    values = [number.value for number in numbers("1,200 people, 3.5 million, twenty-one teams, 40%, the one and half")]
    assert values == [1200.0, 3_500_000.0, 21.0, 40.0, 0.5]


def test_names_are_capitals_inside_a_sentence() -> None:
    assert names("Leaders met Anna at IBM. Teams stayed. GDPR holds.") == {"anna", "ibm", "gdpr"}


def test_the_scope_of_a_negation_ends_with_its_clause() -> None:
    assert negated("Teams lack budget, but leaders set priorities.") == [frozenset(content_words("budget"))]
    assert negated("It is not only cheap.") == []


def test_a_weak_modal_governs_the_verb_after_it() -> None:
    assert weakened("This may also require funds") == {content_words("require")[0]: "may"}


class TrainedJudge(ScriptedModel):
    trained_judge = True


def test_a_trained_judge_weighs_what_would_be_a_veto_and_is_not_asked_of_a_copy() -> None:
    claim = "Highly regulated industries require centralized governance."
    cheap = SupportCheck(encode).score(claim, [REGULATED])
    assert cheap.vetoed
    scores = []
    for yes in (0.999, 0.001):
        model = TrainedJudge([{"yes": yes, "no": 1 - yes}])
        verdict = SupportCheck(encode, model).judge_claim(claim, [REGULATED])
        assert model.seen
        assert not verdict.vetoed
        scores.append(verdict.score)
    assert scores[0] > cheap.score > scores[1]
    model = TrainedJudge([{"yes": 0.1, "no": 0.9}])
    assert SupportCheck(encode, model).judge_claim(TEAMS, [TEAMS]).support == "supported"
    assert model.seen == []


def test_the_judge_reads_the_sentences_of_long_evidence_that_are_nearest() -> None:
    evidence = [f"Sentence number {n} speaks of something else entirely, at some length." for n in range(2, 80)]
    evidence.insert(50, TEAMS)
    model = TrainedJudge([{"yes": 0.9, "no": 0.1}])
    SupportCheck(encode, model).judge_claim("Individual teams often lack budget and machines.", evidence)
    asked = model.seen[0][-1].text
    assert TEAMS in asked
    assert len(asked) < 1_900


def test_of_long_evidence_the_judge_reads_what_each_part_of_the_claim_rests_on() -> None:
    near = [f"Genoa, in its year {n}, was the largest harbour of all that lie on the north coast." for n in range(22)]
    far = "At night, while those who live there are asleep, whale oil burns in the lamps that stand in every harbour."
    model = TrainedJudge([{"yes": 0.9, "no": 0.1}])
    claim = "Genoa was the largest harbour of the north coast, where whale oil burns in lamps."
    SupportCheck(encode, model).judge_claim(claim, [*near, far], always=True)
    read = model.seen[0][-1].text
    assert far in read
    assert near[0] in read
    assert len(read) < sum(map(len, near))
