"""`round assign` to `round results`, and the imports of experts and sheets."""

from datetime import datetime
from pathlib import Path

import click

from qualityeval.authz import Actor, Permission, require
from qualityeval.cli.door import Refused, Result, verb
from qualityeval.cli.files import counted, csv_bytes, lines_of, write_whole
from qualityeval.cli.rounds import group
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import assignments, payments, result_changes, result_pages, workload
from qualityeval.queries import rounds as queries
from qualityeval.queries.results import DIMENSIONS
from qualityeval.services import (
    clearances,
    deal_preview,
    dealing,
    expert_import,
    publications,
    releases,
    scoring_deadlines,
    sheet_import,
)
from qualityeval.web.shortage_words import sentence


@group.command("assign")
@click.argument("code")
@click.option("--preview", "tries", is_flag=True, help="Say what the dealing would give; nothing is stored.")
@verb()
def assign(*, actor: Actor, now: datetime, code: str, tries: bool) -> Result:
    """Deal the drawn files to experts."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        if tries:
            return _previewed(deal_preview.preview(actor=actor, round_=round_, now=now))
        dealing.assign(actor=actor, round_=round_, now=now)
        return queries.status(round_)


def _previewed(found: deal_preview.Preview) -> Result:
    causes = [
        {
            "rule": one.cut.rule, "cases": list(one.cut.keys), "needed": one.cut.demand, "missing": one.cut.missing,
            "room": one.cut.room, "met_room": one.cut.met_room, "places": one.cut.places, "full": list(one.full),
            "met": list(one.met), "kept_out": dict(one.reasons), "text": sentence(one),
        }
        for one in found.causes
    ]  # fmt: skip
    unfilled = [{"case": case, "missing": missing} for case, missing in found.unfilled]
    return {
        "preview": True, "slots": found.slots, "filled": found.filled, "new": found.new, "load_min": found.load_min,
        "load_max": found.load_max, "components": found.components, "together": found.together,
        "unfilled": unfilled, "causes": causes,
        **({"minutes_min": found.minutes[-1].least, "minutes_max": found.minutes[-1].most} if found.minutes else {}),
    }  # fmt: skip


@group.command("assignments")
@click.argument("code")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def listing(*, actor: Actor, now: datetime, code: str, output: Path) -> Result:
    """Write who reads what as CSV: case, expert, slot, state; expected minutes where the round counts them."""
    del now
    round_ = queries.by_code_for(actor, code)
    require(actor, Permission.ROUND_ASSIGN, round_)
    headings, minutes = workload.headings(round_), workload.by_key(round_)
    rows = [
        (row.case, row.expert, row.slot, row.state, str(minutes.get(row.case, "")))[: len(headings)]
        for row in assignments.rows_of(round_)
    ]
    content = csv_bytes([headings, *rows])
    write_whole(output, content)
    return {"code": code, "file": str(output), "rows": len(rows)}


@group.command("payments")
@click.argument("code")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the list as CSV.")
@verb()
def paid(*, actor: Actor, now: datetime, code: str, output: Path | None) -> Result:
    """Who handed in how many sheets, and what is due at the fee of the settings, in yuan."""
    del now
    names = ("code", "name", "first", "arbitration", "objection", "sheets", "rate", "amount")
    found = payments.payments(actor, queries.by_code_for(actor, code))
    lines = [{name: getattr(one, name) for name in names} for one in found]
    if output is not None:
        write_whole(output, csv_bytes([names, *(tuple(str(one[name]) for name in names) for one in lines)]))
    return {
        "code": code,
        "sheets": sum(one.sheets for one in found),
        "amount": sum(one.amount for one in found),
        "experts": lines,
    }


@group.command("training")
@click.argument("code")
@click.argument("experts", nargs=-1, required=True)
@verb()
def training(*, actor: Actor, now: datetime, code: str, experts: tuple[str, ...]) -> Result:
    """Record that these EXPERTS attended the training that the round requires."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        count = clearances.tick_training(actor=actor, round_=round_, codes=experts, now=now)
    return {"code": code, "recorded": count}


@group.command("urge")
@click.argument("code")
@verb()
def urge(*, actor: Actor, now: datetime, code: str) -> Result:
    """Tell everybody who owes a sheet; once a day."""
    with transaction():
        count = scoring_deadlines.urge(actor=actor, round_=queries.by_code_for(actor, code), now=now)
    return {"code": code, "experts": count}


@group.command("notify")
@click.argument("code")
@verb()
def notify(*, actor: Actor, now: datetime, code: str) -> Result:
    """Open the objection window."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        releases.notify(actor=actor, round_=round_, now=now)
        return queries.status(round_)


@group.command("release")
@click.argument("code")
@verb()
def release(*, actor: Actor, now: datetime, code: str) -> Result:
    """Say that the results may be released; two managers have to."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        releases.release(actor=actor, round_=round_, now=now)
        return queries.status(round_)


@group.command("publish")
@click.argument("code")
@verb()
def publish(*, actor: Actor, now: datetime, code: str) -> Result:
    """Say that the released figures may be shown to everybody; two managers have to."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        public = publications.publish(actor=actor, round_=round_, now=now)
        return {**queries.status(round_), "public": public}


@group.command("close")
@click.argument("code")
@verb()
def close(*, actor: Actor, now: datetime, code: str) -> Result:
    """End a released round."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        releases.close(actor=actor, round_=round_, now=now)
        return queries.status(round_)


@group.command("results")
@click.argument("code")
@click.option("--against", default="", help="Released rounds to compare with, as CODE[,CODE…].")
@verb()
def show_results(*, actor: Actor, now: datetime, code: str, against: str) -> Result:
    """Grade distribution and good-or-better rate of CODE, or of CODE,CODE… as strata of one period."""
    del now
    rounds = _readable(actor, code)
    found = result_pages.results_for(actor, *rounds)
    if not against:
        return found
    earlier = _readable(actor, against)
    return {**found, "changes": result_changes.changes_for(actor, rounds, earlier, by=tuple(DIMENSIONS))}


def _readable(actor: Actor, codes: str) -> list[Round]:
    return [result_pages.round_for(actor, code=one.strip()) for one in codes.split(",") if one.strip()]


@click.group("import")
def imports() -> None:
    """Bring tables in."""


@imports.command("experts")
@click.argument("file", type=click.Path(path_type=Path))
@verb()
def import_experts(*, actor: Actor, now: datetime, file: Path) -> Result | Refused:
    """Bring experts in from CSV or Excel."""
    with lines_of(file, ("code", "name")) as lines, transaction():
        return counted(expert_import.import_experts(actor=actor, lines=lines, now=now))


@imports.command("sheets")
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path))
@verb()
def import_sheets(*, actor: Actor, now: datetime, code: str, file: Path) -> Result | Refused:
    """Submit sheets that experts filled elsewhere."""
    with lines_of(file, sheet_import.NEEDED) as lines, transaction():
        round_ = queries.by_code_for(actor, code)
        return counted(sheet_import.import_sheets(actor=actor, round_=round_, lines=lines, now=now))
