"""`tickets …`: 补正 and 整改 from a released round's deductions."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from qualityeval.authz import Actor, Permission
from qualityeval.cli.door import Result, verb
from qualityeval.cli.files import PAPERS, papers_of
from qualityeval.clock import office_date
from qualityeval.core.follow_up import FROM_REVIEW
from qualityeval.database import transaction
from qualityeval.models import FollowUp
from qualityeval.queries import follow_ups as follow_up_queries
from qualityeval.queries import rounds as round_queries
from qualityeval.queries import tickets as queries
from qualityeval.services import follow_ups
from qualityeval.services import tickets as services

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("tickets")
def group() -> None:
    """Tickets (补正, 整改) from deductions."""


@group.command("deductions")
@click.argument("code")
@click.option("--limit", type=int, default=20, help="cases, the lowest results first")
@verb()
def deductions(*, actor: Actor, now: datetime, code: str, limit: int) -> Result:
    """What may become a ticket in the released round CODE; `key` is what `open` takes."""
    del now
    round_ = round_queries.by_code_for(actor, code)
    found = queries.cases_for(actor, round_, limit=limit)
    return {"code": code, "cases": [
        {"number": case.number, "institution": case.institution, "grade": case.grade, "deductions": [
            {"key": one.key, "item": one.title, "lost": one.lost, "ticket": one.ticket or None}
            for one in case.deductions
        ]}
        for case in found
    ]}  # fmt: skip


@group.command("open")
@click.argument("code")
@click.argument("keys", nargs=-1, required=True)
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in FROM_REVIEW]))
@click.option("--due", type=DAY)
@click.option("--note", default="")
@verb()
def send(
    *, actor: Actor, now: datetime, code: str, keys: Sequence[str], kind: str, due: datetime | None, note: str
) -> Result:
    """Open a ticket for each KEY of `tickets deductions`."""
    pairs = [(sampled, item) for sampled, _sep, item in (key.partition(":") for key in keys)]
    with transaction():
        services.open_tickets(
            actor=actor, round_=round_queries.by_code_for(actor, code), chosen=pairs, kind=kind,
            due=due.date() if due else None, note=note, now=now,
        )  # fmt: skip
    return _listed(actor, code, now)


@group.command("list")
@click.argument("code")
@verb()
def listing(*, actor: Actor, now: datetime, code: str) -> Result:
    """The tickets of the round CODE, and how they stand by item, provider and practitioner."""
    return _listed(actor, code, now)


@group.command("answer")
@click.argument("ticket")
@click.option("--text", required=True)
@click.option("--proof", default="", help="where the proof lies; not needed beside --paper")
@PAPERS
@verb()
def answer(
    *, actor: Actor, now: datetime, ticket: str, text: str, proof: str, papers: Sequence[Path]
) -> Result:
    """Answer a TICKET with what was done and the proof."""
    with transaction():
        row = follow_up_queries.get_for(actor, ticket, lock=True)
        follow_ups.answer(
            actor=actor, follow_up=row, text=text, proof=proof, papers=papers_of(papers), now=now
        )
        return _line(row, now)


@group.command("return")
@click.argument("ticket")
@click.option("--reason", required=True)
@verb()
def give_back(*, actor: Actor, now: datetime, ticket: str, reason: str) -> Result:
    """The answer isn't enough."""
    with transaction():
        row = follow_up_queries.get_for(actor, ticket, Permission.FOLLOW_UP_KEEP, lock=True)
        follow_ups.send_back(actor=actor, follow_up=row, reason=reason, now=now)
        return _line(row, now)


@group.command("close")
@click.argument("ticket")
@verb()
def close(*, actor: Actor, now: datetime, ticket: str) -> Result:
    """The answer was re-checked: done."""
    with transaction():
        row = follow_up_queries.get_for(actor, ticket, Permission.FOLLOW_UP_KEEP, lock=True)
        follow_ups.close(actor=actor, follow_up=row, now=now)
        return _line(row, now)


def _listed(actor: Actor, code: str, now: datetime) -> Result:
    round_ = round_queries.by_code_for(actor, code)
    rollups: dict[str, Any] = {
        key: [
            {
                "name": one.name,
                "tickets": one.count,
                "open": one.open,
                "late": one.late,
                "repeats": one.repeats,
            }
            for one in lines
        ]
        for key, lines in queries.rollups_for(actor, round_, now=now).items()
    }
    return {"code": code, "tickets": [_line(row, now) for row in queries.list_for(actor, round_)], **rollups}


def _line(row: FollowUp, now: datetime) -> dict[str, Any]:
    return {
        "ticket": row.public_id, "kind": row.kind, "item": row.item, "state": row.state, "due": row.due_on,
        "late": follow_up_queries.late(row.state, row.due_on, office_date(now)), "repeats": row.repeats_id is not None,
    }  # fmt: skip
