"""Calls that were made and answers that were given elsewhere: all rows of a file or none."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from qualityeval.adapters.form_files import OPINION, shipped_form
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.callback import Means, Outcome, State, after
from qualityeval.core.channel_mapping import ChannelMapping, ChannelRow
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.opinion import Via
from qualityeval.database import db
from qualityeval.models import CallAttempt, Callback, OrganOpinion
from qualityeval.services import callbacks, one_time
from qualityeval.services.channel_rows import (
    LOOKED_UP,
    ChannelReport,
    Line,
    cases_of,
    finish,
    guarded,
    read_rows,
)


def import_calls(
    *, actor: Actor, mapping: ChannelMapping, lines: Iterable[tuple[int, ChannelRow]], now: datetime
) -> ChannelReport:
    """Each row is one call, added to its recipient's record in the order of time.

    A case that isn't in the register, an outcome or a time that can't be read, an answer that the form hasn't,
    and a second set of answers reject their row. The same call again is unchanged. Raises nothing for rows.
    """
    require(actor, Permission.CALLBACK_PLAN)
    report, read = read_rows(mapping, lines, now=now)
    cases = cases_of(actor=actor, read=read, report=report)
    tasks = _tasks(set(cases.values()), mapping.form)
    for line in sorted(read, key=lambda one: (one.at, one.number)):
        if line.key in cases:
            guarded(
                report=report,
                line=line,
                add=lambda one: _add_call(one, cases[one.key], tasks, mapping, actor, now),
            )
    finish(actor=actor, action="callbacks.imported", report=report, form=mapping.form, now=now)
    _complain(actor, report, tasks, now)
    return report


def import_answers(
    *, actor: Actor, mapping: ChannelMapping, lines: Iterable[tuple[int, ChannelRow]], now: datetime
) -> ChannelReport:
    """Each row is one filled form about a case: of a recipient, or of an organ where the mapping says so.

    The same answers again are unchanged; other answers where some are kept already reject the row (`exists`).
    """
    organ = mapping.form == OPINION
    require(actor, Permission.OPINION_ASK if organ else Permission.CALLBACK_PLAN)
    report, read = read_rows(mapping, lines, now=now)
    cases = cases_of(actor=actor, read=read, report=report)
    tasks = {} if organ else _tasks(set(cases.values()), mapping.form)
    opinions = _opinions(set(cases.values())) if organ else {}
    for line in read:
        if line.key not in cases:
            continue
        if organ:
            guarded(
                report=report,
                line=line,
                add=lambda one: _add_opinion(one, cases[one.key], opinions, mapping, actor),
            )
        else:
            guarded(
                report=report,
                line=line,
                add=lambda one: _add_answers(one, cases[one.key], tasks, mapping, now),
            )
    finish(actor=actor, action="answers.imported", report=report, form=mapping.form, now=now)
    _complain(actor, report, tasks, now)
    return report


def _complain(actor: Actor, report: ChannelReport, tasks: Mapping[int, Callback], now: datetime) -> None:
    """Grave answers from elsewhere open complaints too; their days count from today, when we learn of them."""
    if report.created or report.updated:
        for task in tasks.values():
            if task.alarms:
                callbacks.open_complaint(actor=actor, callback=task, now=now)


def _tasks(case_ids: set[int], form: str) -> dict[int, Callback]:
    found: dict[int, Callback] = {}
    ids = sorted(case_ids)
    for start in range(0, len(ids), LOOKED_UP):
        query = (
            select(Callback)
            .where(Callback.form == form, Callback.case_id.in_(ids[start : start + LOOKED_UP]))
            .options(selectinload(Callback.attempts))
        )
        found |= {one.case_id: one for one in db.session.execute(query).scalars()}
    return found


def _opinions(case_ids: set[int]) -> dict[int, OrganOpinion]:
    found: dict[int, OrganOpinion] = {}
    ids = sorted(case_ids)
    for start in range(0, len(ids), LOOKED_UP):
        query = select(OrganOpinion).where(
            OrganOpinion.case_id.in_(ids[start : start + LOOKED_UP]), OrganOpinion.revoked_at.is_(None)
        )
        found |= {one.case_id: one for one in db.session.execute(query).scalars()}
    return found


def _add_call(
    line: Line,
    case_id: int,
    tasks: dict[int, Callback],
    mapping: ChannelMapping,
    actor: Actor,
    now: datetime,
) -> str:
    if not line.row.fields["outcome"]:
        raise InvalidInput(
            "channel.empty", msg("“%(column)s”这一列不能空。"), where="outcome", column="outcome"
        )
    task = (
        tasks.setdefault(case_id, _new_task(case_id, mapping.form, now))
        if case_id not in tasks
        else tasks[case_id]
    )
    outcome = Outcome(line.row.fields["outcome"])
    if any(one.at == line.at and one.outcome == outcome for one in task.attempts):
        return "unchanged"
    if line.answers and (outcome is not Outcome.REACHED or task.answered_at is not None):
        raise InvalidInput("exists", msg("这一位的答案已经有了，或者这次没有接通。"), where="answers")
    task.attempts.append(
        CallAttempt(
            number=len(task.attempts) + 1,
            at=line.at,
            outcome=outcome,
            note=line.row.fields.get("note", "")[:400],
            caller=(line.row.fields.get("caller", "") or actor.name)[:100],
            imported=True,
        )
    )
    if task.state == State.OPEN:
        task.state = after(outcome, len(task.attempts))
    if outcome is Outcome.REACHED and task.answered_at is None:
        _fill(task, line, mapping)
    return "created"


def _add_answers(
    line: Line, case_id: int, tasks: dict[int, Callback], mapping: ChannelMapping, now: datetime
) -> str:
    if not line.answers:
        raise InvalidInput("channel.no_answers", msg("这一行没有任何答案。"), where="answers")
    known = tasks.get(case_id)
    if known is not None and known.answered_at is not None and known.answers:
        return _same(known.answers, line.answers)
    task = known or _new_task(case_id, mapping.form, now)
    tasks[case_id] = task
    task.means = line.row.fields.get("means") or Means.PHONE
    _fill(task, line, mapping)
    return "updated" if known is not None else "created"


def _add_opinion(
    line: Line, case_id: int, opinions: dict[int, OrganOpinion], mapping: ChannelMapping, actor: Actor
) -> str:
    if not line.answers:
        raise InvalidInput("channel.no_answers", msg("这一行没有任何答案。"), where="answers")
    known = opinions.get(case_id)
    if known is not None and known.answered_at is not None:
        return _same(known.answers, line.answers)
    row = known or OrganOpinion(
        case_id=case_id, form=mapping.form, asked_by=actor.name, asked_at=line.at, expires_at=line.at
    )
    opinions[case_id] = row
    row.answers, row.answered_at, row.via = dict(line.answers), line.at, Via.LETTER
    row.entered_by = actor.name
    one_time.kill(row)
    db.session.add(row)
    return "updated" if known is not None else "created"


def _same(kept: Mapping[str, str], given: Mapping[str, str]) -> str:
    if dict(kept) != dict(given):
        raise InvalidInput("exists", msg("这件案件的答案已经有了，与这一行不同。"), where="answers")
    return "unchanged"


def _new_task(case_id: int, form: str, now: datetime) -> Callback:
    task = Callback(
        case_id=case_id, form=form, state=State.OPEN, means=Means.PHONE, listed_at=now, attempts=[]
    )
    db.session.add(task)
    return task


def _fill(task: Callback, line: Line, mapping: ChannelMapping) -> None:
    task.state, task.answers, task.answered_at = State.DONE, dict(line.answers), line.at
    task.alarms, task.dialled_at = list(shipped_form(mapping.form).alarms(line.answers)), None
