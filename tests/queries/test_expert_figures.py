"""Agreement, severity, bands and withheld groups in the results of a round that was really scored; on both databases."""

from collections import defaultdict

import numpy as np
import pytest
from sqlalchemy import delete

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.core.errors import NotAllowed
from qualityeval.database import db, transaction
from qualityeval.models import KeptResult
from qualityeval.queries import assignments, results
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.accounts import actor_of
from qualityeval.queries.own_severity import own_severity
from qualityeval.services import dealing, releases, sheet_import
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import chain, stories

SHIFTS = dict(zip((f"E{n}" for n in range(6)), (4, 2, 1, -1, -2, -4), strict=True))
LEVELS = (92, 88, 68, 80)  # by county; 良好 from 80


@pytest.fixture
@kept
def scored(session):
    """Four counties of 24, 24, 24 and 6 cases, half of them drawn; six experts of known severity, two sheets a case."""
    root, counties = stories.bureau(cases=(24, 24, 24, 6))
    first, second = stories.managers(root)
    for code in SHIFTS:
        factories.create_expert(code=code)
    stories.drawn(first, second, stories.spec(root.code).replace("27.7%", "50%"))
    with transaction():
        dealing.assign(actor=first, round_=round_queries.by_code_for(first, "R2026"), now=NOW)
    round_ = round_queries.by_code_for(first, "R2026")
    level = dict(zip((county.code for county in counties), LEVELS, strict=True))
    sheets, lines = [], []
    for row in assignments.rows_of(round_):
        institution, _, number = row.case.partition(":")
        points = (
            level[institution]
            + SHIFTS[row.expert]
            + int(number[-1]) % 3
            - 1
            + (row.slot == "1" and int(number[-1]) % 2)
        )
        sheets.append((row.case, row.expert, points))
        lines += [
            {"case": row.case, "expert": row.expert, "item": item, "mark": f"{earned // 100}.{earned % 100:02d}"}
            for item, earned in chain.marks(points).items()
        ]  # fmt: skip
    with transaction():
        sheet_import.import_sheets(actor=first, round_=round_, lines=list(enumerate(lines, 2)), now=NOW)
    return first, second, counties, sheets


def current(actor):
    return round_queries.by_code_for(actor, "R2026")


def differences(sheets):
    """Raw severity by hand: own mark less the other's, averaged."""
    of_case, gaps = defaultdict(list), defaultdict(list)
    for case, expert, points in sheets:
        of_case[case].append((expert, points))
    for (a, own), (b, other) in of_case.values():
        gaps[a].append(own - other)
        gaps[b].append(other - own)
    return {expert: np.mean(found) for expert, found in gaps.items()}, of_case


def test_results_say_how_experts_agree_and_how_severe_they_are(scored):
    first, second, counties, sheets = scored
    found = results.results(first, current(first))
    by_hand, of_case = differences(sheets)
    lines = {line["expert"]: line for line in found["severity"]}
    assert {code: line["raw"] for code, line in lines.items()} == pytest.approx(by_hand)
    assert {code: line["n"] for code, line in lines.items()} == {
        code: sum(expert == code for _case, expert, _points in sheets) for code in SHIFTS
    }
    assert [lines[code]["adjusted"] for code in SHIFTS] == pytest.approx(list(SHIFTS.values()), abs=0.8)
    assert all(0 < line["se"] < 1 and line["reason"] is None for line in lines.values())
    cuts = [grade.minimum for grade in chain.RUBRIC.grades]
    grade = {
        points: next(n for n, cut in enumerate(cuts) if 100 * points >= cut) for _c, _e, points in sheets
    }
    same = [grade[a] == grade[b] for (_a, a), (_b, b) in of_case.values()]
    agreed = found["agreement"]
    assert (agreed["pairs"], agreed["raw"], agreed["reason"]) == (
        len(same),
        pytest.approx(np.mean(same)),
        None,
    )
    assert 0 < agreed["alpha"] < 1
    assert 0 < agreed["ac2"] <= 1
    assert 0.7 < agreed["icc"] < 1
    assert found["variance"]["expert"] == pytest.approx(8.4, rel=0.5)  # (16 + 4 + 1)·2/5 = 8.4
    bands = {line["code"]: line for line in found["institutions"]}
    assert [bands[county.code]["band"] for county in counties] == ["open", "open", "bottom", None]
    assert bands[counties[0].code]["places"] == [1, 2, 3]
    assert bands[counties[3].code]["band_reason"] == "too_few_cases"
    assert {line["band_reason"] for line in found["case_types"]} == {"not_ranked"}
    assert [line["suppressed"] for line in found["institutions"]] == [False, False, False, True]
    after_release(first, second, counties, lines)


def after_release(first, second, counties, lines):
    """A small county alone could be worked out from the total: the next smallest goes with it. Experts see their own."""
    expert = actor_of(factories.create_account(role=Role.EXPERT, expert_code="E4"))
    assert own_severity(expert) == []  # not before the release
    with transaction():
        releases.notify(actor=first, round_=current(first), now=NOW)
    for manager in (first, second):
        with transaction():
            releases.release(actor=manager, round_=current(first), now=NOW)
    found = results.results(COMMAND_LINE, current(first), by=("institution",))
    reasons = sorted(line["reason"] for line in found["institutions"] if line["suppressed"])
    assert reasons == ["complementary", "suppressed"]
    own = own_severity(expert)
    assert [(line["code"], line["expert"]) for line in own] == [("R2026", "E4")]
    assert {key: own[0][key] for key in lines["E4"]} == lines["E4"]
    with transaction():
        db.session.execute(delete(KeptResult))
    assert own_severity(expert) == own, "kept at the release, the same as counted"
    stranger = actor_of(factories.create_account(role=Role.EXPERT, expert_code="E-none"))
    assert own_severity(stranger) == []
    with pytest.raises(NotAllowed):
        own_severity(actor_of(factories.create_account(role=Role.VIEWER)))
