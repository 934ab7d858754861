"""Every odd file of the torture folder is imported or refused in plain words; none is half imported.

Each file goes the way of the mapping page: its headings are matched, what they don't name is filled with
the first columns, as a person in a hurry would. Facts about single files are from the folder's README.
"""

import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from qualityeval.adapters.tables import open_table
from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import InvalidInput
from qualityeval.core.mapping import parse_mapping
from qualityeval.core.mapping_suggest import suggest
from qualityeval.core.region_codes import level_of
from qualityeval.database import db, transaction
from qualityeval.models import Case, Institution, Practitioner, Provider
from qualityeval.services.case_import import ImportOptions, import_cases
from qualityeval.web.cases.mapping_form import headings_of
from tests.conftest import ROOT
from tests.factories import NOW

FOLDER = (
    Path(os.environ.get("QUALITYEVAL_REALDATA") or ROOT.parent / "shared" / "realdata") / "import_torture"
)
FILES = sorted(path.name for path in FOLDER.glob("*") if path.suffix != ".md")
pytestmark = [
    pytest.mark.usefixtures("session"),
    pytest.mark.skipif(not FILES, reason="no folder of odd files; QUALITYEVAL_REALDATA names its place"),
]
EMPTY_OR_BROKEN = {
    "calamine__empty_sheet.xlsx": "table.empty",
    "sheetjs__biff5_password_2002_40_xor.xls": "workbook.password",
}


def mapping_for(path):
    with open_table(path) as table:
        suggestion = suggest(table.header, table.sample(50))
        headings = [heading for heading in headings_of(table) if heading]
    node = suggestion.as_node()
    columns = node["columns"]
    columns.setdefault("number", headings[0])
    columns.setdefault("institution", {"code": {"value": "330102"}})
    columns.setdefault("case_type", {"value": "criminal"})
    columns.setdefault("aid_form", {"value": "defence"})
    columns["cause"] = headings[-1]
    return parse_mapping(node)


def bring(path, **options):
    with transaction():
        return import_cases(
            actor=COMMAND_LINE, path=path, name=path.name, mapping=mapping_for(path),
            options=ImportOptions(under="330000", create_institutions=True, **options), now=NOW, today=NOW.date(),
        )  # fmt: skip


def attempt(path):
    """The outcome, or the refusal of the whole file."""
    try:
        return bring(path), None
    except InvalidInput as refusal:
        return None, refusal


def stored():
    db.session.rollback()
    return [
        db.session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (Case, Institution, Provider, Practitioner)
    ]


@pytest.mark.proof("import-torture")
@pytest.mark.parametrize("name", FILES or ["none"])
def test_imported_whole_or_refused_in_words(name):
    path = FOLDER / name
    outcome, refusal = attempt(path)
    if outcome is None:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in refusal.message), refusal
        assert "%(" not in refusal.message
        assert stored() == [0, 0, 0, 0]
        assert EMPTY_OR_BROKEN.get(name, refusal.code) == refusal.code
        return
    assert name not in EMPTY_OR_BROKEN
    assert outcome.created + outcome.updated + outcome.unchanged + len(outcome.rejected) == outcome.rows
    if outcome.rejected:
        assert stored() == [0, 0, 0, 0]
        assert all(problem.message and problem.code for row in outcome.rejected for problem in row.problems)
        again = bring(path, skip_rejected=True)
        assert again.created == outcome.created
    assert stored()[0] == outcome.created


@pytest.mark.parametrize(
    "name",
    [
        "derived__zhejiang_areas_fullwidth_digits.csv", "derived__zhejiang_areas_gb18030_nobom.csv",
        "derived__zhejiang_areas_gbk_semicolon.csv", "derived__zhejiang_areas_utf16le_tab.csv",
    ],
)  # fmt: skip
def test_the_counties_of_zhejiang_come_in_whole_in_every_encoding(name):
    """All four are transcodings of one list of counties by GB/T 2260, so each must give the same numbers."""
    path = FOLDER / name
    outcome = bring(path)
    assert (outcome.rejected, outcome.is_stored) == ((), True)
    with open_table(path) as table:
        assert outcome.created == sum(1 for _ in table.rows())
    numbers = db.session.execute(select(Case.number)).scalars().all()
    assert len(numbers) >= 89
    assert all(level_of(number) for number in numbers)
