"""Follow-ups: opened by a grave answer or an archive check, answered with proof, closed by a second person."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.follow_up import (
    LONGEST,
    FollowUpAct,
    FollowUpKind,
    FollowUpSource,
    after,
    due_on,
    grave,
)
from qualityeval.core.questionnaire import Questionnaire
from qualityeval.core.two_people import TwoPeople
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import Account, Case, FollowUp
from qualityeval.services import audit, notices
from qualityeval.services.proofs import NewProof, add_proofs

PATH = "/follow-ups"
BY_TWO = TwoPeople(
    "follow_up.own", msg("写答复的人不能自己办结或退回，请由另一位管理员办理。"), where="state"
)


def open_complaint(
    *, actor: Actor, source: FollowUpSource, source_key: str, case: Case, institution_id: int,
    form: Questionnaire, answers: Mapping[str, str], now: datetime,
) -> FollowUp | None:  # fmt: skip
    """A complaint from the grave answers of one record, for the body `institution_id`; None where none is grave.

    The same record opens one complaint, however often it is stored.
    """
    facts = grave(form, answers)
    if not facts or _known(source, source_key):
        return None
    return _open(
        actor, FollowUpKind.COMPLAINT, source, source_key, case=case, institution_id=institution_id,
        form=form.key, facts=facts, note="", now=now,
    )  # fmt: skip


def ask_for_papers(*, actor: Actor, case: Case, facts: Sequence[str], note: str, now: datetime) -> FollowUp:
    """A request to add papers to the file (补正), to the case's own institution.

    `facts` are catalogue lines. Refuses neither lines nor words, and a second request while one is open.
    """
    require(actor, Permission.FOLLOW_UP_KEEP, case)
    if not facts and not note.strip():
        raise InvalidInput("follow_up.nothing", msg("请选择缺少的材料，或者写明要补什么。"), where="note")
    known = db.session.execute(
        select(FollowUp.state).where(FollowUp.case_id == case.id, FollowUp.kind == FollowUpKind.PAPERS)
    ).scalars()
    states = list(known)
    if any(state != "closed" for state in states):
        raise WrongState("exists", msg("这件案件已有没办结的补正通知。"), where="note")
    return _open(
        actor, FollowUpKind.PAPERS, FollowUpSource.ARCHIVE, f"{case.public_id}:{len(states) + 1}", case=case,
        institution_id=case.institution_id, form="", facts=facts, note=_written(note, "note", needed=False),
        now=now,
    )  # fmt: skip


def answer(
    *,
    actor: Actor,
    follow_up: FollowUp,
    text: str,
    proof: str,
    now: datetime,
    papers: Sequence[NewProof] = (),
) -> None:
    """What was found or done, and the proof: papers, or where it lies. Refuses an empty answer, one without either,
    a paper that can't be read, and one that is answered already.
    """
    require(actor, Permission.FOLLOW_UP_ANSWER, follow_up)
    state = after(follow_up.state, FollowUpAct.ANSWER)
    follow_up.answer, follow_up.proof = (
        _written(text, "answer"),
        _written(proof, "proof", needed=not papers),
    )
    follow_up.state, follow_up.answered_by_id, follow_up.answered_at = state, actor.account_id, now
    add_proofs(actor=actor, matter=follow_up, papers=papers, now=now)
    _log(actor, "follow_up.answered", follow_up, now)


def send_back(*, actor: Actor, follow_up: FollowUp, reason: str, now: datetime) -> None:
    """The answer isn't enough: open again, with the reason; the last day stays. By somebody other than who answered."""
    require(actor, Permission.FOLLOW_UP_KEEP, follow_up)
    state = after(follow_up.state, FollowUpAct.SEND_BACK)
    BY_TWO.other(actor.account_id, follow_up.answered_by_id)
    follow_up.sent_back = _written(reason, "reason")
    follow_up.state, follow_up.answered_by_id, follow_up.answered_at = state, None, None
    _log(actor, "follow_up.sent_back", follow_up, now)


def close(*, actor: Actor, follow_up: FollowUp, now: datetime) -> None:
    """Done. Refused to whoever wrote the answer, and to the command line: a second person has to look."""
    require(actor, Permission.FOLLOW_UP_KEEP, follow_up)
    state = after(follow_up.state, FollowUpAct.CLOSE)
    BY_TWO.other(actor.account_id, follow_up.answered_by_id)
    follow_up.state, follow_up.closed_by_id, follow_up.closed_at = state, actor.account_id, now
    _log(actor, "follow_up.closed", follow_up, now)


def _open(
    actor: Actor, kind: FollowUpKind, source: FollowUpSource, source_key: str, *, case: Case,
    institution_id: int, form: str, facts: Sequence[str], note: str, now: datetime,
) -> FollowUp:  # fmt: skip
    row = FollowUp(
        kind=kind, source=source, source_key=source_key, case_id=case.id, institution_id=institution_id,
        form=form, facts=list(facts), note=note, opened_at=now, due_on=due_on(kind, office_date(now)),
    )  # fmt: skip
    db.session.add(row)
    _log(
        actor, "follow_up.opened", row, now, kind=kind, source=source, facts=row.facts, due_on=str(row.due_on)
    )
    tell(row, now=now)
    return row


def tell(row: FollowUp, *, now: datetime) -> None:
    """Those who have to answer: managers of a complaint, liaisons of what their institution is asked for."""
    role = Role.MANAGER if row.kind == FollowUpKind.COMPLAINT else Role.LIAISON
    people = select(Account).where(Account.role == role.value, Account.institution_id == row.institution_id)
    notices.tell(
        accounts=db.session.execute(people).scalars(), cause=f"follow_up:{row.public_id}", path=PATH, now=now,
        text=msg("有一件新的督办件，请在 %(day)s 之前答复。") % {"day": row.due_on},
    )  # fmt: skip


def _known(source: FollowUpSource, source_key: str) -> bool:
    found = select(FollowUp.id).where(FollowUp.source == source, FollowUp.source_key == source_key)
    return db.session.execute(found).first() is not None


def _written(text: str, where: str, *, needed: bool = True) -> str:
    return written(text, where, code="follow_up.empty", longest=LONGEST, needed=needed)


def _log(actor: Actor, action: str, row: FollowUp, now: datetime, **detail: object) -> None:
    db.session.flush()
    audit.record(actor, action, now=now, object_type="follow_up", object_id=row.public_id, **detail)
