"""`round feedback` and `round urge`: what institutions are sent, and who is told that a sheet is owed."""

import io
import zipfile

import pytest

from qualityeval.cli.reports import feedback_to
from qualityeval.cli.reviews import urge
from tests import factories
from tests.cli.running import say, say_plainly
from tests.services.test_objections import OVER
from tests.services.test_restatements import released
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def test_feedback_for_one_institution_and_for_all(app, time_machine, tmp_path):
    time_machine.move_to(OVER)
    world = released(app)
    county, target = world.counties[0], tmp_path / "feedback.xlsx"
    one = ("R2026", "--institution", county.code, "--format", "xlsx", "-o", target)
    written = say(app, feedback_to, *one)
    assert written == {"file": str(target), "bytes": len(target.read_bytes())}
    say(app, feedback_to, "R2026", "--format", "xlsx", "-o", tmp_path / "all.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "all.zip").read_bytes())) as packed:
        assert len(packed.namelist()) == 2
    elsewhere = say(app, feedback_to, *one[:2], "nowhere", *one[3:], code=1)["error"]
    assert (elsewhere["code"], elsewhere["where"]) == ("not_found", "institution")


def test_those_who_owe_a_sheet_are_told_once_a_day(app):
    review_world(app)
    for code in ("E0", "E1"):
        factories.create_account(role="expert", expert_code=code)
    assert say(app, urge, "R2026") == {"code": "R2026", "experts": 2}
    told = say_plainly(app, urge, "R2026", code=1)
    assert told == "今天已经催办过，明天才能再催。 [round] (round.urged)\n"
