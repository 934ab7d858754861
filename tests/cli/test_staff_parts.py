"""`export staff` writes the table that `round staff` takes back, after a look."""

import csv

import pytest

from qualityeval.cli.staff_parts import exports, group
from tests.cli.running import say
from tests.web.staff_world import divided_world

pytestmark = pytest.mark.usefixtures("session")


def test_the_table_goes_out_and_comes_back_filled(app, tmp_path):
    divided_world(app)
    table = tmp_path / "staff.csv"
    told = say(app, exports, "staff", "R2026", "-o", table)
    assert (told["cases"], told["rows"]) == (2, 4)
    with table.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["item"], row["points"], row["mark"]) for row in rows[:2]] == [
        ("a1", "12", ""),
        ("a2", "8", ""),
    ]

    def filled(*marks):
        with table.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(rows[0]))
            writer.writeheader()
            writer.writerows({**row, "mark": mark} for row, mark in zip(rows, marks, strict=True))
        return "staff", "R2026", table

    told = say(app, group, *filled("9", "8.5", "", ""), code=1)
    assert [(one["row"], one["column"], one["code"]) for one in told["rejected"]] == [
        (3, "mark", "sheet.mark_range")
    ]
    command = filled("9", "8", "", "")
    looked = say(app, group, *command, "--dry-run")
    assert (looked["cases"], looked["open"], looked["dry_run"]) == (1, 2, True)
    told = say(app, group, *command)
    assert (told["rows"], told["cases"], told["completed"], told["open"]) == (4, 1, 0, 1)
