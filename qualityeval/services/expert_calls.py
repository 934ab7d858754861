"""Open calls for experts: published by a manager, answered by anybody, decided one by one."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, func, select

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.clock import office_date
from qualityeval.core.errors import InvalidInput, NotFound, WrongState, msg
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import Expert, ExpertApplication, ExpertCall, Institution
from qualityeval.services import audit
from qualityeval.services.expert_import import import_experts, read_fields

Found = TypeVar("Found", ExpertCall, ExpertApplication)
APPLICANT = Actor(account_id=0, name="applicant", display_name="applicant", role=None)
SENT, APPOINTED, REFUSED = "sent", "appointed", "refused"
LONGEST_TITLE, LONGEST_TEXT, LONGEST_REASON, LONGEST_PHONE = 200, 4_000, 400, 40
MOST_APPLICATIONS = 5_000  # a call that is flooded closes itself rather than fill the disk


def publish(
    *, actor: Actor, title: str, terms: str, opens_on: date, closes_on: date, now: datetime
) -> ExpertCall:
    """Open a call of the actor's own institution between two days, both included."""
    require(actor, Permission.EXPERTS_MANAGE)
    if actor.institution_id is None:
        raise InvalidInput("call.place", msg("请用管理员账号发布选聘公告。"), where="--as")
    if not title.strip() or not terms.strip():
        raise InvalidInput("call.empty", msg("标题和条件都要写。"), where="title")
    if closes_on < opens_on or closes_on < office_date(now):
        raise InvalidInput("call.days", msg("截止日期不能早于开始日期，也不能早于今天。"), where="closes_on")
    made = ExpertCall(
        institution_id=actor.institution_id, title=title.strip()[:LONGEST_TITLE], terms=terms.strip()[:LONGEST_TEXT],
        opens_on=opens_on, closes_on=closes_on, made_by=actor.name, made_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(
        actor, "expert_call.opened", now=now, object_type="expert_call", object_id=made.public_id, title=made.title,
        opens_on=str(opens_on), closes_on=str(closes_on),
    )  # fmt: skip
    return made


def close(*, actor: Actor, call: ExpertCall, now: datetime) -> None:
    """End a call before its day: from now on nobody can apply."""
    require(actor, Permission.EXPERTS_MANAGE)
    today = office_date(now)
    if not is_open(call, today):
        raise WrongState("call.closed", msg("这次选聘没有在进行。"), where="call")
    call.closes_on = today - timedelta(days=1)
    call.opens_on = min(call.opens_on, call.closes_on)
    db.session.flush()
    audit.record(actor, "expert_call.closed", now=now, object_type="expert_call", object_id=call.public_id)


def is_open(call: ExpertCall, today: date) -> bool:
    """Whether one may apply on this day."""
    return call.opens_on <= today <= call.closes_on


def apply(*, call: ExpertCall, cells: Mapping[str, str], now: datetime) -> ExpertApplication:
    """Store an application; the columns are those of the experts' import, beside `phone` and `statement`.

    Refused outside the call's days, without a name and a way to answer, and where a cell is no good; the field is named.
    """
    if not is_open(call, office_date(now)):
        raise WrongState("call.closed", msg("这次选聘没有在进行。"), where="call")
    count = select(func.count()).where(ExpertApplication.call_id == call.id)
    if db.session.execute(count).scalar_one() >= MOST_APPLICATIONS:
        raise WrongState("call.full", msg("申请太多，暂停接收。请联系发布公告的机构。"), where="call")
    phone, statement = cells.get("phone", "").strip(), cells.get("statement", "").strip()
    if not phone and not cells.get("email", "").strip():
        raise InvalidInput("application.contact", msg("电话和邮箱至少填一项。"), where="phone")
    if len(phone) > LONGEST_PHONE:
        raise InvalidInput("expert.long", msg("这一格太长。"), where="phone")
    read = read_fields({**cells, "code": "-", "region": "", "cap": "", "quota": ""}, {})
    kept = ("name", "provider", "licence", "id_number", "email", "practice_years", "specialties")
    made = ExpertApplication(
        call_id=call.id, sent_at=now, phone=phone or None, statement=statement[:LONGEST_TEXT],
        **{name: read[name] for name in kept},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(
        APPLICANT,
        "application.sent",
        now=now,
        object_type="application",
        object_id=made.public_id,
        call=call.public_id,
    )
    return made


def appoint(
    *,
    actor: Actor,
    application: ExpertApplication,
    code: str,
    since: date | None,
    until: date | None,
    reason: str,
    now: datetime,
) -> Expert:
    """Take the applicant into the pool under a new code, with a term; likely doubles are put up for decision at once."""
    _open_one(actor, application, reason)
    code = code.strip()
    if db.session.execute(select(Expert.id).where(Expert.code == code)).first():
        raise InvalidInput("application.code", msg("专家库里已经有这个编号。"), where="code")
    line = {
        "code": code, "name": application.name, "provider": application.provider, "licence": application.licence,
        "id_number": application.id_number or "", "email": application.email,
        "region": application.call.institution.code, "specialties": ";".join(application.specialties),
        "practice_years": str(application.practice_years or ""),
        "term_from": str(since or ""), "term_until": str(until or ""),
    }  # fmt: skip
    report = import_experts(actor=actor, lines=[(1, line)], now=now)
    for refused in report.rejected:
        raise refused.refusal
    expert = db.session.execute(select(Expert).where(Expert.code == code)).scalar_one()
    _decided(actor, application, APPOINTED, reason, now)
    application.expert_id = expert.id
    db.session.flush()
    audit.record(
        actor, "application.appointed", now=now, object_type="application", object_id=application.public_id,
        expert=code, reason=application.reason,
    )  # fmt: skip
    return expert


def refuse(*, actor: Actor, application: ExpertApplication, reason: str, now: datetime) -> None:
    """Turn an applicant down; the numbers of ID and phone are wiped, since nothing needs them any more."""
    _open_one(actor, application, reason)
    _decided(actor, application, REFUSED, reason, now)
    application.id_number = application.phone = None
    db.session.flush()
    audit.record(
        actor, "application.refused", now=now, object_type="application", object_id=application.public_id,
        reason=application.reason,
    )  # fmt: skip


def call_for(actor: Actor, public_id: str) -> ExpertCall:
    """A call of the actor's subtree; NotFound otherwise."""
    return _found(actor, select(ExpertCall).where(ExpertCall.public_id == public_id))


def application_for(actor: Actor, public_id: str) -> ExpertApplication:
    """An application to such a call; NotFound otherwise."""
    query = select(ExpertApplication).join(ExpertCall, ExpertApplication.call_id == ExpertCall.id)
    return _found(actor, query.where(ExpertApplication.public_id == public_id))


def _found(actor: Actor, query: Select[Found]) -> Found:
    mine = select(Institution.id).where(scope.institutions(actor, Permission.EXPERTS_MANAGE))
    found = db.session.execute(query.where(ExpertCall.institution_id.in_(mine))).scalar_one_or_none()
    if found is None:
        raise NotFound(where="call")
    return found


def _open_one(actor: Actor, application: ExpertApplication, reason: str) -> None:
    require(actor, Permission.EXPERTS_MANAGE)
    db.session.refresh(application, with_for_update=True)
    if application.state != SENT:
        raise WrongState("application.decided", msg("这份申请已经有人决定。"), where="application")
    written(reason, "reason", code="application.reason", longest=LONGEST_REASON, ask=msg("请写明理由。"))


def _decided(actor: Actor, application: ExpertApplication, state: str, reason: str, now: datetime) -> None:
    application.state, application.reason = state, reason.strip()
    application.decided_by, application.decided_at = actor.name, now
