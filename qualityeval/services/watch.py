"""Watch lists of experts and practitioners: one proposes to admit, warn or withdraw, a second person decides."""

from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState, msg
from qualityeval.core.two_people import TwoPeople
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import Case, Expert, Practitioner, WatchProposal
from qualityeval.services import audit

ACTS = ("admit", "warn", "withdraw")
EXPERT, PRACTITIONER = "expert", "practitioner"
LONGEST = 400
SECOND = msg("提议人和本人不能决定，请由另一位管理员决定。")
BY_TWO = TwoPeople("watch.second", SECOND, where="proposal")


def propose(*, actor: Actor, about: str, whom: str, act: str, reason: str, now: datetime) -> WatchProposal:
    """Put a person forward; nothing changes until another manager agrees.

    `whom` is an expert's code or a practitioner's licence number. Refused without an account, a reason, or a person of
    the actor's own register.
    """
    require(actor, Permission.EXPERTS_MANAGE)
    account = BY_TWO.account(actor.account_id)
    if act not in ACTS:
        raise InvalidInput("watch.act", msg("请选择一项。"), where="act")
    kept = _reason(reason)
    made = WatchProposal(
        **_subject(actor, about, whom.strip()), act=act, reason=kept, proposed_by_id=account,
        proposed_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(
        actor,
        "watch.proposed",
        now=now,
        object_type="watch",
        object_id=made.public_id,
        act=act,
        reason=made.reason,
    )
    return made


def decide(*, actor: Actor, proposal: WatchProposal, agreed: bool, reason: str, now: datetime) -> None:
    """Agree or refuse; an expert who is withdrawn gets no new file, admitted again they do.

    Refused to whoever proposed it and to the person it is about, without a reason, and once it is decided.
    """
    require(actor, Permission.EXPERTS_MANAGE)
    account = BY_TWO.account(actor.account_id)
    db.session.refresh(proposal, with_for_update=True)
    if proposal.state != "open":
        raise WrongState("watch.decided", msg("这项提议已经有人决定。"), where="proposal")
    BY_TWO.refuse_same(account, proposal.proposed_by_id)
    if proposal.expert is not None and proposal.expert.code == actor.expert_code:
        raise NotAllowed(BY_TWO.code, SECOND, where="proposal")
    kept = _reason(reason)
    proposal.state = "agreed" if agreed else "refused"
    proposal.decided_by_id, proposal.decided_at, proposal.decision = account, now, kept
    db.session.flush()
    audit.record(
        actor, "watch.decided", now=now, object_type="watch", object_id=proposal.public_id, state=proposal.state,
        reason=proposal.decision,
    )  # fmt: skip


def _reason(text: str) -> str:
    return written(text, "reason", code="watch.reason", longest=LONGEST, ask=msg("请写明理由。"))


def _subject(actor: Actor, about: str, whom: str) -> dict[str, int]:
    found = None
    if about == EXPERT:
        query = select(Expert.id).where(Expert.code == whom, scope.experts(actor))
        found = db.session.execute(query).scalar_one_or_none()
    elif about == PRACTITIONER and whom:
        mine = (
            select(Case.practitioner_id)
            .where(scope.cases(actor))
            .union(select(Case.second_practitioner_id).where(scope.cases(actor)))
        )
        query = select(Practitioner.id).where(Practitioner.licence == whom, Practitioner.id.in_(mine))
        found = db.session.execute(query.order_by(Practitioner.id.desc()).limit(1)).scalar_one_or_none()
    if found is None:
        raise InvalidInput("watch.whom", msg("没有找到：专家写编号，承办人写执业证号。"), where="whom")
    return {f"{about}_id": found}


def get_for(actor: Actor, public_id: str) -> WatchProposal:
    """A proposal about somebody of the actor's own register; NotFound otherwise."""
    query = select(WatchProposal).where(WatchProposal.public_id == public_id)
    found = db.session.execute(query).scalar_one_or_none()
    if found is not None:
        about = EXPERT if found.expert else PRACTITIONER
        whom = found.expert.code if found.expert else found.practitioner.licence if found.practitioner else ""
        try:
            _subject(actor, about, whom)
        except InvalidInput:
            found = None
    if found is None:
        raise NotFound(where="proposal")
    return found
