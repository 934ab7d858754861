"""Many papers at once by their names: a dry run first."""

import pytest
from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import CaseFile
from tests import factories, papers
from tests.web.case_files.keeping import NUMBER, Keeping

GOOD, OTHER = papers.pdf("x"), papers.pdf("y")


@pytest.fixture
def keeping(app, session):
    return Keeping(app)


def test_the_dry_run_says_of_each_file_what_would_come_of_it_and_files_nothing(keeping):
    factories.create_case(institution=factories.create_institution(), number="elsewhere")
    text = keeping.offer(
        (f"{NUMBER}_判决书、裁定书_1.pdf", GOOD),
        (f"{NUMBER}_meeting-note.pdf", OTHER),
        (f"{NUMBER}_pleading_1.pdf", GOOD),
        (f"{NUMBER}_meeting-note_3.pdf", b"broken"),
        ("elsewhere_judgment.pdf", GOOD),
        ("scan0001.pdf", GOOD),
    ).get_data(as_text=True)
    assert "2 份可以收入，共 6 份" in text
    for said in ("归档目录里没有“pleading”", "不是 PDF", "没有案号“elsewhere”", "文件名看不出案号"):
        assert said in text
    assert db.session.execute(select(CaseFile)).first() is None


def test_a_case_is_found_by_its_number(keeping):
    text = keeping.client.get(f"/papers/?number={NUMBER}").get_data(as_text=True)
    assert f"/papers/case/{keeping.public_id}" in text
    assert "没有找到案号“x”" in keeping.client.get("/papers/?number=x").get_data(as_text=True)


def test_nothing_chosen_is_said(keeping):
    assert keeping.client.post("/papers/", data={}).status_code == 422
