"""Tables that a verb is given: one that isn't there, or lacks a column, is a plain message."""

import pytest

from qualityeval.cli.calibration import reference
from qualityeval.cli.call_in import bring
from qualityeval.cli.reviews import import_experts, import_sheets, listing
from qualityeval.cli.sheet_files import export_sheets
from qualityeval.cli.staff_parts import export_staff, staff
from tests.cli.running import say
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")
WRITERS = [export_sheets, export_staff, listing]
VERBS = [
    (import_experts, ()), (import_sheets, ("R2026",)), (bring, ("R2026",)), (staff, ("R2026",)),
    (reference, ("R2026", "A:1")),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "before"), VERBS, ids=[verb.name for verb, _before in VERBS])
def test_a_file_that_is_not_there_and_one_without_its_columns(app, tmp_path, verb, before):
    more = ("--reason", "见批注") if verb is reference else ()
    missing, bare = tmp_path / "none.csv", tmp_path / "bare.csv"
    bare.write_text("colour,weight\nred,1\n")
    refused = say(app, verb, *before, missing, *more, code=1)["error"]
    assert (refused["code"], refused["where"]) == ("file.unreadable", str(missing))
    refused = say(app, verb, *before, bare, *more, code=1)["error"]
    assert (refused["code"], refused["where"]) == ("table.columns", str(bare))


@pytest.mark.parametrize("verb", WRITERS, ids=[verb.name for verb in WRITERS])
def test_a_folder_that_is_not_there_is_named_and_nothing_is_left(app, tmp_path, verb):
    world = review_world(app)
    folder = tmp_path / "mine"
    folder.mkdir()
    target = folder / "no" / "table.csv"
    refused = say(app, verb, world.code, "-o", target, code=1)["error"]
    assert (refused["code"], refused["where"]) == ("file.unwritable", str(target))
    say(app, verb, world.code, "-o", folder / "table.csv")
    assert [one.name for one in folder.iterdir()] == ["table.csv"]
