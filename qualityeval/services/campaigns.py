"""Campaigns of callbacks: drawn by lot, dealt in turn, held where a stratum has answers enough, closed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import func, insert, select

from qualityeval.adapters.form_files import CALLBACK
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.allocation import Rate, SizeRule
from qualityeval.core.callback import State
from qualityeval.core.campaign import Drawn, check_bounds, drawn, full
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.rates import rate_text
from qualityeval.database import db, new_public_id
from qualityeval.models import Account, Callback, Campaign, CampaignTask, Institution, RecipientLink
from qualityeval.queries import callbacks as queries
from qualityeval.queries import campaigns as campaign_queries
from qualityeval.services import audit, one_time

STRATA = frozenset({"case_type", "aid_form", "stage"})
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Wanted:
    """Whose recipients: cases closed in a period, what share of each stratum within which bounds, how many answers."""

    closed_from: date
    closed_to: date
    rate: Fraction
    strata: Sequence[str] = ()
    aid_form: str = ""
    minimum: int = 0
    maximum: int | None = None
    quota: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Listed:
    """What came of making a list: recipients put on it, cases left out by reason, the campaign's public id."""

    listed: int
    left_out: Mapping[str, int]
    campaign: str


def make_list(
    *, actor: Actor, wanted: Wanted, callers: Sequence[Account], seed: str, now: datetime
) -> Listed:
    """Put recipients of cases closed in the period on the callers' lists.

    In each stratum (institution, and the fields of `strata`) the n smallest tickets H(seed, "draw", case_key) of the N
    recipients who can be called and are on no list yet, n as in a round: within minimum and maximum the rate's share,
    rounded up. The seed goes into the log, so that anyone may check the lot. Dealt in turn, by ticket.
    """
    require(actor, Permission.CALLBACK_PLAN)
    _check(wanted, callers)
    found = queries.candidates_for(
        actor, closed_from=wanted.closed_from, closed_to=wanted.closed_to, aid_form=wanted.aid_form,
        strata=wanted.strata,
    )  # fmt: skip
    left_out = dict(Counter(one.left_out for one in found if one.left_out))
    able = {one.key: one for one in found if not one.left_out}
    keys: dict[tuple[str, ...], list[str]] = {}
    for one in able.values():
        keys.setdefault(one.stratum, []).append(one.key)
    rule = SizeRule(Rate(wanted.rate), minimum=wanted.minimum, maximum=wanted.maximum)
    sizes, lot = drawn(keys, rule, seed, fields=("institution", *wanted.strata)) if keys else ((), [])
    if not lot:
        raise InvalidInput("callback.nobody", msg("这一期没有可以回访的受援人。"), where="closed_from")
    row = Campaign(
        institution_id=_body_of(actor), title=wanted.title.strip()[:LONGEST_TITLE] or _title(wanted),
        closed_from=wanted.closed_from, closed_to=wanted.closed_to, aid_form=wanted.aid_form, strata=list(wanted.strata),
        rate=rate_text(wanted.rate), minimum=wanted.minimum, maximum=wanted.maximum, quota=wanted.quota,
        sizes=[{"key": one.label, "N": one.N, "n": one.n} for one in sizes], left_out=left_out, seed=seed,
        opened_by=actor.name, opened_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _deal(row, lot, {key: one.case_id for key, one in able.items()}, [one.id for one in callers], now)
    audit.record(
        actor, "callbacks.listed", now=now, object_type="campaign", object_id=row.public_id,
        closed_from=str(wanted.closed_from), closed_to=str(wanted.closed_to), rate=row.rate, seed=seed,
        listed=len(lot), left_out=left_out, callers=[one.name for one in callers], strata=list(wanted.strata),
        aid_form=wanted.aid_form, minimum=wanted.minimum, maximum=wanted.maximum, quota=wanted.quota,
    )  # fmt: skip
    return Listed(len(lot), left_out, row.public_id)


def note_answer(*, actor: Actor, callback: Callback, now: datetime) -> None:
    """After an answer: where its stratum has as many as the quota asks, those not yet dialled are dealt to nobody.

    They stay on the list as drawn and uncalled; a call that is under way goes on.
    """
    db.session.flush()
    task = db.session.get(CampaignTask, callback.id)
    if task is None or task.campaign.quota is None:
        return
    answered = campaign_queries.answered_in(task.campaign)
    if task.stratum not in full(answered, task.campaign.quota):
        return
    held = _hold(task.campaign, task.stratum)
    if held:
        audit.record(
            actor, "campaign.full", now=now, object_type="campaign", object_id=task.campaign.public_id,
            stratum=task.stratum, answers=answered[task.stratum], held=held,
        )  # fmt: skip


def close(*, actor: Actor, campaign: Campaign, now: datetime) -> int:
    """End a campaign: nobody is called any more and its unused links are dead at once. Returns how many it held.

    Answers that came stay; a call under way may still be written down. Refuses a campaign that is closed.
    """
    require(actor, Permission.CALLBACK_PLAN, campaign)
    if campaign.closed_at is not None:
        raise WrongState("campaign.closed", msg("这次回访已经结束。"), where="state")
    campaign.closed_at, campaign.closed_by = now, actor.name
    held = _hold(campaign)
    tasks = select(CampaignTask.callback_id).where(CampaignTask.campaign_id == campaign.id)
    unused = (
        RecipientLink.callback_id.in_(tasks),
        RecipientLink.revoked_at.is_(None),
        RecipientLink.ended == "",
    )
    links = list(db.session.execute(select(RecipientLink).where(*unused)).scalars())
    for link in links:
        link.revoked_at = now
        one_time.kill(link)
    db.session.flush()
    audit.record(
        actor, "campaign.closed", now=now, object_type="campaign", object_id=campaign.public_id, held=held,
        links=len(links), answered=sum(campaign_queries.answered_in(campaign).values()),
    )  # fmt: skip
    return held


def _hold(campaign: Campaign, stratum: str | None = None) -> int:
    """Deal what isn't dialled yet to nobody; how many that were."""
    tasks = select(CampaignTask.callback_id).where(CampaignTask.campaign_id == campaign.id)
    if stratum is not None:
        tasks = tasks.where(CampaignTask.stratum == stratum)
    rows = db.session.execute(
        select(Callback).where(
            Callback.id.in_(tasks), Callback.state == State.OPEN, Callback.dialled_at.is_(None),
            Callback.caller_id.is_not(None),
        )
    ).scalars().all()  # fmt: skip
    for row in rows:
        row.caller_id = None
    db.session.flush()
    return len(rows)


def _deal(
    campaign: Campaign, lot: Sequence[Drawn], cases: Mapping[str, int], callers: Sequence[int], now: datetime
) -> None:
    start = db.session.execute(select(func.coalesce(func.max(Callback.place), 0))).scalar_one()
    rows = [
        {
            "public_id": new_public_id(), "case_id": cases[one.key], "caller_id": callers[number % len(callers)],
            "form": CALLBACK, "state": State.OPEN, "means": "phone", "place": start + number + 1, "answers": {},
            "alarms": [], "listed_at": now, "version": 1,
        }
        for number, one in enumerate(lot)
    ]  # fmt: skip
    db.session.execute(insert(Callback), rows)
    listed = select(Callback.case_id, Callback.id).where(Callback.place > start, Callback.form == CALLBACK)
    ids = {row.case_id: row.id for row in db.session.execute(listed)}
    db.session.execute(
        insert(CampaignTask),
        [
            {
                "callback_id": ids[cases[one.key]], "campaign_id": campaign.id, "stratum": one.stratum,
                "ticket": one.ticket,
            }
            for one in lot
        ],
    )  # fmt: skip


def _check(wanted: Wanted, callers: Sequence[Account]) -> None:
    if wanted.closed_to < wanted.closed_from:
        raise InvalidInput("callback.period", msg("起止日期颠倒了，请核对。"), where="closed_to")
    if not 0 < wanted.rate <= 1:
        raise InvalidInput("callback.rate", msg("回访比例应大于 0、不超过 100%。"), where="rate")
    if not callers or any(one.role != Role.CALLER or not one.active for one in callers):
        raise InvalidInput("callback.callers", msg("请选择回访员。"), where="callers")
    if not set(wanted.strata) <= STRATA:
        raise InvalidInput("callback.strata", msg("不能按这一项分层。"), where="strata")
    check_bounds(wanted.minimum, wanted.maximum, wanted.quota)


def _title(wanted: Wanted) -> str:
    return f"{wanted.closed_from:%Y.%m.%d}–{wanted.closed_to:%Y.%m.%d}"


def _body_of(actor: Actor) -> int | None:
    """The actor's own body; whoever acts for all of them acts for the one at the top."""
    if actor.institution_id is not None:
        return actor.institution_id
    top = select(Institution.id).where(Institution.parent_id.is_(None)).order_by(Institution.id).limit(1)
    return db.session.execute(top).scalar_one_or_none()
