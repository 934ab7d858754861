"""Practitioners see the result of an own case by a one-time link, state their view (陈述申辩) once, and get an answer.

Once preliminary, while the objection window is open, and once released; each time the case has one link of its own.
"""

from datetime import datetime, timedelta

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import PractitionerLink, Round
from qualityeval.queries import practitioner_feedback as feedback
from qualityeval.queries import practitioner_links as queries
from qualityeval.queries.notified import RELEASED
from qualityeval.services import audit, one_time
from qualityeval.services.one_time import LINK_HOLDER, NOWHERE, Batch, Origin, keyed_token

PATH = "/p/"
PURPOSE = "practitioner_link"
LONGEST = 4_000


def token_of(public_id: str) -> str:
    """The token of a link, made anew; useless once it was exchanged, revoked or is past its day."""
    return keyed_token(PURPOSE, public_id)


def send(*, actor: Actor, round_: Round, days: int, now: datetime) -> Batch:
    """A link about each case of the round for its practitioner, to go out by letter; each case once preliminary and once
    released.

    In the objection window it lives no longer than the window, which is what it shows. Left out: sealed cases, cases
    without a practitioner, cases whose link stands. Refuses a round whose grades may not be seen now, a life beyond
    60 days, and a round in which nobody is left to write to.
    """
    require(actor, Permission.OBJECTION_DECIDE, round_)
    one_time.check_days(days)
    if not feedback.may_be_told(round_, now=now):
        raise WrongState(
            "practitioner.not_notified",
            msg("异议期内或者批次发布以后才能告知承办人。"),
            where="round",
        )
    until = now + timedelta(days=days)
    if round_.state not in RELEASED:
        until = min(until, feedback.closes_at(round_))
    sent = one_time.send_each(
        PractitionerLink, queries.sendable_in(round_), purpose=PURPOSE,
        written=lambda one: {
            "sampled_case_id": one.sampled_id, "sent_by": actor.name, "sent_at": now, "expires_at": until,
        },
        nobody=InvalidInput(
            "practitioner.nobody", msg("没有可以告知的承办人：案件没有承办人、封存，或者已经告知过。"), where="days"
        ),
    )  # fmt: skip
    audit.record(
        actor, "practitioners.told", now=now, object_type="round", object_id=round_.code, sent=sent.made, days=days,
        left_out=sent.left_out,
    )  # fmt: skip
    return sent


def revoke(*, actor: Actor, round_: Round, link: PractitionerLink, now: datetime) -> None:
    """Take a link back: it and a session that was opened with it are dead at once. Refused once there is a statement."""
    require(actor, Permission.OBJECTION_DECIDE, round_)
    if link.stated_at is not None:
        raise WrongState("practitioner.stated", msg("承办人已经陈述，链接不用再撤回。"), where="state")
    link.revoked_at = link.revoked_at or now
    one_time.kill(link)
    _log(actor, "practitioner.revoked", link, now)


def exchange(*, token: str, now: datetime, origin: Origin = NOWHERE) -> str:
    """The link's token for a session of 60 minutes, once; returns the session's token. LinkDead otherwise."""
    link, session_token = one_time.exchange(PractitionerLink, token=token, now=now)
    link.from_address, link.from_device = origin.digests
    _log(LINK_HOLDER, "practitioner.opened", link, now)
    return session_token


def of_session(*, session_token: str, now: datetime, lock: bool = False) -> PractitionerLink:
    """The link that this session was opened with; LinkDead otherwise."""
    return one_time.of_session(PractitionerLink, session_token=session_token, now=now, lock=lock)


def state(*, session_token: str, text: str, now: datetime) -> bool:
    """Keep the statement, sealed from then on. False where one is there already: nothing is changed.

    NotFound once the result may not be seen any more: a preliminary one ends with the objection window.
    """
    link = of_session(session_token=session_token, now=now, lock=True)
    if link.stated_at is not None:
        return False
    feedback.feedback_of(link, now=now)
    link.statement, link.stated_at = _words(text, "statement"), now
    _log(LINK_HOLDER, "practitioner.stated", link, now)
    return True


def reply(*, actor: Actor, round_: Round, link: PractitionerLink, text: str, now: datetime) -> None:
    """Answer a statement, once. Refuses one that isn't there or has its answer."""
    require(actor, Permission.OBJECTION_DECIDE, round_)
    if link.stated_at is None or link.replied_at is not None:
        raise WrongState("practitioner.replied", msg("没有等待答复的陈述。"), where="state")
    link.reply, link.replied_at, link.replied_by = _words(text, "reply"), now, actor.name
    _log(actor, "practitioner.replied", link, now)


def _words(text: str, where: str) -> str:
    return written(text, where, code="statement.empty", longest=LONGEST, ask=msg("请写明您的意见。"))


def _log(actor: Actor, action: str, link: PractitionerLink, now: datetime) -> None:
    db.session.flush()
    audit.record(actor, action, now=now, object_type="practitioner_link", object_id=link.public_id)
