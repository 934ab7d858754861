"""The second call: drawn by lot, another caller, agreement; first figures stay untouched."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from qualityeval.adapters.form_files import CHECK
from qualityeval.core.codes import Role
from qualityeval.core.coverage import Rate
from qualityeval.core.errors import InvalidInput
from qualityeval.core.sampling import ticket
from qualityeval.database import db, transaction
from qualityeval.models import Account, CallAttempt, Callback
from qualityeval.queries import callbacks as callback_queries
from qualityeval.queries import recall_checks as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import audit, callbacks
from qualityeval.services import recall_checks as services
from tests.channel_rows import CONTENT, create_callback
from tests.factories import create_account, create_actor, create_case, create_institution

MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
SEED = "5" * 64
SECOND = {"who": "recipient", "called_before": "yes", "met_times": "twice", "attended": "always", "money_asked": "yes", "overall": "satisfied"}  # fmt: skip


@pytest.fixture
def office(session):
    """A manager, two callers, and 21 callbacks that the first of them completed."""
    county = create_institution(code="330102")
    manager = create_actor(institution=county)
    first, second = (create_account(role=Role.CALLER, institution=county) for _ in range(2))
    for number in range(21):
        row = create_callback(
            case=create_case(institution=county, number=f"{number}", recipient_phone="13812340000"),
            account=first, state="done", answered_at=MORNING, answers=CONTENT,
        )  # fmt: skip
        with transaction() as session_:
            session_.add(CallAttempt(callback_id=row.id, number=1, at=MORNING, outcome="reached"))
            audit.record(manager, "callback.called", now=MORNING, object_type="callback")
    return manager, first, second


def draw(manager, *callers):
    with transaction():
        return services.draw_checks(
            actor=manager,
            callers=[db.session.get_one(Account, one.id) for one in callers],
            seed=SEED,
            now=MORNING,
        )


def test_a_twentieth_by_lot_for_the_other_caller(office):
    manager, first, second = office
    assert draw(manager, first, second) == (2, 0)  # ceil(21 / 20)
    rows = db.session.execute(select(Callback).filter_by(form=CHECK).order_by(Callback.place)).scalars().all()
    keys = sorted((f"330102:{number}" for number in range(21)), key=lambda key: ticket(SEED, key))
    assert [f"330102:{row.case.number}" for row in rows] == keys[:2]
    assert {row.caller_id for row in rows} == {second.id}
    assert callback_queries.tally_for(manager).listed == 21, "a second call is in no first figure"
    actor, again = actor_of(second), rows[0].public_id
    with transaction():
        callbacks.dial(actor=actor, callback=callback_queries.get_for(actor, again), now=MORNING)
    with transaction():
        callbacks.write_outcome(
            actor=actor, callback=callback_queries.get_for(actor, again), now=MORNING,
            ended=callbacks.Ended("reached", answers=SECOND),
        )  # fmt: skip
    found = queries.figures_for(manager)
    assert (found.listed, found.completed) == (2, 1)
    assert found.agree == {
        "met_times": Rate(1, 1), "attended": Rate(1, 1), "money_asked": Rate(0, 1), "overall": Rate(1, 1),
    }  # fmt: skip


def test_alone_nobody_checks_themselves(office):
    manager, first, _second = office
    assert draw(manager, first) == (0, 2)
    with pytest.raises(InvalidInput):
        draw(manager)
