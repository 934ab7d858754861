"""The four channels set against each other, on real rows; nothing before the release, nothing of other subtrees."""

from datetime import date, timedelta

import pytest

from qualityeval.core.four_channels import SILENT, UNHEARD, Heard
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Case, FrameCase, SampledCase
from qualityeval.queries import four_channels as queries
from qualityeval.services import releases
from tests import factories
from tests.channel_rows import create_callback
from tests.kept import kept
from tests.web.review_world import review_world

LATER = factories.NOW + timedelta(days=30)
EVER = {"first": date(2000, 1, 1), "last": date(2099, 12, 31)}


@pytest.fixture
@kept
def world(app, session):
    """Every drawn case at 55 points (不合格), one recipient content, another not."""
    made = review_world(app)
    made.bring({"1": 55, "2": 55})
    for case, overall in zip(drawn(made), ("very", "dissatisfied"), strict=False):
        create_callback(case=case, state="done", answered_at=factories.NOW, answers={"overall": overall})
    return made


def drawn(world):
    query = (
        db.select(Case)
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Assignment, Assignment.sampled_case_id == SampledCase.id)
        .order_by(FrameCase.key)
    )
    return list(db.session.execute(query).scalars().unique())


def release(world):
    world.notify()
    for name in ("first", "second"):
        with transaction():
            releases.release(actor=world.actor(name), round_=world.round(), now=LATER)


def test_nothing_before_the_release_then_the_silent_case(world):
    assert queries.contradictions(world.actor(), **EVER) == []
    release(world)
    (found,) = queries.contradictions(world.actor(), **EVER)
    case = drawn(world)[0]
    assert (found.number, found.kinds, found.round_code) == (case.number, (SILENT,), "R2026")
    assert found.heard == Heard(peer=False, satisfied=True)
    assert queries.on_case(world.actor(), case) == (found.grade, found.heard, (SILENT,))
    assert queries.contradictions(world.actor(), **EVER, kind=UNHEARD) == []
    assert queries.contradictions(world.actor(), first=date(2000, 1, 1), last=date(2000, 1, 2)) == []


def test_a_manager_elsewhere_sees_none_of_it(world):
    release(world)
    elsewhere = factories.create_actor(institution=factories.create_institution())
    assert queries.contradictions(elsewhere, **EVER) == []
    assert queries.on_case(elsewhere, drawn(world)[0]) == ("", Heard(), ())
