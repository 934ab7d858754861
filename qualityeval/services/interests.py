"""Interests: recorded by anybody who may, lifted by two managers with their reasons, never by the subject."""

from datetime import date, datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.core.errors import InvalidInput, NotAllowed, WrongState, msg
from qualityeval.core.recusal import CASE, INSTITUTION, PRACTITIONER, PROVIDER, TIES
from qualityeval.core.two_people import Agreement, TwoPeople, Word
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import (
    Case,
    Expert,
    Institution,
    Interest,
    InterestSaying,
    Practitioner,
    Round,
    SampledCase,
)
from qualityeval.queries.interests import conflicts_in, is_conflicted
from qualityeval.services import audit

WAITING, LIFTED = "waiting", "lifted"
SOURCES = ("own", "manager", "institution", "import")
LONGEST = 400
LIFTED_BY_TWO = TwoPeople("interest.said", msg("您已同意解除，请等另一位管理员。"))


class Conflicted(NotAllowed):
    """The account has an interest in the case: another manager acts on it, and on who stands in."""

    code = "interest.conflicted"
    text = msg("您登记过与这件案件的利害关系，请由另一位管理员办理。")


def record_interest(
    *,
    actor: Actor,
    expert: Expert | None,
    kind: str,
    about: str,
    whom: str,
    reason: str,
    now: datetime,
    source: str = "manager",
    since: date | None = None,
    until: date | None = None,
) -> Interest:
    """Keep an expert (None: the actor's own account) from a case, provider, institution or practitioner.

    `whom` is a case key, a provider's name, an institution's code (all below it count) or a licence number. Live
    files that it touches vanish from the expert's desk at once and are listed to the owning body. Refused
    without a reason, for an unknown kind or target, and where the last day lies before the first.
    """
    require(actor, Permission.EXPERTS_MANAGE)
    if kind not in TIES or source not in SOURCES:
        raise InvalidInput("interest.kind", msg("没有这种回避类型。"), where="kind")
    ask = msg("请写明回避的理由。")
    reason = written(reason, "reason", code="interest.reason", longest=LONGEST, ask=ask)
    if since and until and until < since:
        raise InvalidInput("interest.dates", msg("结束日期不能早于开始日期。"), where="until")
    if expert is None and actor.account_id is None:
        raise NotAllowed(
            "interest.account_needed", msg("本人的回避要由本人的账号登记，请用 --as 写明账号。"), where="--as"
        )
    target = _target(actor, about, whom.strip())
    return _add(
        actor,
        expert,
        kind=kind,
        source=source,
        target=target,
        reason=reason,
        since=since,
        until=until,
        now=now,
    )


def declare_for_case(
    *, actor: Actor, expert: Expert, case: Case, kind: str, reason: str, now: datetime
) -> Interest:
    """The expert's own declaration about the case of a file dealt to them; the caller has checked that it is theirs."""
    return _add(actor, expert, kind=kind, source="own", target={"case_id": case.id}, reason=reason, now=now)


def is_past_provider(expert: Expert, provider: str) -> bool:
    """Whether this former place of practice is on record, lifted or not."""
    known = select(Interest.id).where(
        Interest.expert_id == expert.id, Interest.kind == "past_provider", Interest.provider == provider
    )
    return db.session.execute(known.limit(1)).first() is not None


def add_past_provider(
    *, actor: Actor, expert: Expert, provider: str, since: date | None, until: date | None, now: datetime
) -> None:
    """A former place of practice from an import, once. Rights are the caller's to have checked."""
    if not is_past_provider(expert, provider):
        _add(
            actor, expert, kind="past_provider", source="import", target={"provider": provider}, reason="",
            since=since, until=until, now=now,
        )  # fmt: skip


def lift(*, actor: Actor, interest: Interest, reason: str, now: datetime) -> str:
    """One manager's word that the expert may read such cases after all; the second manager's lifts it.

    Refused to the subject, without a reason or an account, twice by one account, and once it is lifted.
    """
    require(actor, Permission.EXPERTS_MANAGE)
    db.session.execute(select(Interest).where(Interest.id == interest.id).with_for_update()).scalar_one()
    account = LIFTED_BY_TWO.account(actor.account_id)
    if account == interest.account_id or (interest.expert and actor.expert_code == interest.expert.code):
        raise NotAllowed("interest.subject", msg("本人不能解除自己的回避。"), where="interest")
    if interest.lifted_at is not None:
        raise WrongState("interest.lifted", msg("这项回避已经解除。"), where="interest")
    ask = msg("请写明解除的理由。")
    kept = written(reason, "reason", code="interest.lift_reason", longest=LONGEST, ask=ask)
    said = select(InterestSaying.account_id).where(InterestSaying.interest_id == interest.id)
    first = db.session.execute(said).scalar_one_or_none()
    is_first = LIFTED_BY_TWO.heard(Word(first) if first else None, Word(account)) is Agreement.FIRST
    db.session.add(InterestSaying(interest_id=interest.id, account_id=account, reason=kept, said_at=now))
    if not is_first:
        interest.lifted_at = now
    db.session.flush()
    audit.record(
        actor, "interest.lift_said" if is_first else "interest.lifted", now=now, object_type="interest",
        object_id=interest.public_id, reason=kept,
    )  # fmt: skip
    return WAITING if is_first else LIFTED


def refuse_conflicted(actor: Actor, sampled_id: int) -> None:
    """Conflicted where the account itself has an interest in the drawn case."""
    if is_conflicted(actor, sampled_id):
        raise Conflicted(where="case")


def refuse_conflicted_in(actor: Actor, round_: Round) -> None:
    """NotAllowed where the account has an interest in a drawn case of the round, whose figures it would publish."""
    if count := conflicts_in(actor, SampledCase.round_id == round_.id):
        raise NotAllowed(
            "release.conflicted",
            msg("您登记过与本批次 %(count)s 件案件的利害关系，不能由您发布。请由另一位管理员办理。"),
            where="round", count=count,
        )  # fmt: skip


def _add(
    actor: Actor,
    expert: Expert | None,
    *,
    kind: str,
    source: str,
    target: dict[str, object],
    reason: str,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> Interest:
    made = Interest(
        expert_id=expert.id if expert else None, account_id=None if expert else actor.account_id, kind=kind,
        source=source, since=since, until=until, reason=reason.strip()[:LONGEST], recorded_by=actor.name,
        recorded_at=now, **target,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(
        actor, "interest.recorded", now=now, object_type="interest", object_id=made.public_id,
        expert=expert.code if expert else "", kind=kind, source=source, reason=made.reason,
    )  # fmt: skip
    return made


def _target(actor: Actor, about: str, whom: str) -> dict[str, object]:
    if about == PROVIDER and whom:
        return {"provider": whom[:200]}
    found = None
    if about == CASE:
        place, _colon, number = whom.partition(":")
        query = select(Case.id).join(Institution, Case.institution_id == Institution.id)
        query = query.where(Institution.code == place, Case.number == number)
        found = db.session.execute(query.where(scope.cases(actor))).scalar_one_or_none()
    elif about == INSTITUTION:
        found = db.session.execute(
            select(Institution.id).where(Institution.code == whom)
        ).scalar_one_or_none()
    elif about == PRACTITIONER and whom:
        query = select(Practitioner.id).where(Practitioner.licence == whom).order_by(Practitioner.id.desc())
        found = db.session.execute(query.limit(1)).scalar_one_or_none()
    if found is None:
        raise InvalidInput(
            "interest.whom",
            msg("没有找到：案件写“机构编码:案号”，机构写编码，承办人写执业证号。"),
            where="whom",
        )
    return {f"{about}_id": found}
