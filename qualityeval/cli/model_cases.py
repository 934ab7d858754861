"""`model-cases …` and `training`: what others can learn from a released round."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from qualityeval.authz import Actor
from qualityeval.cli.door import Result, verb
from qualityeval.core.training import Rate
from qualityeval.database import transaction
from qualityeval.queries import model_cases as queries
from qualityeval.queries import released_reviews, result_pages
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.training import training_for
from qualityeval.services import model_cases as services

MOST = 1_000


@click.group("model-cases")
def group() -> None:
    """Model cases (典型案例)."""


@group.command("list")
@click.option("--state", default="listed", type=click.Choice(queries.STATES))
@verb()
def listing(*, actor: Actor, now: datetime, state: str) -> Result:
    """Those listed, or in another state those of the own rounds."""
    del now
    rows = queries.list_for(actor, state=state, limit=MOST)
    return {"state": state, "cases": [{name: cell for name, cell in asdict(row).items() if name != "key" or cell} for row in rows]}  # fmt: skip


@group.command("nominate")
@click.argument("code")
@click.argument("case")
@click.option("--title", required=True)
@click.option("--story", required=True)
@click.option("--merits", required=True)
@verb()
def nominate(
    *, actor: Actor, now: datetime, code: str, case: str, title: str, story: str, merits: str
) -> Result:
    """Put CASE of the released round CODE forward, in words that name nobody."""
    with transaction():
        sampled = released_reviews.sampled_for(actor, round_queries.by_code_for(actor, code), case)
        row = services.nominate(
            actor=actor, sampled=sampled, title=title, story=story, merits=merits, now=now
        )
        return {"id": row.public_id, "state": row.state}


@group.command("decide")
@click.argument("id_", metavar="ID")
@click.option("--list/--refuse", "agrees", required=True)
@click.option("--decision", default="")
@verb()
def decide(*, actor: Actor, now: datetime, id_: str, agrees: bool, decision: str) -> Result:
    """List a nominated case or turn it down; by another manager."""
    with transaction():
        row = queries.get_for(actor, id_)
        services.decide(actor=actor, row=row, agrees=agrees, decision=decision, now=now)
        return {"id": row.public_id, "state": row.state}


@group.command("withdraw")
@click.argument("id_", metavar="ID")
@click.option("--reason", required=True)
@verb()
def withdraw(*, actor: Actor, now: datetime, id_: str, reason: str) -> Result:
    """Take a listed case off the list."""
    with transaction():
        row = queries.get_for(actor, id_)
        services.withdraw(actor=actor, row=row, reason=reason, now=now)
        return {"id": row.public_id, "state": row.state}


@click.command("training")
@click.argument("code")
@click.option("--against", default="", help="an earlier released round")
@click.option("--place", default="", help="code of a place inside the round")
@verb()
def training(*, actor: Actor, now: datetime, code: str, against: str, place: str) -> Result:
    """The items most often cut in the released round CODE, before and after."""
    del now
    round_ = result_pages.round_for(actor, code=code)
    earlier = [result_pages.round_for(actor, code=against)] if against else []
    found = training_for(actor, round_, earlier, place=place)
    items: list[dict[str, Any]] = [
        {"item": line.item, "before": _rate(line.before), "after": _rate(line.after), "change": line.change,
         "interval": list(line.interval) if line.interval else None, "clear": line.clear, "reason": line.reason or None}
        for line in found.lines
    ]  # fmt: skip
    return {"code": code, "against": against or None, "cases": found.cases, "items": items}


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    if rate is None:
        return None
    return {"rate": rate.value, "interval": [rate.interval.lo, rate.interval.hi], "n": rate.n, "method": rate.interval.method}  # fmt: skip
