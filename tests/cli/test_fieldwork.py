"""`callbacks …` and `observations needed`: their keys, their refusals."""

import pytest

from config import from_environment
from qualityeval.app import create_app
from qualityeval.core.codes import Role
from tests.cli.running import call_json
from tests.databases import close
from tests.factories import create_account, create_case, create_institution

SEED = "5" * 64
PERIOD = ("--from", "2026-01-01", "--to", "2026-12-31")


@pytest.fixture
def centre(live_database):
    """A county of twenty cases with telephones, a caller and an observer."""
    app = create_app(from_environment(live_database.environment).mapping())
    with app.app_context():
        county = create_institution(code="330102")
        for number in range(20):
            create_case(institution=county, number=f"{number}", recipient_phone_index=f"x{number}")
        create_account(role=Role.CALLER, name="caller", institution=county)
        create_account(role=Role.OBSERVER, name="observer", institution=county)
    close(app)
    return lambda *arguments, code=0: call_json(*arguments, env=live_database.environment, code=code)


def test_a_campaign_is_drawn_followed_and_ended(centre):
    refused = centre("callbacks", "draw", *PERIOD, "--rate", "10%", "--caller", "nobody", code=1)
    assert (refused["error"]["code"], refused["error"]["where"]) == ("account.not_able", "--caller")
    made = centre(
        "callbacks", "draw", *PERIOD, "--rate", "10%", "--minimum", "3", "--quota", "2", "--caller", "caller", "--seed", SEED
    )  # fmt: skip
    assert (made["listed"], made["left_out"], made["seed"], made["open"]) == (3, {}, SEED, True)
    stratum = {"key": "330102", "N": 20, "n": 3, "dialled": 0, "reached": 0, "answered": 0, "refused": 0}
    assert made["strata"] == [{**stratum, "held": 0}]
    everything = centre("callbacks", "status")
    assert [one["campaign"] for one in everything["campaigns"]] == [made["campaign"]]
    assert everything["online_less_phone"] == {"value": None, "interval": None, "reason": "no_rate"}
    assert centre("callbacks", "close", made["campaign"]) == {"campaign": made["campaign"], "held": 3}
    assert centre("callbacks", "status", made["campaign"])["strata"] == [{**stratum, "held": 3}]
    assert centre("callbacks", "check", "--caller", "caller", code=1)["error"]["code"] == "check.nobody"


def test_what_is_still_to_be_observed(centre, tmp_path):
    needed = centre("observations", "needed")
    assert (needed["missing"], needed["calendar"], needed["institutions"]) == (0, 0, [])
    refused = centre("observations", "needed", "--observer", "observer", code=1)
    assert refused["error"]["code"] == "hearings.nothing"
    calendar = tmp_path / "庭.csv"
    calendar.write_text("援助案号,开庭日期\n7,2026-12-10\nx,2026-12-10\n", encoding="utf-8")
    said = centre("observations", "calendar", calendar, code=1)
    assert (said["updated"], [one["code"] for one in said["rejected"]]) == (0, ["calendar.unknown"])
    calendar.write_text("援助案号,开庭日期\n7,2026-12-10\n", encoding="utf-8")
    brought = {"rows": 1, "updated": 1, "unchanged": 0, "moved": 0, "rejected": []}
    assert centre("observations", "calendar", calendar, "--dry-run") == brought
    assert centre("observations", "calendar", calendar) == brought
