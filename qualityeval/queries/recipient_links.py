"""Recipients' links: whose hash is it, which are still good, how many went out and what became of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from qualityeval.adapters.form_files import CALLBACK, shipped_form
from qualityeval.authz import Actor, channel_scope
from qualityeval.core.callback import State, masked_name
from qualityeval.core.coverage import Rate
from qualityeval.core.errors import NotFound
from qualityeval.core.self_service import Asked, LinkEnd, Person, by_means
from qualityeval.database import db
from qualityeval.models import CallAttempt, Callback, Case, RecipientLink

ONLINE, PHONE = "online", "phone"


@dataclass(frozen=True)
class LinkRow:
    """One link of the list."""

    public_id: str
    name: str
    number: str
    way: str
    sent_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    ended: str
    revoked_at: datetime | None


@dataclass(frozen=True)
class LinkFigures:
    """Persons: sent a link, opened it, and how it ended."""

    sent: int
    opened: int
    ended: Mapping[str, int]

    @property
    def opening(self) -> Rate:
        """打开率: persons who opened a link among persons sent one."""
        return Rate(self.opened, self.sent)


def number_of(public_id: str) -> str:
    """The recipient's number behind a link, for the gateway alone; "" for none."""
    query = (
        select(Case.recipient_phone)
        .join(Callback, Callback.case_id == Case.id)
        .join(RecipientLink, RecipientLink.callback_id == Callback.id)
        .where(RecipientLink.public_id == public_id)
    )
    return db.session.execute(query).scalar_one_or_none() or ""


def usable_of(callback: Callback) -> Sequence[RecipientLink]:
    """Links of a callback that are neither used up nor taken back."""
    query = select(RecipientLink).where(
        RecipientLink.callback_id == callback.id,
        RecipientLink.revoked_at.is_(None),
        RecipientLink.ended == "",
    )
    return db.session.execute(query).scalars().all()


def open_callbacks(actor: Actor, *, limit: int) -> Sequence[Callback]:
    """Recipients of the manager's subtree who are still to be asked and have no unused link, in the lists' order."""
    unused = select(RecipientLink.id).where(
        RecipientLink.callback_id == Callback.id,
        RecipientLink.revoked_at.is_(None),
        RecipientLink.ended == "",
    )
    query = (
        select(Callback)
        .where(
            channel_scope.callbacks(actor),
            Callback.form == CALLBACK,
            Callback.state == State.OPEN,
            ~unused.exists(),
        )
        .options(joinedload(Callback.case))
        .order_by(Callback.place, Callback.id)
        .limit(limit)
    )
    return db.session.execute(query).scalars().all()


def waiting_letters(actor: Actor, *, now: datetime) -> list[str]:
    """Public ids of links by letter that are still good and unopened, in the lists' order."""
    query = (
        select(RecipientLink.public_id)
        .join(Callback, RecipientLink.callback_id == Callback.id)
        .where(
            channel_scope.callbacks(actor), RecipientLink.way == "letter", RecipientLink.token_hash.is_not(None),
            RecipientLink.expires_at > now,
        )
        .order_by(Callback.place, Callback.id)
    )  # fmt: skip
    return list(db.session.execute(query).scalars())


def letters_for(actor: Actor, ids: Sequence[str]) -> Sequence[RecipientLink]:
    """The links of these ids (of `waiting_letters`, a part at most) with what a letter says, in the lists' order."""
    query = (
        select(RecipientLink)
        .join(Callback, RecipientLink.callback_id == Callback.id)
        .where(channel_scope.callbacks(actor), RecipientLink.public_id.in_(ids))
        .options(
            contains_eager(RecipientLink.callback).joinedload(Callback.case).joinedload(Case.institution)
        )
        .order_by(Callback.place, Callback.id)
    )
    return db.session.execute(query).scalars().all()


def count_for(actor: Actor) -> int:
    """How many links."""
    query = (
        select(func.count()).select_from(RecipientLink).join(Callback).where(channel_scope.callbacks(actor))
    )
    return int(db.session.execute(query).scalar_one())


def list_for(actor: Actor, *, limit: int, offset: int = 0) -> list[LinkRow]:
    """Links, the latest first; names masked."""
    rows = db.session.execute(
        select(
            RecipientLink.public_id, Case.recipient_name, Case.number, RecipientLink.way, RecipientLink.sent_at,
            RecipientLink.expires_at, RecipientLink.opened_at, RecipientLink.ended, RecipientLink.revoked_at,
        )
        .join(Callback, RecipientLink.callback_id == Callback.id)
        .join(Case, Callback.case_id == Case.id)
        .where(channel_scope.callbacks(actor))
        .order_by(RecipientLink.sent_at.desc(), RecipientLink.id.desc())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return [LinkRow(row[0], masked_name(row[1]), *row[2:]) for row in rows]


def get_for(actor: Actor, public_id: str, *, lock: bool = False) -> RecipientLink:
    """A link about a case of the manager's subtree; others aren't there."""
    query = (
        select(RecipientLink)
        .join(Callback, RecipientLink.callback_id == Callback.id)
        .where(channel_scope.callbacks(actor), RecipientLink.public_id == public_id)
    )
    if lock:
        query = query.with_for_update(of=RecipientLink).execution_options(populate_existing=True)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(where="link")
    return found


def figures_for(actor: Actor) -> LinkFigures:
    """Each person once, by the last link."""
    latest = (
        select(func.max(RecipientLink.id))
        .join(Callback, RecipientLink.callback_id == Callback.id)
        .where(channel_scope.callbacks(actor))
        .group_by(RecipientLink.callback_id)
    )
    rows = db.session.execute(
        select(RecipientLink.opened_at, RecipientLink.ended).where(RecipientLink.id.in_(latest))
    ).all()
    ended = Counter(end for _opened, end in rows if end)
    return LinkFigures(len(rows), sum(opened is not None for opened, _end in rows), ended)


def means_for(actor: Actor) -> Mapping[str, Asked]:
    """Phone, online and what else there was, kept apart."""
    condition = channel_scope.callbacks(actor) & (Callback.form == CALLBACK)
    dialled = set(
        db.session.execute(
            select(CallAttempt.callback_id).join(Callback).where(condition).distinct()
        ).scalars()
    )
    linked = set(
        db.session.execute(
            select(RecipientLink.callback_id).join(Callback).where(condition).distinct()
        ).scalars()
    )
    declined = set(
        db.session.execute(
            select(RecipientLink.callback_id)
            .join(Callback)
            .where(condition, RecipientLink.ended == LinkEnd.OPTED_OUT)
        ).scalars()
    )
    rows = db.session.execute(
        select(Callback.id, Callback.state, Callback.means, Callback.answers).where(condition)
    )
    persons = [
        Person(
            frozenset(means for means, ids in ((PHONE, dialled), (ONLINE, linked)) if id_ in ids),
            means if state == State.DONE else "",
            answers or {},
            (ONLINE if id_ in declined else PHONE if id_ in dialled else "")
            if state == State.REFUSED
            else "",
        )
        for id_, state, means, answers in rows
    ]
    return by_means(persons, shipped_form(CALLBACK))
