"""Practitioners are told twice: what was notified while objections may be raised, and what was released."""

from datetime import UTC, datetime

import pytest

from qualityeval.core.errors import InvalidInput, NotFound, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import Case, PractitionerLink, SampledCase
from qualityeval.queries import practitioner_feedback as feedback
from qualityeval.services import audit, objections
from qualityeval.services import practitioner_links as services
from tests.factories import NOW, handler
from tests.services.test_objections import LAST_DAY, OVER, window

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def world(app):
    """The notified round; each case has the one practitioner."""
    made = window(app)
    with transaction():
        _firm, person = handler("张律师", "L1", "张所", now=NOW)
        db.session.execute(db.update(Case).values(practitioner_id=person.id))
        audit.record(made.actor("first"), "case.people", now=NOW, object_type="case")
    with pytest.raises(WrongState):
        tell(made)
    made.notify()
    return made


def tell(world, now=NOW):
    with transaction():
        return services.send(actor=world.actor("first"), round_=world.round(), days=30, now=now).made


def link_about(public_id):
    db.session.expire_all()
    query = db.select(PractitionerLink).join(SampledCase).where(SampledCase.public_id == public_id)
    return db.session.execute(query.order_by(PractitionerLink.id.desc())).scalars().first()


def opened(public_id, now):
    with transaction():
        return services.exchange(token=services.token_of(link_about(public_id).public_id), now=now)


def test_notified_in_the_window_and_released_after_it(world):
    case, silent = (row.public_id for row in world.rows()[:2])
    assert tell(world) == 15
    with pytest.raises(InvalidInput):
        tell(world)
    # the window ends with 2 December in Shanghai, and so does the link that was asked to live for 30 days
    assert link_about(case).expires_at == datetime(2026, 12, 1, 16, tzinfo=UTC)
    token = opened(case, NOW)
    with transaction():
        assert services.state(session_token=token, text="第 12 页有会见笔录", now=NOW)
        services.reply(
            actor=world.actor("first"), round_=world.round(), link=link_about(case), text="已核对", now=NOW
        )
    world.decide(world.object(public_id=case), objections.accept)
    world.bring({"objection": 97}, slots=("objection",))
    shown = feedback.feedback_of(link_about(case), now=LAST_DAY)
    assert (shown.total, [one.total for one in shown.sheets], shown.until.isoformat()) == (
        8500, [9000, 8000], "2026-12-02",
    )  # fmt: skip
    with pytest.raises(NotFound):
        feedback.feedback_of(link_about(case), now=OVER)
    late = opened(silent, datetime(2026, 12, 1, 15, 30, tzinfo=UTC))
    with pytest.raises(NotFound), transaction():
        services.state(session_token=late, text="晚了", now=datetime(2026, 12, 1, 16, 10, tzinfo=UTC))

    world.release()
    world.release("second")
    assert tell(world, OVER) == 15
    shown = feedback.feedback_of(link_about(case), now=OVER)
    assert (shown.total, len(shown.sheets), shown.until) == (8900, 3, None)
    assert [(one.statement, one.reply) for one in shown.earlier] == [("第 12 页有会见笔录", "已核对")]
