"""The spec of a round: the published one, its defaults, and each refusal with its place."""

from datetime import date
from fractions import Fraction

import pytest

from qualityeval.core.allocation import Fixed, Rate, SizeRule, Total
from qualityeval.core.ceremony import SeedKind, SeedSource
from qualityeval.core.consensus import ConsensusRule
from qualityeval.core.digests import canonical_json
from qualityeval.core.errors import InvalidInput
from qualityeval.core.spec_reading import parse_round_spec
from tests.core.round_specs import published


def test_the_published_spec():
    spec = parse_round_spec(published())
    assert (spec.code, spec.title, spec.institution, spec.kind) == (
        "WI2016",
        "2016 felony cases",
        "WI",
        "peer",
    )
    assert (spec.population.since, spec.population.until) == (date(2016, 1, 1), date(2022, 12, 31))
    assert spec.sizes.default == SizeRule(Rate(Fraction(277, 1000)), minimum=2)
    assert spec.sizes.overrides[0].rule == SizeRule(Rate(Fraction(1, 2)), minimum=2)
    assert spec.strata_fields == ("institution", "stage")
    assert spec.fields == ("case_type", "status", "institution", "stage")
    assert spec.source == SeedSource(SeedKind.DICE)
    assert spec.consensus == ConsensusRule("mean", 1000, frozenset({"gap", "veto", "ask"}), "mean_of_three")
    assert (spec.recusal.region, spec.recusal.provider) == ("county", True)
    assert (spec.deadlines.hand_in, spec.deadlines.objection_days) == (date(2027, 1, 10), 5)
    assert spec.includes({"case_type": "criminal"})
    assert not spec.includes({"case_type": "civil"})
    assert spec.exclusion_of({"status": "terminated"}) == "terminated"
    assert spec.exclusion_of({"status": "closed"}) is None


def test_what_the_plan_fixes_has_no_float_and_the_rate_as_a_ratio():
    text = canonical_json(parse_round_spec(published()).as_plan())
    assert '"rates":{"default":{"maximum":null,"minimum":2,"rate":"277/1000","take_all_below":0}' in text
    assert '"call_in":"required"' in text
    assert '"gap":1000' in text


def test_what_is_left_out():
    left_out = ("kind", "strata", "series", "call_in", "missing_file", "reviewers", "recusal", "blind", "consensus",
                "deadlines")  # fmt: skip
    spec = parse_round_spec(
        published(
            **dict.fromkeys(left_out, ...),
            population={"from": "2016-01-01", "to": "2016-01-01"},
            rates={"default": "0.277"},
        )
    )
    assert (spec.kind, spec.strata_fields, spec.series, spec.call_in) == ("peer", (), "each", "required")
    assert (spec.missing_file, spec.reviewers, spec.blind) == ("fail", 2, "metadata")
    assert spec.consensus == ConsensusRule()
    assert spec.deadlines.objection_days == 0
    assert spec.fields == ()
    assert spec.includes({})


def test_loaders_that_guess_dates_and_numbers_are_served_too():
    spec = parse_round_spec(
        published(
            reviewers=3,
            population={"from": date(2016, 1, 1), "to": date(2016, 1, 2)},
            series="one_per_series",
            seed={"source": "lottery", "name": "双色球", "date": date(2026, 12, 1)},
            consensus={"gap": "7.5", "triggers": []},
        )
    )
    assert (spec.reviewers, spec.consensus.gap, spec.consensus.triggers) == (3, 750, frozenset())
    assert spec.source == SeedSource(SeedKind.LOTTERY, "双色球", date(2026, 12, 1))
    assert spec.fields == ("institution", "stage", "series")


def rates(**keys):
    return {"rates": {"default": "30%"} | keys}


def test_fixed_sizes_totals_and_inherited_bounds():
    spec = parse_round_spec(
        published(**rates(default={"total": "500"}, minimum="2", maximum="9",
                          override=[{"when": {"stage": "appeal"}, "rate": {"fixed": "5"}, "minimum": "4"}]))
    )  # fmt: skip
    assert spec.sizes.default == SizeRule(Total(500), minimum=2, maximum=9)
    assert spec.sizes.overrides[0].rule == SizeRule(Fixed(5), minimum=4, maximum=9)
    assert spec.as_plan()["rates"] == {
        "default": {"total": 500, "minimum": 2, "maximum": 9, "take_all_below": 0},
        "override": [
            {"when": {"stage": ["appeal"]}, "fixed": 5, "minimum": 4, "maximum": 9, "take_all_below": 0}
        ],
    }


def override(**keys):
    return rates(override=[{"when": {"stage": "appeal"}, "rate": "50%"} | keys])


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"code": ...}, "code"), ({"code": "a,b"}, "code"), ({"code": "../x"}, "code"), ({"code": "x" * 61}, "code"),
        ({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"title": "a\nb"}, "title"),
        ({"institution": None}, "institution"), ({"kind": "audit"}, "kind"), ({"stratum": []}, "stratum"),
        ({"kind": "recheck"}, "rounds"), ({"rounds": ["A"]}, "rounds"),
        ({"population": ...}, "population"), ({"population": {"from": "2016-01-01"}}, "population.to"),
        ({"population": {"to": "2016-01-01"}}, "population.from"),
        ({"population": {"from": "2016-02-30", "to": "2016-03-01"}}, "population.from"),
        ({"population": {"from": "20160101", "to": "2016-03-01"}}, "population.from"),
        ({"population": {"from": "2016-02-01", "to": "2016-01-01"}}, "population.to"),
        ({"population": {"from": "2016-02-01", "to": "2016-03-01", "by": "opened"}}, "population.by"),
        ({"population": {"from": "2016-02-01", "to": "2016-03-01", "where": ["x"]}}, "population.where"),
        ({"population": {"from": "2016-02-01", "to": "2016-03-01", "exclude": [{"when": {"a": "b"}}]}},
         "population.exclude[0].reason"),
        ({"population": {"from": "2016-02-01", "to": "2016-03-01", "exclude": {"when": {"a": "b"}}}},
         "population.exclude"),
        ({"strata": "institution"}, "strata"), ({"strata": ["a", "a"]}, "strata"), ({"strata": [None]}, "strata"),
        ({"rates": ...}, "rates"), ({"rates": {}}, "rates.default"), (rates(default=0.277), "rates.default"),
        (rates(default="30"), "rates.default"), (rates(minimum="-1"), "rates.minimum"),
        (rates(minimum="1.5"), "rates.minimum"), (rates(minimum=True), "rates.minimum"),
        (rates(minimum="3", maximum="2"), "rates.maximum"), (rates(maximum="0"), "rates.maximum"),
        (rates(default={"fixed": "1", "total": "2"}), "rates.default"), (rates(default={}), "rates.default"),
        (rates(default={"fixed": "0"}), "rates.default.fixed"), (rates(dflt="1%"), "rates.dflt"),
        (override(rate=None), "rates.override[0].rate"), (override(rate={"total": "5"}), "rates.override[0].rate"),
        (override(when={"day": {"from": "1"}}), "rates.override[0].when"), (override(when=None), "rates.override[0].when"),
        ({"series": "some"}, "series"), ({"seed": ...}, "seed"), ({"seed": {"source": "coin"}}, "seed.source"),
        ({"seed": {"source": "dice", "name": "x"}}, "seed"), ({"seed": {"source": "lottery", "name": "x"}}, "seed.date"),
        ({"seed": {"source": "lottery", "date": "2026-12-01"}}, "seed.name"),
        ({"call_in": "maybe"}, "call_in"), ({"missing_file": "zero"}, "missing_file"), ({"blind": "half"}, "blind"),
        ({"reviewers": "0"}, "reviewers"), ({"reviewers": "10"}, "reviewers"), ({"reviewers": "two"}, "reviewers"),
        ({"recusal": {"region": "street"}}, "recusal.region"), ({"recusal": {"provider": "perhaps"}}, "recusal.provider"),
        ({"recusal": "county"}, "recusal"), ({"consensus": {"rule": "vote"}}, "consensus.rule"),
        ({"consensus": {"gap": "x"}}, "consensus.gap"), ({"consensus": {"gap": "100.5"}}, "consensus.gap"),
        ({"consensus": {"gap": 7.5}}, "consensus.gap"), ({"consensus": {"triggers": ["gap", "x"]}}, "consensus.triggers"),
        ({"rubrics": ...}, "rubrics"), ({"rubrics": {}}, "rubrics"), ({"rubrics": {"criminal": "civil@1"}}, "rubrics"),
        ({"rubrics": {"*/*/*": "civil"}}, "rubrics.*/*/*"),
        ({"rubrics": {"*/*/*": "civil@1", "* / */*": "civil@1"}}, "rubrics.* / */*"),
        ({"deadlines": {"hand_in": "2027-02-01", "score": "2027-01-01"}}, "deadlines.score"),
        ({"deadlines": {"objection_days": "366"}}, "deadlines.objection_days"),
    ],
)  # fmt: skip
def test_refusals_name_the_place(changes, where):
    with pytest.raises(InvalidInput) as refusal:
        parse_round_spec(published(**changes))
    assert refusal.value.where == where
    assert refusal.value.message
    assert refusal.value.code


def test_a_misspelt_key_is_shown_the_nearest():
    with pytest.raises(InvalidInput, match="reviewers"):
        parse_round_spec(published(reviewer="2"))
    with pytest.raises(InvalidInput, match=r"spec\.shape"):
        parse_round_spec(["code"])


def test_whole_numbers_may_stand_for_text():
    assert parse_round_spec(published(institution=3301, code=2016)).institution == "3301"


def test_a_recheck_names_its_rounds():
    assert parse_round_spec(published(kind="recheck", rounds=["A", "B"])).rounds == ("A", "B")


def test_flags_in_words():
    for word, expected in (("yes", True), ("True", True), ("no", False), (False, False)):
        assert parse_round_spec(published(recusal={"provider": word})).recusal.provider is expected
