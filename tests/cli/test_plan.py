"""`round plan` and `round target`: the forecast, and files marked beside the sample, as one object."""

import json

import pytest

from qualityeval.cli.rounds import plan, target
from tests.services import stories

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def run(app):
    root, counties = stories.bureau(cases=(5, 13))
    first, _second = stories.managers(root)
    stories.draft(first, stories.spec(root.code))

    def said(verb, *arguments):
        answer = app.test_cli_runner().invoke(verb, [*arguments, "--json"], catch_exceptions=False)
        return answer.exit_code, json.loads(answer.stdout)

    said.county = counties[0].code
    return said


def test_the_forecast_of_a_draft(run):
    code, found = run(plan, "R2026", "--minutes", "20", "--fee", "50")
    assert code == 0
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
    assert run(plan, "nowhere")[0] == 1


def test_marking_by_rule_and_by_key(run):
    assert run(target, "R2026") == (0, {"code": "R2026", "marked": []})
    key = f"{run.county}:2026-0001"
    code, found = run(target, "R2026", "--rule", "complaint", "--case", key, "--note", "来信")
    assert (code, found["marked"]) == (0, [{"case": key, "rules": ["complaint"], "grade": None}])
    assert len(run(target, "R2026", "--rule", "overdue", "--days", "100")[1]["marked"]) == 18
    code, refused = run(target, "R2026", "--case", key)
    assert (code, refused["error"]["code"]) == (1, "targeted.rule_needed")
