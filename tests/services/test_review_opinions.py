"""The opinion on one case: six parts, stored figures, experts by code for the office and not at all for others."""

import io
import re

import pypdfium2
import pytest
from docx import Document

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.core.rubric_parts import show_points
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, AuditEvent, CaseResult, Expert, SampledCase, Sheet
from qualityeval.queries.accounts import actor_of
from qualityeval.reports.review_opinion import TITLES
from qualityeval.services import audit, review_opinions
from tests import factories
from tests.kept import kept
from tests.services.test_circulars import LATER, release
from tests.web.review_world import review_world


@pytest.fixture
@kept
def world(app, session):
    made = review_world(app, cases=(4, 4))
    with transaction() as session:
        for number, expert in enumerate(session.query(Expert)):
            expert.name = f"欧阳{'甲乙丙丁戊己庚辛壬癸'[number]}"
        audit.record(made.actor(), "expert.changed", now=LATER, object_type="expert", object_id="all")
    made.bring({"1": 90, "2": 81})
    return made


def first_case():
    return db.session.execute(db.select(SampledCase).order_by(SampledCase.id)).scalars().first()


def read(world, *, for_institution=False):
    return review_opinions.read_opinion(
        round_=world.round(), sampled=first_case(), for_institution=for_institution, now=LATER
    )


def make(world, kind, **more):
    with transaction():
        return review_opinions.make_opinion(
            actor=more.get("actor") or world.actor(), round_=world.round(), sampled=first_case(), kind=kind,
            now=LATER,
        )  # fmt: skip


def words_of(opinion):
    cells = [cell for part in opinion.parts for table in part.tables for row in table.rows for cell in row]
    return "".join([*(text for part in opinion.parts for text in part.paragraphs), *cells])


def test_six_parts_and_the_stored_figures(world):
    made = read(world)
    assert [part.heading.partition("、")[2] for part in made.parts] == list(TITLES)
    assert all(part.paragraphs for part in made.parts), "no empty heading"
    result = db.session.execute(db.select(CaseResult).filter_by(sampled_case_id=first_case().id)).scalar_one()
    # 90 and 81 by their mean
    assert result.total == 8550
    assert f"得分85.5分，拟评定等次为“{result.grade}”" in made.parts[4].paragraphs[0]
    rows = {row[0]: row[1:3] for row in made.parts[1].tables[0].rows}
    stored = db.session.execute(db.select(Expert.code, Sheet.total, Sheet.grade).join(
        Assignment, Sheet.assignment_id == Assignment.id).join(Expert, Assignment.expert_id == Expert.id)
        .where(Assignment.sampled_case_id == first_case().id))  # fmt: skip
    assert rows == {f"专家{code}": (show_points(total), grade) for code, total, grade in stored}
    lost = sum(float(row[3]) for row in made.parts[2].tables[0].rows)
    assert lost == (100 - 90) + (100 - 81)
    assert not re.search(r"None|\{|\}", words_of(made))


def test_no_copy_names_an_expert_and_an_institution_s_has_no_code(world):
    release(world)
    names = db.session.execute(db.select(Expert.code, Expert.name)).all()
    office, own = words_of(read(world)), words_of(read(world, for_institution=True))
    assert not any(name in office or name in own for _code, name in names)
    assert any(code in office for code, _name in names)
    assert not any(re.search(rf"(?<![0-9A-Z]){code}(?!\d)", own) for code, _name in names)
    assert read(world, for_institution=True).signers == ()
    liaison = factories.create_account(role=Role.LIAISON, institution=world.counties[0])
    with transaction():
        content = review_opinions.make_own_opinion(
            actor=actor_of(liaison), public_id=first_case().public_id, kind="docx", now=LATER
        )
    assert Document(io.BytesIO(content)).core_properties.author == ""
    stranger = factories.create_account(role=Role.LIAISON, institution=world.counties[1])
    with pytest.raises(NotFound):
        review_opinions.make_own_opinion(
            actor=actor_of(stranger), public_id=first_case().public_id, kind="docx", now=LATER
        )


def test_word_and_pdf_say_the_same(world):
    release(world)
    made = read(world)
    word = Document(io.BytesIO(make(world, "docx")))
    lines = [one.text for one in word.paragraphs]
    for part in made.parts:
        assert {part.heading, *part.paragraphs} <= set(lines)
    tables = [table for part in made.parts for table in part.tables]
    assert [[tuple(cell.text for cell in row.cells) for row in one.rows] for one in word.tables] == [
        [table.columns, *table.rows] for table in tables
    ]
    assert not any(mark in "".join(lines) for mark in ("{{", "{%", "初步结果"))
    content = make(world, "pdf")
    assert b"pdfaid:part" in content
    printed = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    printed = re.sub(r"\s", "", printed)
    assert all(re.sub(r"\s", "", part.heading) in printed for part in made.parts)


def test_when_and_for_whom(world):
    assert read(world).is_preliminary
    liaison = actor_of(factories.create_account(role=Role.LIAISON, institution=world.counties[0]))
    with pytest.raises(WrongState, match=r"opinion\.not_released"):
        review_opinions.make_own_opinion(
            actor=liaison, public_id=first_case().public_id, kind="pdf", now=LATER
        )
    with pytest.raises(NotAllowed):
        make(world, "docx", actor=liaison)
    with pytest.raises(InvalidInput):
        make(world, "odt")
    make(world, "docx")
    assert db.session.query(AuditEvent).filter_by(action="review_opinion.made").count() == 1
    with pytest.raises(NotFound):
        review_opinions.find_case(actor=world.actor(), round_=world.round(), key="nowhere:1")


def test_without_a_result_there_is_none(app, session):
    world = review_world(app, cases=(4, 4))
    with pytest.raises(WrongState, match=r"opinion\.no_result"):
        read(world)
