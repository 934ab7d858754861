"""Hearings of the quarter found by rule and by lot, and dealt under recusal: nineteen cases of one county, by hand."""

import json
from datetime import date

import pytest

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput
from qualityeval.core.sampling import first_tickets
from qualityeval.database import db, transaction
from qualityeval.models import Account, AuditEvent, Interest, Observation, Setting
from qualityeval.queries import hearings as queries
from qualityeval.services import audit
from qualityeval.services.hearings import plan_hearings
from qualityeval.services.observations import plan_observation
from tests.channel_rows import create_observation
from tests.factories import (
    NOW,
    create_account,
    create_actor,
    create_case,
    create_cases,
    create_institution,
    handler,
)

TODAY, HEARING = date(2026, 11, 26), date(2026, 12, 10)
SEED = "5" * 64


@pytest.fixture
def county(session):
    """45 cases heard or to be heard: 40 past (one observed, one found closed), a first case and four others to come."""
    place = create_institution()
    manager, observer = create_actor(institution=place), create_account(role=Role.OBSERVER, institution=place)
    create_cases(
        institution=place,
        numbers=[f"P{n:02d}" for n in range(38)],
        hearing_on=date(2026, 3, 2),
        hearing_held=True,
    )
    for number, state in (("S", "submitted"), ("C", "closed_hearing")):
        past = create_case(institution=place, number=number, hearing_on=date(2026, 3, 2), hearing_held=True)
        reason = "minor" if state == "closed_hearing" else ""
        create_observation(
            case=past, account=observer, state=state, submitted_at=NOW, hearing_on=date(2026, 3, 2), closed_reason=reason
        )  # fmt: skip
    create_cases(institution=place, numbers=["N1", "N2", "N3", "N4"], hearing_on=HEARING, hearing_held=None)
    with transaction():
        _firm, person = handler("程新", "13301202010000001", "新风律师事务所", now=NOW)
        audit.record(manager, "case.created", now=NOW, object_type="case")
    first = create_case(
        institution=place, number="F", hearing_on=HEARING, hearing_held=None, practitioner_id=person.id,
        provider_id=person.provider_id,
    )  # fmt: skip
    return manager, observer, first


def draw(manager, *observers):
    with transaction():
        return plan_hearings(
            actor=manager, observers=[db.session.get_one(Account, one.id) for one in observers], seed=SEED,
            today=TODAY, now=NOW,
        )  # fmt: skip


def test_what_is_needed_then_drawn_and_nothing_twice(county):
    """5 % of 45 are 3, one is observed: 2 missing. The first case is one of them, the lot gives the other."""
    manager, observer, first = county
    rows, together, calendar = queries.needed_for(manager, TODAY)
    (row,) = rows
    assert (row.observed.done, row.observed.eligible, row.observed_open.eligible) == (1, 45, 44)
    assert (row.observed_open.left_out, row.missing, row.calendar) == ({"minor": 1}, 2, 5)
    assert (row.must, together.missing, len(calendar)) == ({"first_case": 1}, 2, 5)

    assert draw(manager, observer).count == 2
    keys = [one.hearing.key for one in calendar if not one.hearing.first]
    (lot,) = first_tickets(keys, 1, seed=SEED)
    sent = {
        one.case.number: one.why for one in db.session.query(Observation).filter_by(state="planned").all()
    }
    assert sent == {first.number: "first_case", lot.key.partition(":")[2]: "drawn"}
    event = db.session.query(AuditEvent).filter_by(action="observations.drawn").one()
    assert (json.loads(event.detail)["seed"], json.loads(event.detail)["planned"]) == (SEED, 2)
    with pytest.raises(InvalidInput, match=r"hearings\.nothing"):
        draw(manager, observer)
    with transaction():
        db.session.add(Setting(name="hearing_percent", value="20", changed_at=NOW))
        audit.record(manager, "setting.changed", now=NOW, object_type="setting")
    # 20 % of 45 are 9: one is observed, two are planned
    assert queries.needed_for(manager, TODAY)[1].missing == 6


def test_nobody_is_sent_to_the_case_of_an_acquaintance(county):
    manager, observer, first = county
    with transaction() as session:
        session.add(
            Interest(
                account_id=observer.id, kind="kinship", source="own", practitioner_id=first.practitioner_id,
                recorded_by="x", recorded_at=NOW,
            )
        )  # fmt: skip
        audit.record(manager, "interest.recorded", now=NOW, object_type="interest")
    sent = draw(manager, observer)
    assert (sent.count, len(sent.left)) == (1, 1)
    assert sent.left[0].endswith(":F")
    with pytest.raises(InvalidInput, match=r"observation\.recused"), transaction():
        plan_observation(
            actor=manager, case=db.session.merge(first), observer=db.session.get_one(Account, observer.id),
            hearing_on=HEARING, court="", now=NOW,
        )  # fmt: skip


def test_no_observer_is_refused(county):
    manager, _observer, first = county
    with pytest.raises(InvalidInput, match=r"observation\.observer"):
        draw(manager)
    with pytest.raises(InvalidInput, match=r"observation\.observer"):
        draw(manager, create_account(role=Role.CALLER, institution=first.institution))
