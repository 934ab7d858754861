"""Sheets of anchors and of files that came back are known to the desk alone: whatever makes a result can't meet them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "qualityeval"
TABLES = re.compile(r"\b(CalibrationSheet|calibration_sheet)\b")
DESK = {
    "cli/calibration.py", "models/__init__.py", "models/calibration.py", "queries/calibration.py",
    "queries/calibration_figures.py", "queries/clearances.py", "queries/desk_papers.py", "queries/earlier_sheets.py",
    "queries/sheets.py", "queries/workload.py", "services/answers.py", "services/calibration.py", "services/calibration_sheets.py",
    "services/demo_calibration.py", "services/scoring.py", "web/assignments/calibration.py",
}  # fmt: skip


def test_nothing_but_the_desk_reads_these_sheets():
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if TABLES.search(path.read_text(encoding="utf-8"))
    }
    assert found - DESK == set()
    assert {"queries/calibration.py", "queries/sheets.py"} <= found
