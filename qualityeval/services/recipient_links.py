"""A recipient answers by themselves: a link by short message or letter, exchanged once, answered once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.callback import Means, State
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.questionnaire import read_answers
from qualityeval.core.self_service import Choice, LinkEnd, Way, check_speaker, is_minor, refusal_of
from qualityeval.database import db
from qualityeval.models import Callback, Case, RecipientLink
from qualityeval.queries import recipient_links as queries
from qualityeval.queries.contact_choices import is_opted_out
from qualityeval.services import audit, callbacks, campaigns, one_time, outbox
from qualityeval.services.contact_choices import note_choice
from qualityeval.services.one_time import LINK_HOLDER, NOWHERE, LinkDead, Origin, keyed_token

PATH = "/r/"
PURPOSE = "recipient_link"
SUBJECT = msg("法律援助回访")
TEXT = msg("法律援助机构想了解为您办案的情况，请打开链接回答，全程免费：")
REFUSALS = {
    "opted_out": msg("受援人不愿再受访，不能发链接。"),
    "minor": msg("受援人未成年，链接只发给监护人，请勾选“收信人是监护人”。"),
    "no_phone": msg("没有电话号码，请改用信函。"),
}


def token_of(public_id: str) -> str:
    """The token of a link, made anew; useless once the link was exchanged, revoked or is past its day."""
    return keyed_token(PURPOSE, public_id)


def number_of(public_id: str) -> str:
    """The number to which the message about this link goes; "" where none is known any more."""
    return queries.number_of(public_id)


def send(
    *, actor: Actor, callback: Callback, way: Way, days: int, guardian: bool, now: datetime
) -> RecipientLink:
    """A link for an open callback; an earlier unused one of it is dead from then on.

    Refuses a callback that is done, a life beyond 60 days, whoever opted out, a minor without the guardian's
    tick, and a short message where no number is known.
    """
    require(actor, Permission.CALLBACK_PLAN, callback)
    one_time.check_days(days)
    if callback.state != State.OPEN:
        raise WrongState("callback.closed", msg("这一位已经回访完。"), where="state")
    refused = why_not(callback.case, way=way, guardian=guardian, now=now)
    if refused:
        raise InvalidInput(
            f"link.{refused}", REFUSALS[refused], where="guardian" if refused == "minor" else "way"
        )
    for earlier in queries.usable_of(callback):
        _kill(earlier, now)
    row = RecipientLink(
        callback_id=callback.id, way=way, guardian=guardian, sent_by=actor.name, sent_at=now,
        expires_at=now + timedelta(days=days), **one_time.fresh(PURPOSE),
    )  # fmt: skip
    db.session.add(row)
    _log(actor, "link.sent", row, callback, now, way=way, days=days)
    if way is Way.SMS:
        body = {"subject": SUBJECT, "text": TEXT, "link_of": row.public_id}
        outbox.post(key=f"link:{row.public_id}", channel="sms", recipient="", body=body, now=now)
    return row


def send_all(
    *, actor: Actor, rows: Iterable[Callback], way: Way, days: int, now: datetime
) -> tuple[int, Mapping[str, int]]:
    """A link for each that may get one; how many went out, and how many were left out by reason. Never to minors."""
    sent, left_out = 0, Counter[str]()
    for callback in rows:
        refused = why_not(callback.case, way=way, guardian=False, now=now)
        if refused:
            left_out[refused] += 1
        else:
            send(actor=actor, callback=callback, way=way, days=days, guardian=False, now=now)
            sent += 1
    return sent, dict(left_out)


def why_not(case: Case, *, way: Way, guardian: bool, now: datetime) -> str:
    """The reason for which this recipient gets no link, "" where there is none."""
    return refusal_of(
        minor=minor_of(case, now), guardian=guardian, has_phone=bool(case.recipient_phone), way=way,
        opted_out=is_opted_out(case),
    )  # fmt: skip


def minor_of(case: Case, now: datetime) -> bool:
    """Whether only the guardian may be asked today."""
    return is_minor(case.recipient_born_on, sealed=case.sealed, today=office_date(now))


def revoke(*, actor: Actor, link: RecipientLink, now: datetime) -> None:
    """Take a link back: it and a session that was opened with it are dead at once."""
    require(actor, Permission.CALLBACK_PLAN, link.callback)
    if link.ended:
        raise WrongState("link.ended", msg("这个链接已经用完。"), where="state")
    _kill(link, now)
    _log(actor, "link.revoked", link, link.callback, now)


def exchange(*, token: str, now: datetime) -> str:
    """The link's token for a session of 60 minutes, once; returns the session's token. LinkDead otherwise."""
    link, session_token = one_time.exchange(RecipientLink, token=token, now=now)
    if link.ended:
        raise LinkDead(where="link")
    _log(LINK_HOLDER, "link.opened", link, link.callback, now)
    return session_token


def of_session(*, session_token: str, now: datetime, lock: bool = False) -> RecipientLink:
    """The link that this session was opened with; LinkDead otherwise."""
    return one_time.of_session(RecipientLink, session_token=session_token, now=now, lock=lock)


def answer(*, session_token: str, given: Mapping[str, str], now: datetime, origin: Origin = NOWHERE) -> bool:
    """Keep a complete answer, sealed from then on. False where one is there already, by whatever means.

    Grave answers open a complaint; a minor's answers are refused: the guardian speaks. Where it came from is kept
    beside it, so that answers from one hand can be flagged; none is turned away for it.
    """
    link, callback = _held(session_token, now)
    if link.ended or callback.state != State.OPEN:
        return False
    form = callbacks.form_of(callback)
    answers = read_answers(form, given)
    check_speaker(answers, minor=link.guardian or minor_of(callback.case, now))
    callback.answers, callback.answered_at, callback.means = answers, now, Means.ONLINE
    callback.state, callback.dialled_at, callback.alarms = State.DONE, None, list(form.alarms(answers))
    link.from_address, link.from_device = origin.digests
    _end(link, callback, LinkEnd.ANSWERED, now)
    campaigns.note_answer(actor=LINK_HOLDER, callback=callback, now=now)
    note_choice(actor=LINK_HOLDER, case=callback.case, choice=Choice.CONSENTED, means=Means.ONLINE, now=now)
    callbacks.open_complaint(actor=LINK_HOLDER, callback=callback, now=now)
    return True


def not_me(*, session_token: str, now: datetime) -> bool:
    """The reader isn't the recipient: nothing is asked, and the number isn't dialled either. False if it is over."""
    link, callback = _held(session_token, now)
    if link.ended or callback.state != State.OPEN:
        return False
    callback.state, callback.dialled_at = State.UNREACHED, None
    _end(link, callback, LinkEnd.NOT_PERSON, now)
    return True


def opt_out(*, session_token: str, now: datetime) -> bool:
    """The recipient doesn't want to be asked, now or later. False where the link is used up."""
    link, callback = _held(session_token, now)
    if link.ended or callback.state != State.OPEN:
        return False
    callback.state, callback.dialled_at = State.REFUSED, None
    _end(link, callback, LinkEnd.OPTED_OUT, now)
    note_choice(actor=LINK_HOLDER, case=callback.case, choice=Choice.OPTED_OUT, means=Means.ONLINE, now=now)
    return True


def _held(session_token: str, now: datetime) -> tuple[RecipientLink, Callback]:
    """Link and callback, both locked: of many presses one comes first, and a caller's outcome waits."""
    link = of_session(session_token=session_token, now=now, lock=True)
    if link.revoked_at is not None:
        raise LinkDead(where="link")
    query = select(Callback).where(Callback.id == link.callback_id).with_for_update()
    callback = db.session.execute(query.execution_options(populate_existing=True)).scalar_one()
    return link, callback


def _end(link: RecipientLink, callback: Callback, end: LinkEnd, now: datetime) -> None:
    link.ended, link.ended_at = end, now
    _log(LINK_HOLDER, "link.ended", link, callback, now, end=end)


def _kill(link: RecipientLink, now: datetime) -> None:
    link.revoked_at = link.revoked_at or now
    one_time.kill(link)


def _log(
    actor: Actor, action: str, link: RecipientLink, callback: Callback, now: datetime, **detail: object
) -> None:
    db.session.flush()
    audit.record(
        actor,
        action,
        now=now,
        object_type="callback",
        object_id=callback.public_id,
        link=link.public_id,
        **detail,
    )
