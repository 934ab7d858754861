"""Blindness of papers, workbooks and histories as public reports of other systems got it wrong."""

import io
import re
from datetime import timedelta

import openpyxl
import pikepdf
import pytest
from openpyxl.comments import Comment
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, SampledCase, SheetDraft
from qualityeval.services import releases, scoring
from tests import factories, papers
from tests.factories import NOW
from tests.web.review_world import review_world
from tests.web.scoring import desk as desks
from tests.web.scoring.test_workbook import _brought, _fill, _taken_out
from tests.web.signed_in import browser_of

pytestmark = pytest.mark.usefixtures("session")
NAME, AUTHOR, REMARK = "张三律师-结案报告.pdf", "Planted Reviewer", "planted remark"
EXPERT = re.compile(r"专家E\d|\bE\d\b")


def _annotated():
    """A page with a comment that carries its author and a date, and properties that name somebody."""
    document = pikepdf.open(io.BytesIO(papers.pdf("alpha one", Author=AUTHOR, Title=NAME)))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[100, 100, 120, 120], T=AUTHOR, Contents=REMARK,
        M="D:20260101000000",
    )  # fmt: skip
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
    return papers.saved(document)


def test_a_papers_file_name_and_comments_reach_no_reader(app):
    """janeway#1316, pkp-lib#1663: the file's name held the lawyer's (BL-053); janeway#501: comments their author's (BL-054)."""
    desk = desks.set_up(app)
    desk.file(_annotated(), name=NAME)
    picture, sheet = desk.client.get(f"{desk.path}/page?n=1"), desk.client.get(desk.path)
    assert picture.status_code == sheet.status_code == 200
    assert picture.mimetype.startswith("image/")
    said = [picture.data, str(picture.headers).encode(), sheet.data, str(sheet.headers).encode()]
    said += [
        desk.client.post(f"{desk.path}/find", data={"words": words}).data.replace(words.encode(), b"")
        for words in ("alpha", AUTHOR, REMARK)
    ]
    for secret in ("张三", "结案报告.pdf", AUTHOR, REMARK):
        assert not [one for one in said if secret.encode() in one], secret
    title = re.search("<title>(.*?)</title>", sheet.text, re.DOTALL)
    assert desk.public_id[:8].upper() in title[1]
    assert desk.client.get(f"/papers/{desk.public_id}").status_code in (403, 404)


def test_a_workbooks_comments_and_author_are_not_taken_in(app):
    """janeway#501: a comment in an uploaded workbook told who had written it (BL-054)."""
    desk = desks.set_up(app)
    book = _taken_out(desk)
    row = _fill(book, "papers-delivered", mark="2.5")
    row[0].comment = Comment(REMARK, AUTHOR)
    book.properties.creator = AUTHOR
    answer = _brought(desk, book)
    assert answer.status_code == 303
    look = desk.client.get(answer.location)
    assert desk.client.post(answer.location).status_code == 303
    kept = repr(db.session.execute(select(SheetDraft.content)).scalar_one())
    for secret in (AUTHOR, REMARK):
        assert secret not in look.text
        assert secret not in kept


def test_no_version_of_a_sheet_names_its_expert_to_the_other_side(app):
    """openreview#79: a later revision showed names (BL-049); openreview-py#729: data beside the page did (BL-048)."""
    world = review_world(app, cases=(6, 6), experts=4, more="deadlines: {objection_days: 5}\n")
    liaison = browser_of(app, factories.create_account(role=Role.LIAISON, institution=world.counties[0]))
    world.bring({"1": 70}, slots=("1",))
    with transaction():
        line = db.session.execute(
            select(Assignment).where(Assignment.state == "submitted").limit(1)
        ).scalar_one()
        scoring.return_sheet(actor=world.actor(), assignment=line, reason="请补第3项", now=NOW)
    world.bring({"1": 72, "2": 71})
    world.notify()
    rows = db.session.execute(select(SampledCase.public_id)).scalars().all()
    pages = [liaison.get("/grades"), *(liaison.get(f"/grades/{one}") for one in rows)]
    shown = [page.text for page in pages if page.status_code == 200]
    assert len(shown) > 1
    with transaction():
        for name in ("first", "second"):
            releases.release(actor=world.actor(name), round_=world.round(), now=NOW + timedelta(days=30))
    here = f"/rounds/{world.round().public_id}/results"
    files = ("/results/export.csv", "/results/export.xlsx", "/results/items.xlsx")
    answers = [liaison.get(one) for one in (here, f"{here}/items", *(f"{one}?code=R2026" for one in files))]
    assert answers[0].status_code == answers[2].status_code == 200
    shown += [_text(one) for one in answers if one.status_code == 200]
    assert [EXPERT.findall(one) for one in shown] == [[]] * len(shown)


def _text(answer):
    if "spreadsheet" not in (answer.mimetype or ""):
        return answer.text
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
