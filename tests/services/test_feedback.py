"""Feedback on a released round: an institution's own cases and items, for its own eyes, in three kinds of file."""

import io
import re
import zipfile

import pytest
from docx import Document

from qualityeval.core.codes import Role
from qualityeval.core.errors import NotFound, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent
from qualityeval.queries import feedback as queries
from qualityeval.reports.feedback import TITLES
from qualityeval.services import feedback as services
from tests import factories
from tests.services.test_circulars import LATER, release, world  # noqa: F401 -- the same story


def liaison(county):
    return factories.create_actor(role=Role.LIAISON, institution=county)


def read(world, actor, county):  # noqa: F811
    return services.read_feedback(actor=actor, round_=world.round(), code=county.code, now=LATER)


def test_four_parts_about_the_own_cases_alone(world):  # noqa: F811
    release(world)
    first, second = world.counties
    cases = queries.cases_of(world.round(), first)
    assert len(cases) == 6, "27.7 % of 20, rounded up"
    made = read(world, liaison(first), first)
    assert [part.heading.partition("、")[2] for part in made.parts] == list(TITLES)
    assert all(part.paragraphs for part in made.parts)
    (own,) = made.parts[1].tables
    assert [row[0] for row in own.rows] == sorted(one.number for one in cases)
    assert {row[4] for row in own.rows} == {"良好"}, "85 of 100 by (90 + 80) / 2"
    text = repr(made)
    assert "你单位抽中并评定6件：良好6件。其中优良6件。" in text
    assert second.name not in text
    assert len(queries.cases_of(world.round(), second)) == 9
    assert not re.search(r"None|nan|\{", text)


def test_whose_it_is_and_when(world):  # noqa: F811
    first, second = world.counties
    with pytest.raises(WrongState):
        read(world, world.actor(), first)
    release(world)
    for stranger in (liaison(second), factories.create_actor(role=Role.VIEWER, institution=first)):
        with pytest.raises(NotFound):
            read(world, stranger, first)
    with pytest.raises(NotFound):
        services.read_feedback(actor=world.actor(), round_=world.round(), code="NOWHERE", now=LATER)


def test_one_file_and_all_of_them(world):  # noqa: F811
    release(world)
    first, second = world.counties
    own = liaison(first)
    with transaction():
        one = services.make_feedback(actor=own, round_=world.round(), code=first.code, kind="docx", now=LATER)
        whole = services.make_all(actor=world.actor(), round_=world.round(), kind="docx", now=LATER)
    assert f"关于{world.round().title}的反馈意见" in [
        line.text for line in Document(io.BytesIO(one)).paragraphs
    ]
    names = zipfile.ZipFile(io.BytesIO(whole)).namelist()
    assert names == [f"{place.code}-{place.name}.docx" for place in (first, second)]
    made = db.session.query(AuditEvent).filter_by(action="feedback.made", object_id="R2026")
    assert made.count() == 2
