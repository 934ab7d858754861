"""Hearing observations: planned by a manager, filled in and handed in by the observer alone."""

from datetime import date, timedelta

import pytest

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.core.questionnaire import Unanswered
from qualityeval.database import db, transaction
from qualityeval.models import Account, Observation
from qualityeval.queries import observations as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import observations as services
from tests.channel_rows import FULL_MARKS, create_observation
from tests.factories import NOW, create_account, create_actor, create_case, create_institution

DAY = date(2026, 11, 25)


@pytest.fixture
def court(session):
    """A manager, an observer of the same county, a case of it."""
    county = create_institution()
    manager = create_actor(institution=county)
    observer = create_account(role=Role.OBSERVER, institution=county)
    return manager, observer, create_case(institution=county, organ="临州市人民法院")


def plan(manager, observer, case, *, day=DAY, court=""):
    with transaction():
        return services.plan_observation(
            actor=manager, case=case, observer=db.session.get_one(Account, observer.id), hearing_on=day,
            court=court, now=NOW,
        ).public_id  # fmt: skip


def fill(actor, public_id, answers):
    for code, answer in answers.items():
        with transaction():
            services.answer_question(
                actor=actor,
                observation=queries.get_for(actor, public_id),
                question=code,
                answer=answer,
                now=NOW,
            )


def note(actor, public_id, arrived="14:00", left="15:40", mode="on_site"):
    with transaction():
        services.note_hearing(
            actor=actor, observation=queries.get_for(actor, public_id), now=NOW,
            hearing=services.Hearing("第三法庭", mode, arrived, left),
        )  # fmt: skip


def submit(actor, public_id):
    with transaction():
        return services.submit_observation(
            actor=actor, observation=queries.get_for(actor, public_id), now=NOW
        )


def test_from_plan_to_score(court):
    manager, account, case = court
    observer = actor_of(account)
    public_id = plan(manager, account, case)
    assert queries.get_for(observer, public_id).court == "临州市人民法院"
    fill(observer, public_id, {**FULL_MARKS, "punctual": "good", "proof": "fair", "court_remark": "条理清楚"})
    note(observer, public_id)
    result = submit(observer, public_id)
    assert result.total == 9520  # 100 - 4·20 % - 10·40 %
    row = queries.list_for(manager)[0]
    assert (row.state, row.score, row.answered) == ("submitted", 9520, 17)
    with pytest.raises(WrongState):
        fill(observer, public_id, {"punctual": "excellent"})
    with pytest.raises(WrongState):
        submit(observer, public_id)


def test_what_is_missing_is_named_before_anything_is_stored(court):
    manager, account, case = court
    observer = actor_of(account)
    public_id = plan(manager, account, case)
    with pytest.raises(Unanswered):
        submit(observer, public_id)
    fill(observer, public_id, {**FULL_MARKS, "care": "poor"})
    with pytest.raises(InvalidInput) as refusal:
        submit(observer, public_id)
    assert refusal.value.code == "observation.times"
    note(observer, public_id)
    with pytest.raises(InvalidInput) as refusal:
        submit(observer, public_id)
    assert (refusal.value.code, refusal.value.where) == ("observation.why", "care")
    with transaction():
        services.answer_question(
            actor=observer, observation=queries.get_for(observer, public_id), question="care", answer="poor",
            note="当庭训斥受援人", now=NOW,
        )  # fmt: skip
    assert submit(observer, public_id).total == 9500


def test_a_recording_needs_no_times(court):
    manager, account, case = court
    observer = actor_of(account)
    public_id = plan(manager, account, case)
    fill(observer, public_id, FULL_MARKS)
    note(observer, public_id, "", "", mode="recording")
    assert submit(observer, public_id).total == 10000


def test_an_absent_lawyer_ends_the_form(court):
    manager, account, case = court
    observer = actor_of(account)
    public_id = plan(manager, account, case)
    fill(observer, public_id, {"punctual": "good", "attended": "absent"})
    note(observer, public_id)
    result = submit(observer, public_id)
    stored = queries.get_for(observer, public_id)
    assert (result.total, stored.score_reason, stored.answers) == (None, "absent", {"attended": "absent"})


@pytest.mark.parametrize(
    ("hearing", "where"),
    [
        (services.Hearing(mode="by_pigeon"), "mode"),
        (services.Hearing(arrived_at="14.00"), "arrived_at"),
        (services.Hearing(arrived_at="15:00", left_at="14:59"), "left_at"),
    ],
)
def test_a_hearing_that_can_not_be(court, hearing, where):
    manager, account, case = court
    observer = actor_of(account)
    public_id = plan(manager, account, case)
    with pytest.raises(InvalidInput) as refusal, transaction():
        services.note_hearing(
            actor=observer, observation=queries.get_for(observer, public_id), hearing=hearing, now=NOW
        )
    assert refusal.value.where == where


def test_a_closed_hearing_has_its_reason_and_is_over(court):
    manager, account, case = court
    observer = actor_of(account)
    public_id = plan(manager, account, case)
    for reason in ("", "boring"):
        with pytest.raises(InvalidInput), transaction():
            services.declare_closed(
                actor=observer, observation=queries.get_for(observer, public_id), reason=reason, now=NOW
            )
    with transaction():
        services.declare_closed(
            actor=observer, observation=queries.get_for(observer, public_id), reason="minor", now=NOW
        )
    row = queries.get_for(observer, public_id)
    assert (row.state, row.closed_reason, row.score) == ("closed_hearing", "minor", None)
    with pytest.raises(WrongState):
        note(observer, public_id)


def test_others_do_not_see_it_and_managers_do_not_write_it(court):
    manager, account, case = court
    public_id = plan(manager, account, case)
    colleague = create_actor(role=Role.OBSERVER, institution=case.institution)
    stranger = create_actor(institution=create_institution())
    for actor in (colleague, stranger):
        with pytest.raises(NotFound):
            queries.get_for(actor, public_id)
        assert queries.list_for(actor) == []
    with pytest.raises(NotAllowed):
        fill(manager, public_id, {"punctual": "good"})
    with pytest.raises(NotAllowed):
        plan(stranger, account, case)
    with pytest.raises(NotAllowed):
        plan(actor_of(account), account, case)


def test_a_hearing_is_planned_once_and_for_an_observer(court):
    manager, account, case = court
    plan(manager, account, case)
    with pytest.raises(InvalidInput) as refusal:
        plan(manager, account, case)
    assert refusal.value.code == "exists"
    plan(manager, account, case, day=DAY + timedelta(days=1))
    caller = create_account(role=Role.CALLER, institution=case.institution)
    with pytest.raises(InvalidInput):
        plan(manager, caller, case)


def test_long_notes_and_foreign_answers_are_refused(court):
    manager, account, case = court
    observer = actor_of(account)
    public_id = plan(manager, account, case)
    for question, answer, text in (
        ("care", "good", "x" * 401),
        ("care", "superb", ""),
        ("charm", "good", ""),
    ):
        with pytest.raises(InvalidInput), transaction():
            services.answer_question(
                actor=observer, observation=queries.get_for(observer, public_id), question=question,
                answer=answer, note=text, now=NOW,
            )  # fmt: skip
    assert queries.get_for(observer, public_id).answers == {}


def test_a_case_is_found_by_its_key_or_by_a_number_that_is_its_own(court):
    manager, _account, case = court
    key = f"{case.institution.code}:{case.number}"
    permission = services.Permission.OBSERVATION_PLAN
    assert queries.case_for(manager, key, permission).id == case.id
    assert queries.case_for(manager, f" {case.number} ", permission).id == case.id
    create_case(institution=create_institution(parent=case.institution), number=case.number)
    with pytest.raises(NotFound):
        queries.case_for(manager, case.number, permission)
    assert queries.case_for(manager, key, permission).id == case.id
    with pytest.raises(NotFound):
        queries.case_for(create_actor(institution=create_institution()), key, permission)


def test_the_database_knows_states_and_scores(session, court):
    _manager, account, case = court
    for fields in ({"state": "asleep"}, {"score": 10001}, {"state": "submitted"}, {"mode": "x"}):
        with pytest.raises(services_error()):
            create_observation(case=case, account=account, **fields)
    assert session.query(Observation).count() == 0


def services_error():
    from sqlalchemy.exc import IntegrityError

    return IntegrityError
