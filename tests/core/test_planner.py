"""The planner's figures by hand: counts, sizes, hours, money, and what disputes to expect."""

import pytest

from qualityeval.core.allocation import StratumSize, allocate
from qualityeval.core.consensus import ConsensusRule
from qualityeval.core.expected_precision import half_width
from qualityeval.core.planner import Basis, Combination, Work, counted, forecast
from qualityeval.core.spec_reading import parse_round_spec
from qualityeval.core.trigger_shares import CaseMarks, trigger_shares
from tests.core.round_specs import published


def alike(place, count, **more):
    values = {
        "institution": place,
        "case_type": "criminal",
        "aid_form": "defence",
        "stage": "trial",
        "status": "",
    }
    values |= more.pop("values", {})
    return Combination(values, place, count, **more)


SPEC = parse_round_spec(published(rates={"default": "10%", "minimum": "2"}))
FRAME = (
    alike("A", 100), alike("A", 20, values={"status": "terminated"}), alike("B", 30, late=True),
    alike("B", 7, held=True), alike("B", 5, values={"case_type": "civil"}),
)  # fmt: skip


def test_the_frame_by_counts_alone():
    found = counted(SPEC, FRAME)
    assert dict(found.strata) == {("A",): 100, ("B",): 30}
    assert found.left_out() == {
        "held": 7, "series": 0, "late": 30, "exclusions": [{"reason": "terminated", "cases": 20}]
    }  # fmt: skip
    assert dict(found.kinds) == {("criminal", "defence", "trial"): 130}


def test_a_series_counts_once_by_the_case_with_the_first_key():
    spec = parse_round_spec(published(rates={"default": "10%"}, series="one_per_series", strata=["stage"]))
    series = [
        alike("A", 1, series="A:s", key="A:2", values={"stage": "appeal"}),
        alike("A", 1, series="A:s", key="A:1"),
        alike("A", 8),
    ]
    found = counted(spec, series)
    assert dict(found.strata) == {("trial",): 9}
    assert found.series == 1


def test_work_and_money_of_a_plan_by_hand():
    """n 10 and 3 with two sheets each; of A's cases a fifth is arbitrated, elsewhere a tenth: 22 and 6.3 sheets."""
    found = counted(SPEC, FRAME)
    sizes = allocate(found.strata, fields=SPEC.strata_fields, rules=SPEC.sizes)
    basis = Basis(share=0.78, between=0.01, arbitrated=0.1, by_stratum={"A": 0.2})
    told = forecast(found, sizes, basis=basis, work=Work(reviewers=2, minutes=30, fee=5_000, experts=4))
    assert [(line.label, line.n, line.sheets) for line in told.lines] == [
        ("A", 10, 22.0),
        ("B", 3, pytest.approx(6.3)),
    ]
    assert told.total.n == 13
    assert told.total.hours == pytest.approx(28.3 / 2)
    assert told.total.cost == pytest.approx(28.3 * 5_000)
    assert told.total.arbitrated == pytest.approx(2.3 / 13)
    assert told.load == pytest.approx(28.3 / 4)
    assert told.load_hours == pytest.approx(28.3 / 8)
    assert told.total.half_width == half_width(13, share=0.78)
    assert told.institutions == 2
    assert 0 < told.told_apart < 1


def test_an_institution_gets_its_part_of_each_stratum():
    """One stratum of 100 and 50 with n = 15: 10 and 5 expected, as two strata of their own would tell apart."""
    spec = parse_round_spec(published(strata=[], rates={"default": "10%"}))
    found = counted(spec, [alike("A", 100), alike("B", 50)])
    whole = forecast(
        found, [StratumSize("-", 150, 15, "default")], basis=Basis(between=0.1), work=Work(2, 30, 0, 0)
    )
    apart = forecast(
        counted(SPEC, [alike("A", 100), alike("B", 50)]),
        [StratumSize("A", 100, 10, "default"), StratumSize("B", 50, 5, "default")],
        basis=Basis(between=0.1), work=Work(2, 30, 0, 0),
    )  # fmt: skip
    assert whole.told_apart == apart.told_apart
    assert (whole.load, whole.load_hours) == (None, None)


def test_nothing_to_plan_is_nothing():
    told = forecast(counted(SPEC, []), [], basis=Basis(), work=Work(2, 30, 0, 3))
    assert (told.total.n, told.total.half_width, told.total.arbitrated, told.told_apart) == (
        0,
        None,
        None,
        None,
    )


def test_the_shares_of_triggers_follow_the_rule():
    """Of four cases: one gap of 15 points, one veto in dispute, one request, one at a cut-off; 2 in force by default."""
    cases = [
        CaseMarks(7000, 8500, crosses=True), CaseMarks(8000, 8100, veto=True), CaseMarks(8000, 8000, asks=True),
        CaseMarks(8800, 8900, cuts=(9000,)),
    ]  # fmt: skip
    found = trigger_shares(cases, rule=ConsensusRule())
    assert found.by_trigger == {"gap": 0.25, "veto": 0.25, "ask": 0.25, "boundary": 0.25, "extremes": 0.25}
    assert found.any == 0.75
    only = trigger_shares(cases, rule=ConsensusRule(gap=1500, triggers=frozenset({"gap"}), rescore_band=50))
    assert (only.by_trigger["gap"], only.by_trigger["extremes"], only.any) == (0.0, 0.0, 0.0)
    assert trigger_shares([], rule=ConsensusRule()).any is None
