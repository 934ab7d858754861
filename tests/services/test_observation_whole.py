"""A whole record at once: all of it or nothing, and a repeat changes nothing."""

from datetime import timedelta

import pytest

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, WrongState
from qualityeval.core.questionnaire import Unanswered
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent, Observation
from qualityeval.queries.accounts import actor_of
from qualityeval.services.observations import Hearing, Record, record_whole
from tests.channel_rows import FULL_MARKS, create_observation
from tests.factories import NOW, create_account, create_case, create_institution

pytestmark = pytest.mark.usefixtures("session")
HEARING = Hearing("第三法庭", "on_site", "9:05", "11:30")


@pytest.fixture
def planned(session):
    place = create_institution()
    return create_observation(case=create_case(institution=place), account=create_account(role=Role.OBSERVER))


def record(row, *, answers=FULL_MARKS, notes=None, hearing=HEARING, now=NOW):
    with transaction():
        again = db.session.get_one(Observation, row.id)
        return record_whole(
            actor=actor_of(again.observer),
            observation=again,
            record=Record(hearing, answers, notes or {}),
            now=now,
        )


def test_it_is_handed_in_with_its_score(planned):
    assert record(planned, notes={"proof": " 证据目录齐全 ", "no_such": "x"}).total == 10_000
    row = db.session.get_one(Observation, planned.id)
    assert (row.state, row.score, f"{row.arrived_at:%H:%M}", row.notes) == (
        "submitted", 10_000, "09:05", {"proof": "证据目录齐全"},
    )  # fmt: skip


def test_the_same_again_is_confirmed_and_changes_nothing(planned):
    first = record(planned)
    before = db.session.query(AuditEvent).count()
    assert record(planned, now=NOW + timedelta(hours=1)) == first
    assert db.session.query(AuditEvent).count() == before
    assert db.session.get_one(Observation, planned.id).submitted_at == NOW


def test_another_one_after_the_first_is_refused(planned):
    record(planned)
    with pytest.raises(WrongState):
        record(planned, answers={**FULL_MARKS, "proof": "fair"})
    assert db.session.get_one(Observation, planned.id).answers["proof"] == "excellent"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"answers": {"attended": "same"}}, Unanswered),
        ({"answers": {**FULL_MARKS, "proof": "poor"}}, InvalidInput),
        ({"hearing": Hearing("", "on_site", "", "")}, InvalidInput),
        ({"notes": {"proof": "长" * 401}}, InvalidInput),
    ],
)
def test_a_refused_record_leaves_nothing_behind(planned, changed, refusal):
    with pytest.raises(refusal):
        record(planned, **changed)
    db.session.expire_all()
    row = db.session.get_one(Observation, planned.id)
    assert (row.state, row.answers, row.notes, row.arrived_at) == ("planned", {}, {}, None)
