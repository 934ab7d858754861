"""Floors by hand: one file at least from each firm, whatever the rates say."""

import pytest

from qualityeval.core.allocation import Rate, SizeRule, SizeRules, allocate
from qualityeval.core.errors import InvalidInput
from qualityeval.core.floors import Floor
from qualityeval.core.rates import parse_rate
from qualityeval.core.spec_reading import parse_round_spec
from tests.core.round_specs import published

FRAME = {("甲所", "civil"): 4, ("甲所", "criminal"): 20, ("乙所", "civil"): 2, ("丙所", "civil"): 1}


def sizes(floor, **bounds):
    rule = SizeRule(Rate(parse_rate("10%")), **bounds)
    rules = SizeRules(rule, floors=(Floor("provider", floor),))
    return {one.label: (one.n, one.rule) for one in allocate(FRAME, fields=("provider", "type"), rules=rules)}


def test_a_value_that_falls_short_is_raised_to_the_floor_or_to_all_it_has():
    """10 % gives 1, 2, 1, 1. 甲所 has 3 and needs 4: civil stands at 1/4, criminal at 2/20, so criminal gets it."""
    assert sizes(4) == {
        "丙所|civil": (1, "default"), "乙所|civil": (2, "floor"),
        "甲所|civil": (1, "default"), "甲所|criminal": (3, "floor"),
    }  # fmt: skip


def test_a_floor_that_is_met_changes_nothing():
    assert {n for n, _ in sizes(1).values()} == {1, 2}
    assert {rule for _, rule in sizes(1).values()} == {"default"}


def test_a_maximum_that_leaves_no_room_is_said():
    with pytest.raises(InvalidInput) as refusal:
        sizes(2, maximum=1)
    assert (refusal.value.code, refusal.value.where) == ("rate.floor_maximum", "rates.floors.provider")


def test_a_floor_for_a_field_that_is_no_stratum_is_refused_with_that_reason():
    rates = {"default": "10%", "floors": {"provider": "1"}}
    with pytest.raises(InvalidInput) as refusal:
        parse_round_spec(published(rates=rates))
    assert (refusal.value.code, refusal.value.where) == ("spec.floor_field", "rates.floors.provider")
    spec = parse_round_spec(published(rates=rates, strata=["institution", "provider"]))
    assert spec.as_plan()["rates"]["floors"] == {"provider": 1}


@pytest.mark.parametrize(
    ("rates", "code"),
    [
        ({"default": {"total": "9"}, "floors": {"institution": "1"}}, "spec.floors_total"),
        ({"default": "10%", "floors": {"institution": "0"}}, "spec.whole"),
        ({"default": "10%", "floors": ["institution"]}, "spec.shape"),
        ({"default": {"fixed": "5", "neyman": "R2025"}}, "spec.one_of"),
        ({"default": {"neyman": "R2025"}}, "spec.one_of"),
    ],
)
def test_what_the_rates_refuse(rates, code):
    with pytest.raises(InvalidInput) as refusal:
        parse_round_spec(published(rates=rates))
    assert refusal.value.code == code


def test_a_total_by_neyman_and_a_self_evaluation_are_read():
    spec = parse_round_spec(
        published(rates={"default": {"total": "9", "neyman": "R2025"}}, kind="self", recusal=...)
    )
    assert spec.sizes.default.ask.neyman == "R2025"
    assert spec.recusal.region == "none"
