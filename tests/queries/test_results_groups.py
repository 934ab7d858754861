"""Figures by group and over a period, against values worked by hand; on both databases."""

from datetime import date
from math import sqrt

import pytest
from sqlalchemy import select

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import InvalidInput, NotAllowed, WrongState
from qualityeval.database import transaction
from qualityeval.models import Case, CaseResult, FrameCase, Provider, SampledCase
from qualityeval.queries import results
from qualityeval.services import audit
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories

pytestmark = pytest.mark.arranging
Z2 = 1.959964**2  # 3.841459


@pytest.fixture
@kept
def body(session):
    """A province with two counties, 40 cases in each half of 2026, and two managers."""
    root = factories.create_institution(level="province")
    counties = [factories.create_institution(parent=root) for _ in range(2)]
    for half, month in enumerate((3, 9)):
        for county in counties:
            for number in range(20):
                factories.create_case(
                    institution=county, number=f"{half}-{number:03d}", closed_on=date(2026, month, 1)
                )
    return root, counties, stories.managers(root)


def drawn(body, code, first, last, *, rate="50%", rubric="criminal-trial@1", counties=None):
    root, _, managers = body
    text = stories.spec(root.code, code=code).replace("27.7%, minimum: 2", rate)
    text = text.replace("from: 2026-01-01, to: 2026-12-31", f"from: {first}, to: {last}")
    text = text.replace("criminal-trial@1", rubric)
    if counties:  # a higher rate in the first county
        text = text.replace(
            f"default: {rate}",
            f"default: {rate}, override: [{{when: {{institution: '{counties[0].code}'}}, rate: 100%}}]",
        )
    return stories.drawn(*managers, text)


def settle(round_, good):
    """Give the first so many drawn cases of each county 良好, the others 不合格."""
    with transaction() as session:
        seen = {}
        rows = session.execute(
            select(SampledCase, FrameCase.key)
            .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
            .where(SampledCase.round_id == round_.id)
            .order_by(FrameCase.key)
        ).all()
        for sampled, key in rows:
            county = key.partition(":")[0]
            place = seen[county] = seen.get(county, -1) + 1
            is_good = place < good[county]
            session.add(
                CaseResult(
                    round_id=round_.id, sampled_case_id=sampled.id, step="first", total=8000 if is_good else 5000,
                    grade="良好" if is_good else "不合格", vetoes=[], by="mean", made_at=NOW,
                )
            )  # fmt: skip
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="round")


def codes(counties):
    return [county.code for county in counties]


def test_counts_by_institution_with_wilson_and_exact_sampling(body):
    _, counties, (first, _second) = body
    round_ = drawn(body, "H1", "2026-01-01", "2026-06-30")
    settle(round_, dict(zip(codes(counties), (8, 5), strict=True)))
    found = results.results(first, round_)
    a, b = found["institutions"]
    assert (a["n"], a["N"], a["good"], a["good_rate"]) == (10, 20, 8, 0.8)
    assert (b["n"], b["N"], b["good"], b["good_rate"]) == (10, 20, 5, 0.5)
    # Wilson, 8 of 10: (0.8 + z²/20 ± z·√(0.016 + z²/400)) / (1 + z²/10)
    centre, width, scale = 0.8 + Z2 / 20, sqrt(Z2) * sqrt(0.016 + Z2 / 400), 1 + Z2 / 10
    assert a["interval"] == pytest.approx([(centre - width) / scale, (centre + width) / scale], abs=1e-7)
    assert a["method"] == "wilson"
    # exact: of 20 cases, 10 seen with 8 good. The lower limit is the least M with P(X >= 8) > 2.5 %:
    # M=11: C(11,8)C(9,2)+C(11,9)C(9,1)+C(11,10) over C(20,10) = (5940+495+11)/184756 = 3.49 %; M=10 gives 1.15 %
    assert a["sampling_interval"][0] == 11 / 20
    assert a["sampling_method"] == "hypergeometric"
    assert (found["overall"]["n"], found["overall"]["good_rate"]) == (20, pytest.approx(13 / 20))
    assert "practitioners" not in found


def test_unequal_rates_are_weighted_and_the_sampling_interval_is_the_stratified_one(body):
    _, counties, (first, _second) = body
    round_ = drawn(body, "H1", "2026-01-01", "2026-06-30", counties=counties)
    settle(round_, dict(zip(codes(counties), (10, 9), strict=True)))
    overall = results.results(first, round_)["overall"]
    # 10 of 20 (all taken, weight 1) and 9 of 10 (weight 2): (10 + 18) / 40
    assert (overall["n"], overall["N"], overall["good"]) == (30, 40, 19)
    assert overall["good_rate"] == pytest.approx(0.7)
    assert overall["weighted"]["良好"] == pytest.approx(0.7)
    # Kish: (20·1 + 10·2)² / (20·1 + 10·4) = 1600 / 60
    assert overall["n_eff"] == pytest.approx(1600 / 60)
    # only the second stratum varies: s² = 10·0.9·0.1/9 = 0.1; V = 20²·0.5·0.1/10 / 40² = 2/1600
    # t(28, 0.975) = 2.048407 (table)
    half = 2.048407 * sqrt(2 / 1600)
    assert overall["sampling_interval"] == pytest.approx([0.7 - half, 0.7 + half], abs=1e-6)
    assert overall["sampling_method"] == "stratified"


def test_by_provider_across_strata_is_a_domain(body):
    _, counties, (first, _second) = body
    with transaction() as session:
        firm = Provider(name="正衡律所", created_at=NOW)
        session.add(firm)
        session.flush()
        for case in session.execute(select(Case).where(Case.number.like("0-00%"))).scalars():
            case.provider_id = firm.id
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="case")
    round_ = drawn(body, "H1", "2026-01-01", "2026-06-30", rate="100%")
    settle(round_, dict(zip(codes(counties), (10, 5), strict=True)))
    found = results.results(first, round_, by=("provider", "case_type"))
    without, firm = found["providers"]
    # ten of each county's twenty cases are the firm's, first by key: 10 good and 5 good
    assert (firm["name"], firm["n"], firm["N"], firm["good"]) == ("正衡律所", 20, 20, 15)
    assert (without["name"], without["n"], without["N"], without["good"]) == ("", 20, 20, 0)
    assert [(one["code"], one["n"], one["N"]) for one in found["case_types"]] == [("criminal", 40, 40)]
    assert "institutions" not in found
    # all 20 were read: nothing is left to sampling, but the experts' part stays
    assert firm["sampling_interval"] == [0.75, 0.75]
    assert firm["interval"][0] < 0.75 < firm["interval"][1]


def test_a_period_weights_its_rounds_as_strata(body):
    _, counties, (first, _second) = body
    one = drawn(body, "H1", "2026-01-01", "2026-06-30", rate="50%")
    two = drawn(body, "H2", "2026-07-01", "2026-12-31", rate="25%")
    settle(one, dict(zip(codes(counties), (10, 10), strict=True)))
    settle(two, dict(zip(codes(counties), (1, 1), strict=True)))
    found = results.results(first, one, two)
    # 20 of 20 with weight 2, 2 of 10 with weight 4: (40 + 8) / 80
    assert (found["code"], found["overall"]["n"], found["overall"]["N"]) == ("H1,H2", 30, 80)
    assert found["overall"]["good_rate"] == pytest.approx(0.6)
    assert [(line["code"], line["n"], line["N"]) for line in found["rounds"]] == [
        ("H1", 20, 40),
        ("H2", 10, 40),
    ]
    # in a county: 10 of 10 with weight 2, 1 of 5 with weight 4: (20 + 4) / 40
    assert [line["good_rate"] for line in found["institutions"]] == pytest.approx([0.6, 0.6])
    assert found["overall"]["good_rate"] != pytest.approx(22 / 30), "not the pooled share"


def test_other_rubrics_are_not_put_together(body):
    _, counties, (first, _second) = body
    one = drawn(body, "H1", "2026-01-01", "2026-06-30")
    two = drawn(body, "H2", "2026-07-01", "2026-12-31", rubric="criminal-appeal@1")
    settle(one, dict(zip(codes(counties), (8, 5), strict=True)))
    found = results.results(first, one, two)
    assert (found["overall"]["good_rate"], found["overall"]["reason"]) == (None, "rubric_sets_differ")
    assert found["institutions"] == []
    assert found["rounds"][0]["overall"]["good_rate"] == pytest.approx(13 / 20)
    assert found["rounds"][1]["overall"]["reason"] == "no_results"


def test_what_may_not_be_put_together_is_refused(body):
    root, _counties, (first, second) = body
    one = drawn(body, "H1", "2026-01-01", "2026-06-30")
    undrawn = stories.draft(first, stories.spec(root.code, code="DRAFT"))
    with pytest.raises(InvalidInput):
        results.results(first, one, one)
    with pytest.raises(InvalidInput):
        results.results(first)
    with pytest.raises(WrongState, match="DRAFT"):
        results.results(first, one, undrawn)
    assert results.results(second, one)["pending"] == 20


def test_a_round_of_another_body_is_refused_inside_a_period(body):
    _, _counties, (_first, _second) = body
    one = drawn(body, "H1", "2026-01-01", "2026-06-30")
    stranger, _ = stories.managers(factories.create_institution())
    with pytest.raises(NotAllowed):
        results.results(stranger, one)
    other_root, _ = stories.bureau(cases=(6,))
    managers = stories.managers(other_root)
    foreign = stories.drawn(*managers, stories.spec(other_root.code, code="OTHER"))
    with pytest.raises(InvalidInput, match="同一机构"):
        results.results(COMMAND_LINE, one, foreign)
