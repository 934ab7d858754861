"""`round results` on the command line: one round, and several as strata of a period."""

from datetime import date

import pytest

from qualityeval.cli.reviews import show_results
from tests import factories
from tests.cli.running import say
from tests.kept import kept
from tests.services import stories
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
@kept
def world(app):
    made = review_world(app)
    made.bring({"1": 90, "2": 80})
    for county in made.counties:
        for number in range(4):
            factories.create_case(institution=county, number=f"2027-{number}", closed_on=date(2027, 2, 1))
    text = stories.spec(made.round().institution.code, code="R2027")
    text = text.replace("2026-01-01, to: 2026-12-31", "2027-01-01, to: 2027-12-31")
    stories.drawn(made.actor("first"), made.actor("second"), text)
    return made


def test_one_round(world):
    found = say(world.app, show_results, "R2026")
    assert (found["overall"]["n"], found["overall"]["N"], found["overall"]["good_rate"]) == (15, 50, 1.0)
    assert {
        "institutions",
        "providers",
        "case_types",
        "agreement",
        "severity",
        "n_eff",
        "pending",
    } <= found.keys()


def test_several_rounds_are_one_period(world):
    found = say(world.app, show_results, "R2026,R2027")
    assert (found["code"], found["overall"]["n"], found["overall"]["N"], found["pending"]) == (
        "R2026,R2027",
        15,
        58,
        4,
    )
    assert [(one["code"], one["n"], one["N"]) for one in found["rounds"]] == [
        ("R2026", 15, 50),
        ("R2027", 0, 8),
    ]


def test_an_unknown_round_among_them_is_refused(world):
    assert say(world.app, show_results, "R2026,NONE", code=1)["error"]["code"] == "not_found"
