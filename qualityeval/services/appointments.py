"""An expert's terms: from an import or by hand, with the days of leave."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.core.appointments import KINDS, OWN, THIRD_PARTY
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, msg
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import Appointment, Expert, Institution, Leave, Round
from qualityeval.queries import rounds
from qualityeval.queries.experts import may_change
from qualityeval.services import audit

COLUMNS = (
    "kind", "term_from", "term_until", "leave", "station", "head_of", "languages", "contract", "only_round",
)  # fmt: skip
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
LONGEST = 200


@dataclass(frozen=True)
class Given:
    """What a line or a form says of an appointment; a field that isn't in `values` stays as it is."""

    values: Mapping[str, Any] = field(default_factory=dict)
    leaves: tuple[tuple[date, date], ...] = ()


def read(cells: Mapping[str, str], *, places: Mapping[str, int], actor: Actor) -> Given:
    """The columns of an import; empty cells say nothing. InvalidInput names the column."""
    text = {name: normalize("NFC", cells.get(name, "").strip()) for name in COLUMNS}
    values: dict[str, Any] = {}
    if text["kind"]:
        values["kind"] = text["kind"]
    for name, into in (("term_from", "since"), ("term_until", "until")):
        if text[name]:
            values[into] = _day(name, text[name])
    for name in ("station", "head_of"):
        if text[name]:
            if text[name] not in places:
                raise _bad(name, "expert.region", msg("没有这个编码的机构，或者不在您的辖区内。"))
            values[f"{name}_id"] = places[text[name]]
    if text["languages"]:
        values["languages"] = listed(text["languages"])
    if text["contract"]:
        values["contract"] = text["contract"][:LONGEST]
    if text["only_round"]:
        values["round_id"] = _round(actor, text["only_round"]).id
    _refuse_unfit({"kind": OWN, "contract": "", **values})
    return Given(values, tuple(_spans(text["leave"])))


def listed(text: str) -> list[str]:
    """Parts between semicolons, Chinese ones too, without empty ones."""
    return [one.strip() for one in text.replace("；", ";").split(";") if one.strip()]


def _round(actor: Actor, code: str) -> Round:
    try:
        return rounds.by_code_for(actor, code)
    except NotFound as unknown:
        raise _bad(
            "only_round", "expert.round", msg("没有这个代码的批次，或者不是本机构的批次。")
        ) from unknown


def _place(actor: Actor, column: str, code: str) -> int | None:
    if not code:
        return None
    mine = select(Institution.id).where(
        Institution.code == code, scope.institutions(actor, Permission.EXPERTS_MANAGE)
    )
    found = db.session.execute(mine).scalar_one_or_none()
    if found is None:
        raise _bad(column, "expert.region", msg("没有这个编码的机构，或者不在您的辖区内。"))
    return found


def _spans(text: str) -> list[tuple[date, date]]:
    found = []
    for part in listed(text):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise _bad("leave", "expert.leave", msg("请假请写成“2026-05-01..2026-05-07”，几段之间用分号。"))
        first, last = (_day("leave", one) for one in match.groups())
        if last < first:
            raise _bad("leave", "expert.leave", msg("请假请写成“2026-05-01..2026-05-07”，几段之间用分号。"))
        found.append((first, last))
    return found


def _day(column: str, text: str) -> date:
    try:
        return date.fromisoformat(text[:10]) if len(text) <= 19 else _never()
    except ValueError as odd:
        raise _bad(column, "expert.day", msg("日期请写成 2026-01-31。")) from odd


def _never() -> date:
    raise ValueError


def _refuse_unfit(values: Mapping[str, Any]) -> None:
    if values["kind"] not in KINDS:
        raise _bad("kind", "expert.kind", msg("专家类别只能是 own、guest 或 third_party。"))
    since, until = values.get("since"), values.get("until")
    if since and until and until < since:
        raise _bad("term_until", "expert.term", msg("结束日期不能早于开始日期。"))
    whole = since and until and values.get("round_id") and values.get("contract")
    if values["kind"] == THIRD_PARTY and not whole:
        raise _bad("contract", "expert.third_party", msg("第三方评估人要写明合同、起止日期和唯一的批次。"))


def _bad(column: str, code: str, text: str) -> InvalidInput:
    return InvalidInput(code, text, where=column)


def differs(expert: Expert, given: Given) -> bool:
    """Whether applying would change anything."""
    row = db.session.get(Appointment, expert.id)
    known = {name: getattr(row, name, None) for name in given.values}
    known_leaves = set(_leaves(expert))
    return known != dict(given.values) or any(one not in known_leaves for one in given.leaves)


def apply(*, actor: Actor, expert: Expert, given: Given, now: datetime) -> None:
    """Store what is given, and further leave; rights are the caller's to have checked.

    Refused where a third-party assessor would lack contract, dates or round.
    """
    db.session.flush()
    row = db.session.get(Appointment, expert.id)
    if given.values:
        if row is None:
            row = Appointment(expert_id=expert.id, kind=OWN, languages=[], contract="")
            db.session.add(row)
        names = ("kind", "since", "until", "round_id", "contract")
        _refuse_unfit({**{name: getattr(row, name) for name in names}, **given.values})
        for name, value in given.values.items():
            setattr(row, name, value)
    known = set(_leaves(expert))
    for span in given.leaves:
        if span not in known:
            db.session.add(_leave(actor, expert, span, "", now))
    db.session.flush()


def change_terms(
    *,
    actor: Actor,
    expert: Expert,
    values: Mapping[str, Any],
    now: datetime,
    station: str = "",
    head_of: str = "",
    only_round: str = "",
) -> None:
    """Set the whole appointment by hand; `station`, `head_of` and `only_round` are codes or empty. Files dealt already stay.

    Refused for an expert of another subtree, dates the wrong way round, and a third party without contract, dates
    and round.
    """
    _may(actor, expert)
    round_id = _round(actor, only_round.strip()).id if only_round.strip() else None
    places = {
        f"{name}_id": _place(actor, name, code) for name, code in (("station", station), ("head_of", head_of))
    }
    given = {**values, **places, "round_id": round_id, "contract": str(values.get("contract", "")).strip()}
    apply(actor=actor, expert=expert, given=Given(given), now=now)
    shown = {name: str(value) for name, value in given.items() if value not in (None, "", [])}
    audit.record(actor, "expert.appointed", now=now, object_type="expert", object_id=expert.code, terms=shown)


def add_leave(*, actor: Actor, expert: Expert, since: date, until: date, reason: str, now: datetime) -> None:
    """Days, both included, on which nothing is dealt to the expert; what is dealt already stays."""
    _may(actor, expert)
    if until < since:
        raise _bad("leave_until", "expert.term", msg("结束日期不能早于开始日期。"))
    db.session.add(_leave(actor, expert, (since, until), reason, now))
    db.session.flush()
    audit.record(
        actor,
        "expert.leave",
        now=now,
        object_type="expert",
        object_id=expert.code,
        since=str(since),
        until=str(until),
    )


def _leave(actor: Actor, expert: Expert, span: tuple[date, date], reason: str, now: datetime) -> Leave:
    kept = written(reason, "reason", code="expert.leave_reason", longest=LONGEST, needed=False)
    return Leave(
        expert_id=expert.id, since=span[0], until=span[1], reason=kept, recorded_by=actor.name,
        recorded_at=now,
    )  # fmt: skip


def _leaves(expert: Expert) -> list[tuple[date, date]]:
    rows = db.session.execute(select(Leave.since, Leave.until).where(Leave.expert_id == expert.id))
    return [(since, until) for since, until in rows]


def _may(actor: Actor, expert: Expert) -> None:
    require(actor, Permission.EXPERTS_MANAGE)
    if not may_change(actor, expert):
        raise NotAllowed(
            "expert.elsewhere", msg("这个编号的专家属于别的辖区，不能由您修改。"), where="expert"
        )
