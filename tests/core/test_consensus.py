"""Consensus and arbitration, each rule and trigger by hand."""

from fractions import Fraction

import pytest

from qualityeval.core.consensus import (
    ConsensusRule,
    Reading,
    consensus,
    first_round,
    mean,
    median,
    objected,
    triggers_met,
)
from qualityeval.core.errors import InvalidInput
from qualityeval.core.rubric import parse_rubric
from tests.core.rubric_samples import rubric_mapping

RUBRIC = parse_rubric(rubric_mapping())
DEFAULT = ConsensusRule()
ALL = frozenset({"gap", "veto", "ask", "boundary", "extremes"})


def sheets(*totals, **options):
    return [Reading(total, **options) for total in totals]


def held(total, *vetoes, asks=False):
    return Reading(total, frozenset(vetoes), asks)


def test_mean_is_rounded_half_up_before_the_cut_off():
    # (89.99 + 90.00)/2 = 89.995 → 90.00 → 优秀; (89.98 + 90.00)/2 = 89.99 → 良好
    outcome = consensus(RUBRIC, sheets(8999, 9000), rule=DEFAULT)
    assert (outcome.total, outcome.exact, outcome.grade.name) == (9000, Fraction(17999, 2), "优秀")
    assert (outcome.by, outcome.reasons) == ("mean", ())
    assert consensus(RUBRIC, sheets(8998, 9000), rule=DEFAULT).grade.name == "良好"


def test_median():
    rule = ConsensusRule(rule="median", gap=10000)
    assert consensus(RUBRIC, sheets(7000, 9500, 8000), rule=rule).total == 8000
    assert consensus(RUBRIC, sheets(7000, 9500, 8000, 8101), rule=rule).total == 8051  # 8050.5 up
    assert (mean([1, 2]), median([3, 1, 2]), median([4, 1])) == (Fraction(3, 2), 2, Fraction(5, 2))


def test_majority():
    rule = ConsensusRule(rule="majority", gap=10000)
    # two 良好 beat one 优秀 although the mean, 90.00, is 优秀
    outcome = consensus(RUBRIC, sheets(8900, 8900, 9200), rule=rule)
    assert (outcome.total, outcome.grade.name, outcome.by) == (9000, "良好", "majority")
    assert consensus(RUBRIC, sheets(8900, 9200), rule=rule).reasons == ("no_majority",)
    third = consensus(RUBRIC, sheets(8900, 9200), rule=rule, arbitration=Reading(9100))
    assert third.grade.name == "优秀"
    split = consensus(RUBRIC, sheets(7000, 9200), rule=rule, arbitration=Reading(8500))
    assert (split.grade.name, split.by) == ("良好", "mean_of_three")
    middle = ConsensusRule(rule="majority", resolve="median")
    assert consensus(RUBRIC, sheets(7000, 9200), rule=middle, arbitration=Reading(9100)).grade.name == "优秀"


def test_agreed_after_discussion():
    rule = ConsensusRule(rule="agreed")
    assert consensus(RUBRIC, sheets(7000, 9500), rule=rule).reasons == ("not_agreed",)
    assert consensus(RUBRIC, [held(7000, asks=True), Reading(7000)], rule=rule).reasons == ("ask",)
    outcome = consensus(RUBRIC, sheets(7000, 9500), rule=rule, agreed=Reading(8200))
    assert (outcome.total, outcome.grade.name, outcome.by) == (8200, "良好", "agreed")
    both = consensus(RUBRIC, sheets(7000, 9500), rule=rule, agreed=held(8200, "absent"))
    assert both.grade.name == "不合格"
    assert consensus(RUBRIC, sheets(7000), rule=rule, agreed=held(8200, "absent")).reasons == ("veto",)


@pytest.mark.parametrize(
    ("readings", "reasons"),
    [
        (sheets(8100, 9100), ()),  # a gap of exactly 10 isn't above it
        (sheets(8100, 9101), ("gap",)),
        ([held(8500, "absent"), held(8500)], ("veto",)),
        ([held(8500, "absent"), held(8500, "absent")], ()),
        ([held(8500, "absent"), held(8500, "late")], ("veto",)),
        ([held(8500, asks=True), held(8500)], ("ask",)),
        ([held(8000, "absent", asks=True), held(9900)], ("gap", "veto", "ask")),
        ([held(8500, "absent")], ("veto",)),  # one expert alone can't veto
        (sheets(8500), ()),
    ],
)
def test_default_triggers(readings, reasons):
    assert consensus(RUBRIC, readings, rule=DEFAULT).reasons == reasons


def test_optional_triggers():
    boundary = ConsensusRule(triggers=frozenset({"boundary"}))
    assert consensus(RUBRIC, sheets(7999, 8000), rule=boundary).reasons == ("boundary",)
    assert consensus(RUBRIC, sheets(8000, 8999), rule=boundary).reasons == ()
    extremes = ConsensusRule(triggers=frozenset({"extremes"}), rescore_band=200)
    for total, met in (
        (9200, True),
        (9201, False),
        (8800, True),
        (8799, False),
        (6200, True),
        (5800, True),
        (5799, False),
        (8000, False),
    ):
        assert bool(triggers_met(RUBRIC, sheets(total), extremes)) is met, total
    assert triggers_met(RUBRIC, [held(9000, "absent", asks=True), held(7900)], ConsensusRule(triggers=ALL)) == (
        "gap", "veto", "ask", "boundary", "extremes",
    )  # fmt: skip


def test_a_lone_veto_needs_arbitration_even_where_the_trigger_is_off():
    off = ConsensusRule(triggers=frozenset())
    assert consensus(RUBRIC, [held(8500, "absent"), held(8500)], rule=off).reasons == ("veto",)
    two_of_three = [held(8500, "absent"), held(8500, "absent"), held(8500)]
    assert consensus(RUBRIC, two_of_three, rule=off).grade.name == "不合格"
    assert consensus(RUBRIC, two_of_three, rule=DEFAULT).reasons == ("veto",)


def test_resolution():
    pair = sheets(7000, 9000)
    for resolve, total in (("mean_of_three", 8200), ("median", 8600), ("decides", 8600)):
        outcome = consensus(RUBRIC, pair, rule=ConsensusRule(resolve=resolve), arbitration=Reading(8600))
        assert (outcome.total, outcome.by) == (total, resolve)
        assert outcome.grade.name == "良好"


def test_vetoes_after_arbitration():
    lone, both = [held(8500, "absent"), held(8500)], [held(8500, "absent"), held(7000, "absent")]

    def grade(readings, third, **options):
        return consensus(RUBRIC, readings, rule=ConsensusRule(**options), arbitration=third).grade.name

    assert grade(lone, held(8500)) == "良好"
    assert grade(lone, held(8500, "absent")) == "不合格"
    assert grade(both, held(8600)) == "不合格"
    assert grade(both, held(8600), resolve="decides") == "良好"


def test_an_objection_goes_by_the_rounds_resolve():
    # 70.00 and 90.00, an arbitrator's 86.00, an independent 98.00: mean 86.00, median 88.00
    earlier = sheets(7000, 9000, 8600)
    for resolve, total, grade in (
        ("mean_of_three", 8600, "良好"), ("median", 8800, "良好"), ("decides", 9800, "优秀"),
    ):  # fmt: skip
        outcome = objected(RUBRIC, earlier, Reading(9800), rule=ConsensusRule(resolve=resolve))
        assert (outcome.total, outcome.by, outcome.grade.name) == (total, resolve, grade)
    with pytest.raises(InvalidInput):
        objected(RUBRIC, [], Reading(9800), rule=DEFAULT)


def test_a_veto_after_an_objection_needs_the_independent_expert_or_two_others():
    arbitrator_alone = [held(8500), held(8500), held(8500, "absent")]
    two = [held(8500, "absent"), held(8500), held(8500, "absent")]
    assert objected(RUBRIC, arbitrator_alone, held(8500), rule=DEFAULT).grade.name == "良好"
    assert objected(RUBRIC, two, held(8500), rule=DEFAULT).grade.name == "不合格"
    assert objected(RUBRIC, sheets(8500, 8500), held(8500, "absent"), rule=DEFAULT).grade.name == "不合格"


def test_the_first_round_alone_whatever_calls_for_an_arbitrator():
    assert first_round(RUBRIC, sheets(7000, 9000), rule=DEFAULT).total == 8000
    lone = [held(8500, "absent"), held(8500)]
    assert first_round(RUBRIC, lone, rule=DEFAULT).grade.name == "良好"
    assert first_round(RUBRIC, sheets(9500, 8500), rule=ConsensusRule(rule="majority")).grade.name == "优秀"
    with pytest.raises(InvalidInput):
        first_round(RUBRIC, [], rule=DEFAULT)


def test_conduct_beats_every_total():
    outcome = consensus(RUBRIC, sheets(9500, 9500), rule=DEFAULT, conduct=frozenset({"money"}))
    assert (outcome.total, outcome.grade.name, outcome.vetoes) == (9500, "不合格", {"money"})


def test_refusals():
    with pytest.raises(InvalidInput):
        consensus(RUBRIC, [], rule=DEFAULT)
    for bad in (
        {"rule": "best"},
        {"resolve": "coin"},
        {"triggers": frozenset({"mood"})},
        {"gap": -1},
        {"rescore_band": -1},
    ):
        with pytest.raises(InvalidInput) as refusal:
            ConsensusRule(**bad)
        assert refusal.value.where.startswith("consensus.")
