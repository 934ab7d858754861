"""The circular of a round: seven parts, every figure that of the results, three files, a template of one's own."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import docx
import pypdfium2
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from qualityeval.core.errors import InvalidInput, NotAllowed, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent
from qualityeval.queries import results
from qualityeval.reports.circular import TITLES, circular
from qualityeval.services import circulars, releases
from qualityeval.words.results import percent
from tests import factories
from tests.kept import kept
from tests.web.review_world import review_world

LATER = factories.NOW + timedelta(days=30)


@pytest.fixture
@kept
def world(app, session):
    made = review_world(app)
    made.bring({"1": 90, "2": 80})
    return made


def release(world):
    world.notify()
    for name in ("first", "second"):
        with transaction():
            releases.release(actor=world.actor(name), round_=world.round(), now=LATER)


def make(world, kind):
    with transaction():
        return circulars.make_circular(actor=world.actor(), rounds=[world.round()], kind=kind, now=LATER)


def read(world):
    return circulars.read_circular(actor=world.actor(), rounds=[world.round()], now=LATER)


def test_the_seven_parts_and_every_figure(world):
    release(world)
    found = results.results(world.actor(), world.round())
    made = read(world)
    assert [part.heading.partition("、")[2] for part in made.parts] == list(TITLES)
    assert all(part.paragraphs for part in made.parts), "no empty heading"
    overall, text = found["overall"], "".join(p for part in made.parts for p in part.paragraphs)
    assert f"抽样框共{overall['N']}件" in text
    for name, count in overall["grades"].items():
        if count:
            assert f"{name}{count}件（加权占{percent(overall['weighted'][name])}）" in text
    assert f"加权优良率{percent(overall['good_rate'])}" in text
    by_type, institutions = made.parts[3].tables
    assert by_type.rows[0][:3] == ("全部", str(overall["N"]), str(overall["n"]))
    assert [row[:3] for row in institutions.rows] == [
        (one["name"], str(one["N"]), str(one["n"])) for one in found["institutions"]
    ]
    assert not re.search(r"None|nan|\{|\}", text)
    (chart,) = made.parts[3].bars
    assert dict(zip(chart.grades, chart.rows[0].counts, strict=True)).items() <= overall["grades"].items()
    assert sum(chart.rows[0].counts) == overall["n"]


def test_word_pdf_and_excel_say_the_same(world):
    release(world)
    made = read(world)
    word = Document(io.BytesIO(make(world, "docx")))
    lines = [one.text for one in word.paragraphs]
    for part in made.parts:
        assert part.heading in lines
        assert set(part.paragraphs) <= set(lines)
    tables = [table for part in made.parts for table in part.tables]
    assert [[tuple(cell.text for cell in row.cells) for row in one.rows] for one in word.tables] == [
        [table.columns, *table.rows] for table in tables
    ]
    assert not any(mark in "".join(lines) for mark in ("{{", "{%"))
    assert len(word.inline_shapes) == 1, "the chart of the grades"
    pages = pypdfium2.PdfDocument(make(world, "pdf"))
    printed = re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pages))
    assert all(re.sub(r"\s", "", part.heading) in printed for part in made.parts)
    book = CalamineWorkbook.from_filelike(io.BytesIO(make(world, "xlsx")))
    first = book.get_sheet_by_name(tables[0].title).to_python()
    assert tuple(first[0]) == tables[0].columns
    assert first[1][1] == int(tables[0].rows[0][1])


def test_before_the_release_it_says_so_and_before_the_notice_there_is_none(world):
    with pytest.raises(WrongState):
        read(world)
    world.notify()
    assert read(world).is_preliminary
    assert "（初步结果，未发布）" in [p.text for p in Document(io.BytesIO(make(world, "docx"))).paragraphs]
    release_only(world)
    assert not read(world).is_preliminary
    assert "（初步结果，未发布）" not in [
        p.text for p in Document(io.BytesIO(make(world, "docx"))).paragraphs
    ]


def release_only(world):
    for name in ("first", "second"):
        with transaction():
            releases.release(actor=world.actor(name), round_=world.round(), now=LATER)


def test_an_office_s_own_template_is_used_and_a_broken_one_is_named(world, app):
    release(world)
    path = app.config["HOME"] / circulars.TEMPLATE
    path.parent.mkdir(exist_ok=True)
    try:
        own = docx.Document()
        own.add_paragraph("本局模板：{{ title }}")
        own.save(str(path))
        assert Document(io.BytesIO(make(world, "docx"))).paragraphs[0].text.startswith("本局模板：关于")
        own.add_paragraph("{{ no_such_place }}")
        own.save(str(path))
        with pytest.raises(InvalidInput) as refused:
            make(world, "docx")
        assert refused.value.code == "word.template"
    finally:
        path.unlink()


def test_who_may_and_what_the_log_keeps(world):
    release(world)
    make(world, "docx")
    assert db.session.query(AuditEvent).filter_by(action="circular.made", object_id="R2026").count() == 1
    stranger = factories.create_actor(institution=factories.create_institution())
    with pytest.raises(NotAllowed):
        circulars.read_circular(actor=stranger, rounds=[world.round()], now=LATER)
    with pytest.raises(InvalidInput), transaction():
        circulars.make_circular(actor=world.actor(), rounds=[world.round()], kind="odt", now=LATER)


def period_of(world, **more):
    facts = circulars.facts_of(actor=world.actor(), rounds=[world.round()], now=LATER)
    (one,) = facts.rounds
    other = replace(one, code="R2027", **more)
    return replace(facts, rounds=(one, other)), one


def test_a_period_of_two_rounds_says_each_draw_and_each_result(world):
    release(world)
    facts, one = period_of(world)
    made = circular(facts)
    assert made.number == "R2026、R2027"
    assert "包括2个批次：R2026、R2027" in made.parts[0].paragraphs[0]
    assert f"各批次抽样框合计{2 * one.frame_size}件，抽取{2 * one.sampled}件" in made.parts[1].paragraphs[0]
    (draws,) = made.parts[1].tables
    assert [row[0] for row in draws.rows] == ["R2026", "R2027"]
    by_round, by_type, _institutions = made.parts[3].tables
    overall = one.results["overall"]
    assert by_round.rows[1][:3] == ("R2027", str(overall["N"]), str(overall["n"]))
    assert by_type.rows[0][0] == "全部"
    assert [name for name, _value in made.digests if "方案摘要" in name] == [
        "R2026 方案摘要",
        "R2027 方案摘要",
    ]
    assert len({part.paragraphs for part in made.parts if part.heading.startswith("三")}) == 1, "judged alike"


def test_rounds_of_different_rubrics_stand_side_by_side(world):
    release(world)
    facts, _one = period_of(world, rubrics=("另一套标准",))
    apart = {**facts.results["overall"], "reason": "rubric_sets_differ", "grades": None, "good_rate": None}
    made = circular(replace(facts, results={**facts.results, "overall": apart, "institutions": []}, items=()))
    assert made.parts[3].paragraphs == ("各批次的评分标准不同，结果分列在下表，不合并、不相减、不排名。",)
    assert [table.title for table in made.parts[3].tables] == ["各批次结果"]
    assert made.parts[5].paragraphs[0].startswith("批次R2026：扣分最集中的评分项是")
    assert made.parts[2].paragraphs[0].startswith("批次R2026：")
    assert all(part.paragraphs for part in made.parts)
