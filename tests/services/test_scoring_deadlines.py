"""Experts are told before, on and after the day; a manager urges them once a day; a late sheet is taken all the same."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.core.errors import WrongState
from qualityeval.core.scoring_deadline import GRACE, OPEN, OVERDUE, SOON, TODAY, stage
from qualityeval.database import db, transaction
from qualityeval.models import Outbox
from qualityeval.queries import sheets, todo
from qualityeval.queries.accounts import actor_of
from qualityeval.services import scoring, scoring_deadlines
from qualityeval.services.jobs import WORKER
from qualityeval.words.moments import OFFICE
from tests import factories
from tests.services import chain
from tests.web.review_world import review_world

DAY = date(2027, 2, 10)


@pytest.mark.parametrize(
    ("days", "grace", "expected"),
    [
        (-4, 0, OPEN),
        (-3, 0, SOON),
        (-1, 0, SOON),
        (0, 0, TODAY),
        (1, 0, OVERDUE),
        (2, 2, GRACE),
        (3, 2, OVERDUE),
    ],
)
def test_stages_by_the_calendar(days, grace, expected):
    assert stage(DAY + timedelta(days=days), DAY, grace=grace) == expected
    assert stage(DAY, None) == ""


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=OFFICE)


def tell(day):
    with transaction():
        return scoring_deadlines.tell_due(actor=WORKER, now=noon(day))


@pytest.mark.usefixtures("session")
def test_each_is_told_once_a_stage_and_urged_once_a_day(app):
    world = review_world(app, cases=(2, 2), experts=3, more="deadlines: {score: 2027-02-10, grace: 2}\n")
    account = factories.create_account(
        role=Role.EXPERT, expert_code="E0", email="e0@example.org", mail_notices=True
    )
    me = actor_of(account)
    assert {row.due for row in sheets.list_for(me)} == {DAY}
    assert [line.due.date() for line in todo.lines_for(me, now=noon(DAY))] == [DAY]
    told = [tell(DAY + timedelta(days=n)) for n in (-4, -3, -2, 0, 1, 3, 4)]
    assert told == [0, 1, 0, 1, 0, 1, 0]
    texts = [one.body["text"] for one in db.session.execute(select(Outbox).order_by(Outbox.id)).scalars()]
    assert ["今天" in one for one in texts] == [False, True, False]
    assert "已过" in texts[2]
    late = noon(DAY + timedelta(days=5))
    with transaction():
        # all three owe sheets; one has an account
        assert scoring_deadlines.urge(actor=world.actor(), round_=world.round(), now=late) == 1
    with pytest.raises(WrongState), transaction():
        scoring_deadlines.urge(actor=world.actor("second"), round_=world.round(), now=late)
    for row in sheets.list_for(me):
        with transaction():
            scoring.submit_sheet(
                actor=me, assignment=sheets.get_for(me, row.public_id), content=chain.content(90), now=late
            )
    with transaction():
        tomorrow = late + timedelta(days=1)
        assert scoring_deadlines.urge(actor=world.actor(), round_=world.round(), now=tomorrow) == 0
