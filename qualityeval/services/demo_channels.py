"""The demonstration's other channels: what was observed, answered and told in the released half-year; and hearings
that wait for the observer, a list that waits for the caller.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from sqlalchemy import select

from qualityeval.clock import office_date
from qualityeval.core import demo_register
from qualityeval.core.callback import Outcome
from qualityeval.core.demo_answers import NOTE, answers_for
from qualityeval.core.demo_register import Chooser
from qualityeval.core.errors import RuleViolation
from qualityeval.core.self_service import SPEAKER, is_minor
from qualityeval.database import db
from qualityeval.models import Callback, Case
from qualityeval.queries.accounts import actor_named, by_name
from qualityeval.services import callbacks, campaigns, observations, opinions
from qualityeval.words.moments import OFFICE

MANAGER, OBSERVER, CALLER = "manager", "observer", "caller"
HEARINGS = 5
CALLED = Fraction(1, 10)
DONE, MOST_DONE = 6, 200  # of a hundred cases of the released half-year, and at most
ANSWERED, REACHED = 82, 78  # of a hundred organs that were asked; of a hundred calls


def create_channels(*, seed: int, now: datetime) -> None:
    """A part of the released half-year observed, answered and called back; hearings of the last month for the
    observer; a tenth of the quarter's recipients for the caller.

    A register too small to have any is left without.
    """
    _observe(seed, now)
    _ask_organs(seed, now)
    _call_back(seed, now)
    _plan_hearings(now)
    _list_calls(seed, now)


def _some(seed: int, label: str, *, heard: bool) -> Iterator[tuple[Case, Chooser]]:
    """Cases of the released half-year by chance, each with the choices that are made about it."""
    query = select(Case).where(Case.closed_on.between(*demo_register.RELEASED), Case.sealed.is_(False))
    if heard:
        query = query.where(Case.stage == "trial", Case.hearing_on.is_not(None))
    else:
        query = query.where(Case.organ != "", Case.case_type == "criminal")
    found = 0
    for case in db.session.execute(query.order_by(Case.id)).scalars().yield_per(1_000):
        choose = Chooser(seed, f"{label} {case.number}")
        if found < MOST_DONE and choose.chance(DONE):
            found += 1
            yield case, choose


def _observe(seed: int, now: datetime) -> None:
    manager, observer, row = actor_named(MANAGER), actor_named(OBSERVER), by_name(OBSERVER)
    for case, choose in list(_some(seed, "observed", heard=True)):
        if row is None or case.hearing_on is None:
            continue
        planned = observations.plan_observation(
            actor=manager, case=case, observer=row, hearing_on=case.hearing_on, court=case.organ, now=now
        )
        answers = answers_for(observations.form_of(planned), choose)
        notes = dict.fromkeys((code for code, one in answers.items() if one == observations.LOW), NOTE)
        record = observations.Record(
            observations.Hearing(court=case.organ, arrived_at="09:00", left_at="11:30"), answers, notes
        )
        observations.record_whole(actor=observer, observation=planned, record=record, now=now)


def _ask_organs(seed: int, now: datetime) -> None:
    manager = actor_named(MANAGER)
    for case, choose in list(_some(seed, "asked", heard=False)):
        asked, token = opinions.ask(
            actor=manager, case=case, organ=case.organ, officer=case.officer, days=30, now=now
        )
        db.session.flush()
        if choose.chance(ANSWERED):
            given = answers_for(opinions.form_of(asked), choose)
            opinions.answer(session_token=opinions.exchange(token=token, now=now), given=given, now=now)


def _call_back(seed: int, now: datetime) -> None:
    """A list of the half-year, called on the morning before: quiet hours hold for demonstrations too."""
    caller, listed = actor_named(CALLER), _list(seed, now, demo_register.RELEASED, Fraction(DONE, 100))
    morning = datetime.combine((now.astimezone(OFFICE) - timedelta(days=1)).date(), time(10), OFFICE)
    rows = db.session.execute(select(Callback).order_by(Callback.place).limit(MOST_DONE)).scalars().all()
    for row in rows if listed else ():
        choose = Chooser(seed, f"called {row.place}")
        callbacks.dial(actor=caller, callback=row, now=morning)
        reached = choose.chance(REACHED)
        answers = answers_for(callbacks.form_of(row), choose) if reached else None
        born, sealed = row.case.recipient_born_on, row.case.sealed
        if answers and is_minor(born, sealed=sealed, today=office_date(morning)):
            answers[SPEAKER] = "guardian"
        ended = callbacks.Ended(outcome=Outcome.REACHED if reached else Outcome.NO_ANSWER, answers=answers)
        callbacks.write_outcome(actor=caller, callback=row, ended=ended, now=morning)


def _plan_hearings(now: datetime) -> None:
    manager, observer = actor_named(MANAGER), by_name(OBSERVER)
    since, until = demo_register.OPEN
    heard = (
        select(Case)
        .where(Case.stage == "trial", Case.case_type == "criminal", Case.sealed.is_(False))
        .where(Case.hearing_on.is_not(None), Case.closed_on.between(since, until))
        .order_by(Case.hearing_on, Case.id)
        .limit(HEARINGS)
    )
    for case in db.session.execute(heard).scalars().all():
        if observer is not None and case.hearing_on is not None:
            observations.plan_observation(
                actor=manager,
                case=case,
                observer=observer,
                hearing_on=case.hearing_on,
                court=case.organ,
                now=now,
            )


def _list_calls(seed: int, now: datetime) -> None:
    _list(seed, now, demo_register.SCORING, CALLED)


def _list(seed: int, now: datetime, period: tuple[date, date], rate: Fraction) -> bool:
    """A list for the caller; False where the register has nobody to call."""
    caller, (since, until) = by_name(CALLER), period
    lot = "".join(str(Chooser(seed, f"calls {since} {throw}").between(1, 6)) for throw in range(20))
    if caller is None:
        return False
    try:
        campaigns.make_list(
            actor=actor_named(MANAGER), wanted=campaigns.Wanted(since, until, rate), callers=[caller], seed=lot,
            now=now,
        )  # fmt: skip
    except RuleViolation as refusal:
        if refusal.code != "callback.nobody":
            raise
        return False
    return True
