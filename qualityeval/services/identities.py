"""Experts who may be one person: proposed by rule, decided by a manager with a reason."""

from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, NotAllowed, WrongState, msg
from qualityeval.core.identity import Entry, likely_same
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import Assignment, Expert, FileAnswer, IdentityProposal, Interest, Round
from qualityeval.queries.experts import may_change
from qualityeval.services import audit

SAME, DIFFERENT = "same", "different"
LONGEST = 400
OVER = ("closed", "withdrawn")


def propose(*, actor: Actor, now: datetime) -> int:
    """Put every likely pair among the active experts up for decision, once; how many are new.

    Until somebody decides nothing is dealt to either of a pair.
    """
    require(actor, Permission.EXPERTS_MANAGE)
    rows = db.session.execute(
        select(Expert.id, Expert.name, Expert.provider, Expert.licence, Expert.id_index).where(Expert.active)
    )
    entries = [Entry(id_, name, firm, licence, index or "") for id_, name, firm, licence, index in rows]
    decided = select(IdentityProposal.expert_id, IdentityProposal.other_id)
    known = {(one, other) for one, other in db.session.execute(decided)}
    fresh = [one for one in likely_same(entries) if (one.first, one.second) not in known]
    for one in fresh:
        db.session.add(
            IdentityProposal(expert_id=one.first, other_id=one.second, ground=one.ground, found_at=now)
        )
    db.session.flush()
    if fresh:
        audit.record(actor, "identity.proposed", now=now, object_type="expert", count=len(fresh))
    return len(fresh)


def decide(
    *, actor: Actor, proposal: IdentityProposal, decision: str, reason: str, now: datetime
) -> Expert | None:
    """`same` or `different` person, with the reason. Same: the later entry leaves the pool; the one that stays.

    Whoever stays takes over the other's interests, numbers that it lacks, and stays away from the live files that the
    other has or gave up. Refused once decided, without a reason, and for experts of another subtree.
    """
    require(actor, Permission.EXPERTS_MANAGE)
    db.session.refresh(proposal, with_for_update=True)
    kept, other = proposal.expert, proposal.other
    if not (may_change(actor, kept) and may_change(actor, other)):
        raise NotAllowed(
            "expert.elsewhere", msg("这个编号的专家属于别的辖区，不能由您修改。"), where="expert"
        )
    if proposal.state != "open":
        raise WrongState("identity.decided", msg("这一对已经有人判定过。"), where="decision")
    if decision not in (SAME, DIFFERENT):
        raise InvalidInput("identity.decision", msg("请选择一项。"), where="decision")
    ask = msg("请写明理由。")
    said = written(reason, "reason", code="identity.reason", longest=LONGEST, ask=ask)
    proposal.state, proposal.reason = decision, said
    proposal.decided_by, proposal.decided_at = actor.name, now
    if decision == SAME:
        _merge(actor, kept, other, now)
    db.session.flush()
    audit.record(
        actor, "identity.decided", now=now, object_type="expert", object_id=kept.code, other=other.code,
        decision=decision, reason=proposal.reason,
    )  # fmt: skip
    return kept if decision == SAME else None


def _merge(actor: Actor, kept: Expert, other: Expert, now: datetime) -> None:
    other.active, other.updated_at, kept.updated_at = False, now, now
    kept.licence = kept.licence or other.licence
    if kept.id_number is None:
        kept.id_number, kept.id_index = other.id_number, other.id_index
    copied = (
        "kind", "source", "case_id", "provider", "institution_id", "practitioner_id", "since", "until", "reason",
        "recorded_by", "recorded_at",
    )  # fmt: skip
    mine = select(Interest).where(Interest.expert_id == other.id, Interest.lifted_at.is_(None))
    for one in db.session.execute(mine).scalars():
        db.session.add(Interest(expert_id=kept.id, **{name: getattr(one, name) for name in copied}))
    _keep_off(actor, kept, other, now)


def _keep_off(actor: Actor, kept: Expert, other: Expert, now: datetime) -> None:
    """One person never gets a second seat on a case."""
    live = select(Round.id).where(Round.state.not_in(OVER))
    seats = {
        sampled: (round_id, slot)
        for table in (Assignment, FileAnswer)
        for sampled, round_id, slot in db.session.execute(
            select(table.sampled_case_id, table.round_id, table.slot).where(
                table.expert_id == other.id, table.round_id.in_(live)
            )
        )
    }
    own = set(
        db.session.execute(
            select(FileAnswer.sampled_case_id).where(FileAnswer.expert_id == kept.id)
        ).scalars()
    ) | set(
        db.session.execute(
            select(Assignment.sampled_case_id).where(Assignment.expert_id == kept.id)
        ).scalars()
    )
    for sampled, (round_id, slot) in seats.items():
        if sampled not in own:
            db.session.add(
                FileAnswer(
                    round_id=round_id, sampled_case_id=sampled, expert_id=kept.id, slot=slot, answer="recused",
                    actor=actor.name, answered_at=now,
                )
            )  # fmt: skip
