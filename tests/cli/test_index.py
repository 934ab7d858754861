"""`index declare` and `index show`: the weights of a body and its index, for people and for programs."""

import pytest

from qualityeval.cli.composite import group
from tests.cli.running import say, say_plainly
from tests.services.test_objections import OVER
from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")
YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")
PEER = "process=0,hearing=0,satisfaction=0,archive=0,peer=100"


@pytest.fixture
def body(app, time_machine):
    time_machine.move_to(OVER)
    return released(app).round().institution.code


def declared(body, weights=PEER):
    return (
        "declare",
        body,
        "2026",
        "--since",
        "2026-01-01",
        "--weights",
        weights,
        "--reason",
        "试行办法第八条",
    )


def test_weights_are_declared_and_the_index_follows(app, body):
    found = say(app, group, "show", body, *YEAR)
    assert list(found) == ["code", "from", "to", "rounds", "weights", "before", "institutions", "reason"]
    assert (found["weights"], found["reason"]) == (None, "no_weights")
    made = say(app, group, *declared(body))
    assert made["weights"] == {"process": 0, "hearing": 0, "satisfaction": 0, "archive": 0, "peer": 100}
    found = say(app, group, "show", body, *YEAR)
    first = found["institutions"][0]
    assert list(first) == ["code", "name", "index", "before", "parts", "proposal", "weak"]
    assert (first["index"]["value"], first["index"]["covered"], first["parts"]["peer"]["n"]) == (100, 1, 6)
    lines = say_plainly(app, group, "show", body, *YEAR).splitlines()
    assert lines[0] == f"{body} 2026-01-01 – 2026-12-31 R2026"
    assert lines[2].startswith(f"{first['code']} {first['name']}  100.0 [")


@pytest.mark.parametrize(
    "weights", ["peer=100", "peer=x", "process=20,hearing=20,satisfaction=20,archive=20,peer=21"]
)
def test_weights_that_are_not_whole_name_their_place(app, body, weights):
    refused = say(app, group, *declared(body, weights), code=1)["error"]
    assert (refused["code"], refused["where"]) == ("composite.weights", "weights")
    assert say(app, group, "show", "nowhere", *YEAR, code=1)["error"]["where"] == "code"
