"""`callbacks …` and `observations …`: campaigns drawn, followed and ended; what is still to be observed."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from qualityeval.authz import Actor
from qualityeval.cli.composite import DAY
from qualityeval.cli.door import Refused, Result, verb
from qualityeval.cli.files import lines_of, rejected
from qualityeval.core.coverage import Rate
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.hearings import quarter
from qualityeval.core.rates import parse_rate
from qualityeval.core.self_service import Asked, phone_and_online
from qualityeval.database import transaction
from qualityeval.models import Account
from qualityeval.queries import callbacks as people
from qualityeval.queries import campaigns as queries
from qualityeval.queries import hearings, recipient_links
from qualityeval.queries import observations as observing
from qualityeval.services import campaigns as services
from qualityeval.services import hearing_calendar, recall_checks
from qualityeval.services import hearings as planning
from qualityeval.words.moments import OFFICE

WHO = click.option("--caller", "callers", multiple=True, required=True, metavar="ACCOUNT")
SEED = click.option("--seed", default="", metavar="TEXT", help="left out: the machine throws")


@click.group("callbacks")
def callbacks() -> None:
    """Campaigns of callbacks to recipients."""


@callbacks.command("draw")
@click.option("--from", "closed_from", type=DAY, required=True, help="first closing date")
@click.option("--to", "closed_to", type=DAY, required=True)
@click.option("--rate", required=True, help="such as 30%, or 100% for all")
@WHO
@click.option("--stratum", "strata", multiple=True, type=click.Choice(sorted(services.STRATA)))
@click.option("--aid-form", default="", metavar="CODE", help="such as duty")
@click.option("--minimum", type=click.IntRange(0), default=0, help="recipients of a stratum at least")
@click.option("--maximum", type=click.IntRange(1))
@click.option("--quota", type=click.IntRange(1), help="answers after which a stratum is called no more")
@click.option("--title", default="")
@SEED
@verb()
def draw(
    *, actor: Actor, now: datetime, closed_from: datetime, closed_to: datetime, rate: str, callers: Sequence[str],
    seed: str, **bounds: Any,
) -> Result:  # fmt: skip
    """Draw recipients by lot and deal them to callers."""
    wanted = services.Wanted(closed_from.date(), closed_to.date(), parse_rate(rate, where="--rate"), **bounds)
    with transaction():
        made = services.make_list(
            actor=actor, wanted=wanted, callers=_among(people.callers_for(actor), callers, "--caller"),
            seed=seed or secrets.token_hex(32), now=now,
        )  # fmt: skip
        return {"listed": made.listed, "left_out": made.left_out, **_campaign(actor, made.campaign)}


@callbacks.command("status")
@click.argument("campaign", required=False)
@verb()
def status(*, actor: Actor, now: datetime, campaign: str | None) -> Result:
    """One campaign by its id with its strata; without an id all of them, and phone beside online."""
    del now
    if campaign:
        return _campaign(actor, campaign)
    listed = [
        {"campaign": one.public_id, "title": one.title, "listed": one.listed, "answered": one.answered,
         "open": one.closed_at is None}
        for one in queries.list_for(actor)
    ]  # fmt: skip
    means = recipient_links.means_for(actor)
    gap = phone_and_online(means)
    beside = {
        "value": gap.value,
        "interval": None if gap.value is None else [gap.lo, gap.hi],
        "reason": gap.reason or None,
    }
    return {
        "campaigns": listed,
        "means": {code: _asked(one) for code, one in means.items()},
        "online_less_phone": beside,
    }


@callbacks.command("close")
@click.argument("campaign")
@verb()
def close(*, actor: Actor, now: datetime, campaign: str) -> Result:
    """End a campaign: nobody is called any more, its unused links are dead."""
    with transaction():
        row = queries.get_for(actor, campaign, lock=True)
        held = services.close(actor=actor, campaign=row, now=now)
    return {"campaign": campaign, "held": held}


@callbacks.command("check")
@WHO
@SEED
@verb()
def check(*, actor: Actor, now: datetime, callers: Sequence[str], seed: str) -> Result:
    """Ask 5 % of those answered by phone again, by another caller."""
    with transaction():
        listed, alone = recall_checks.draw_checks(
            actor=actor, callers=_among(people.callers_for(actor), callers, "--caller"),
            seed=seed or secrets.token_hex(32), now=now,
        )  # fmt: skip
    return {"listed": listed, "without_another_caller": alone}


@click.group("observations")
def observations() -> None:
    """Hearings that are observed."""


@observations.command("needed")
@click.option("--observer", "observers", multiple=True, metavar="ACCOUNT", help="draw and send them")
@SEED
@verb()
def needed(*, actor: Actor, now: datetime, observers: Sequence[str], seed: str) -> Result:
    """What each institution still lacks this quarter; with observers, draw hearings and send them."""
    today = now.astimezone(OFFICE).date()
    sent: dict[str, Any] = {}
    if observers:
        with transaction():
            planned = planning.plan_hearings(
                actor=actor, observers=_among(observing.observers_for(actor), observers, "--observer"),
                seed=seed or secrets.token_hex(32), today=today, now=now,
            )  # fmt: skip
        sent = {"planned": planned.count, "nobody_may_go": list(planned.left)}
    rows, together, calendar = hearings.needed_for(actor, today)
    first, last = quarter(today)
    return {
        "quarter": [first.isoformat(), last.isoformat()], "calendar": len(calendar), **sent,
        "missing": together.missing, "observed": _rate(together.observed), "observed_open": _rate(together.observed_open),
        "institutions": [
            {"code": row.code, "name": row.name, "observed": _rate(row.observed), "planned": row.planned,
             "closed": dict(row.observed_open.left_out), "missing": row.missing}
            for row in rows
        ],
    }  # fmt: skip


@observations.command("calendar")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="look, store nothing")
@verb()
def calendar(*, actor: Actor, now: datetime, file: Path, dry_run: bool) -> Result | Refused:
    """Bring the courts' calendar in: aid or court number, day, and the institution's code where numbers repeat."""
    with lines_of(file) as lines, transaction():
        report = hearing_calendar.import_calendar(actor=actor, lines=lines, now=now, dry_run=dry_run)
    result = {
        "rows": report.rows, "updated": report.updated, "unchanged": report.unchanged, "moved": report.moved,
        "rejected": rejected(report.rejected),
    }  # fmt: skip
    return Refused(result) if report.rejected else result


def _among(able: Sequence[Account], wanted: Sequence[str], where: str) -> list[Account]:
    known = {one.name: one for one in able}
    for name in wanted:
        if name not in known:
            raise InvalidInput(
                "account.not_able", msg("“%(name)s”不在可派的人员里。"), where=where, name=name
            )
    return [known[name] for name in dict.fromkeys(wanted)]


def _campaign(actor: Actor, public_id: str) -> dict[str, Any]:
    row = queries.get_for(actor, public_id)
    return {
        "campaign": row.public_id, "title": row.title, "open": row.closed_at is None, "seed": row.seed, "rate": row.rate,
        "quota": row.quota,
        "strata": [
            {"key": one.key, "N": one.N, "n": one.n, "dialled": one.dialled, "reached": one.reached,
             "answered": one.answered, "refused": one.refused, "held": one.held}
            for one in queries.strata_of(row)
        ],
    }  # fmt: skip


def _asked(one: Asked) -> dict[str, Any]:
    return {
        "asked": one.asked, "response": _rate(one.response), "complete": _rate(one.valid),
        "refusal": _rate(one.refusal), "satisfaction": _rate(one.satisfaction),
        "unanswered": {code: _rate(rate) for code, rate in one.unanswered.items() if rate.done},
    }  # fmt: skip


def _rate(rate: Rate) -> dict[str, Any]:
    share = rate.share
    return {"done": rate.done, "of": rate.eligible, "share": None if share is None else float(share)}
