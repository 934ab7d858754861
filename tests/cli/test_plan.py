"""`round plan` and `round target`: the forecast, and files marked beside the sample, as one object."""

import pytest

from qualityeval.cli.rounds import plan, target
from tests.cli.running import say
from tests.services import stories

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def county(session):
    root, counties = stories.bureau(cases=(5, 13))
    first, _second = stories.managers(root)
    stories.draft(first, stories.spec(root.code))
    return counties[0].code


@pytest.mark.usefixtures("county")
def test_the_forecast_of_a_draft(app):
    found = say(app, plan, "R2026", "--minutes", "20", "--fee", "50")
    # 27.7 % of 5 and 13, at least 2: 2 + 4 cases, twelve sheets of twenty minutes at fifty yuan
    assert (found["n"], found["N"], found["sheets"], found["hours"], found["cost"]) == (
        6,
        18,
        12,
        pytest.approx(4),
        600,
    )
    assert found["last_round"] is None
    assert [one["n"] for one in found["strata"]] == [2, 4]
    assert say(app, plan, "nowhere", code=1)["error"]["code"] == "not_found"


def test_marking_by_rule_and_by_key(app, county):
    assert say(app, target, "R2026") == {"code": "R2026", "marked": []}
    key = f"{county}:2026-0001"
    found = say(app, target, "R2026", "--rule", "complaint", "--case", key, "--note", "来信")
    assert found["marked"] == [{"case": key, "rules": ["complaint"], "grade": None}]
    assert len(say(app, target, "R2026", "--rule", "overdue", "--days", "100")["marked"]) == 18
    assert say(app, target, "R2026", "--case", key, code=1)["error"]["code"] == "targeted.rule_needed"
