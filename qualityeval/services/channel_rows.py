"""Rows of a table of calls or answers: read, matched with cases of the register, counted, stored or not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from sqlalchemy import select

from qualityeval.adapters.form_files import shipped_form
from qualityeval.authz import Actor, Permission, scope
from qualityeval.core.channel_mapping import CODES, ChannelMapping, ChannelRow
from qualityeval.core.dates import DateReader
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.questionnaire import read_answers
from qualityeval.core.table_row import Rejected
from qualityeval.database import db
from qualityeval.models import Case, Institution
from qualityeval.services import audit
from qualityeval.words.moments import OFFICE

LOOKED_UP = 400
Key = tuple[str, str]  # institution code, case number


@dataclass
class ChannelReport:
    """What came of a file; one rejected row stores nothing."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A row that could be read; `answers` are checked against the form."""

    number: int
    key: Key
    at: datetime
    row: ChannelRow
    answers: Mapping[str, str]


def read_rows(
    mapping: ChannelMapping, lines: Iterable[tuple[int, ChannelRow]], *, now: datetime
) -> tuple[ChannelReport, list[Line]]:
    """The rows that can be read; the others stand in the report with their reason."""
    report, dates = ChannelReport(), DateReader(mapping.dates)
    read: list[Line] = []
    form = shipped_form(mapping.form)
    for number, row in lines:
        report.rows += 1
        try:
            for name, codes in CODES.items():
                if row.fields.get(name) and row.fields[name] not in codes:
                    raise InvalidInput(
                        "channel.code", msg("“%(value)s”不认识。可用：%(codes)s。"), where=name,
                        value=row.fields[name], codes=", ".join(codes),
                    )  # fmt: skip
            answers = read_answers(form, row.answers, complete=False)
            read.append(Line(number, _key(row), _moment(row.fields["at"], dates, now), row, answers))
        except RuleViolation as refusal:
            report.rejected.append(Rejected.by(number, refusal))
    return report, read


def _key(row: ChannelRow) -> Key:
    for name in ("institution", "number"):
        if not row.fields[name]:
            raise InvalidInput("channel.empty", msg("“%(column)s”这一列不能空。"), where=name, column=name)
    return row.fields["institution"], row.fields["number"]


def _moment(text: str, dates: DateReader, now: datetime) -> datetime:
    """An instant: ISO with its zone, or a date with or without a time in office time; never in the future."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        reading = dates.read(text)
        if reading.day is None:
            raise InvalidInput(
                reading.code or "channel.at", reading.text or msg("没有时间。"), where="at", value=text
            ) from None
        read = datetime.combine(reading.day, time(0), OFFICE)
    moment = read if read.tzinfo is not None else read.replace(tzinfo=OFFICE)
    if moment > now:
        raise InvalidInput("channel.future", msg("“%(value)s”还没有到，请核对。"), where="at", value=text)
    return moment


def cases_of(*, actor: Actor, read: Sequence[Line], report: ChannelReport) -> dict[Key, int]:
    """Cases by key; a row whose case isn't in the actor's registers is rejected."""
    keys = {line.key for line in read}
    found: dict[Key, int] = {}
    for code in sorted({key[0] for key in keys}):
        numbers = sorted(number for place, number in keys if place == code)
        for start in range(0, len(numbers), LOOKED_UP):
            query = (
                select(Case.number, Case.id)
                .join(Institution)
                .where(
                    scope.cases(actor, Permission.CALLBACK_PLAN),
                    Institution.code == code,
                    Case.number.in_(numbers[start : start + LOOKED_UP]),
                )
            )
            found |= {(code, number): case_id for number, case_id in db.session.execute(query)}
    for line in read:
        if line.key not in found:
            refusal = InvalidInput(
                "case.not_found", msg("台账里没有这件案件：%(key)s。"), where="number", key=":".join(line.key)
            )
            report.rejected.append(Rejected(line.number, "number", refusal))
    return found


def guarded(*, report: ChannelReport, line: Line, add: Callable[[Line], str]) -> None:
    """Count what `add` says of the line (created, updated, unchanged), or its refusal."""
    try:
        outcome = add(line)
    except RuleViolation as refusal:
        report.rejected.append(Rejected(line.number, refusal.where, refusal))
        return
    setattr(report, outcome, getattr(report, outcome) + 1)


def finish(*, actor: Actor, action: str, report: ChannelReport, form: str, now: datetime) -> ChannelReport:
    """Store everything, or nothing where a row was rejected."""
    report.rejected.sort(key=lambda one: one.row)
    if report.rejected:
        db.session.expunge_all()
        report.created = report.updated = 0
        return report
    db.session.flush()
    if report.created or report.updated:
        audit.record(
            actor, action, now=now, object_type="callback", form=form, created=report.created,
            updated=report.updated,
        )  # fmt: skip
    return report
