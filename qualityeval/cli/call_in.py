"""`round call-in` to `round supplement`: the drawn files on the command line."""

from datetime import datetime
from pathlib import Path

import click

from qualityeval.authz import Actor, Permission, require
from qualityeval.cli.door import Refused, Result, verb
from qualityeval.cli.files import counted, csv_bytes, lines_of, write_whole
from qualityeval.cli.reviews import group
from qualityeval.core.errors import RuleViolation, msg
from qualityeval.core.workflow import OutOfScope
from qualityeval.database import transaction
from qualityeval.queries import call_in as queries
from qualityeval.queries import drawn_files
from qualityeval.queries import rounds as round_queries
from qualityeval.services import call_in, hand_in_import, replacement

__all__ = ["group"]


@group.command("call-in")
@click.argument("code")
@verb()
def call(*, actor: Actor, now: datetime, code: str) -> Result:
    """Call the drawn files in and tell every institution."""
    with transaction():
        round_ = round_queries.by_code_for(actor, code)
        call_in.call_in(actor=actor, round_=round_, now=now)
        return round_queries.status(round_)


@group.command("hand-in")
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="say what would come of it and store nothing")
@verb()
def bring(*, actor: Actor, now: datetime, code: str, file: Path, dry_run: bool) -> Result | Refused:
    """Hand files in from CSV or Excel.

    Columns: case (institution code:case number) and pages are needed; digest (SHA-256 of the papers), handed_in_on
    (today where empty) and note may be left out. One bad row stores nothing.
    """
    with lines_of(file, hand_in_import.NEEDED) as lines, transaction():
        round_ = drawn_files.round_by_code(actor, code)
        report = hand_in_import.import_hand_ins(
            actor=actor, round_=round_, lines=lines, now=now, dry_run=dry_run
        )
        return counted(report, dry_run=dry_run)


@group.command("missing")
@click.argument("code")
@click.argument("case", required=False)
@verb()
def missing(*, actor: Actor, now: datetime, code: str, case: str | None) -> Result:
    """Declare CASE missing, or every file that is still due after the deadline."""
    with transaction():
        round_ = round_queries.by_code_for(actor, code)
        if case is None:
            call_in.declare_overdue_missing(actor=actor, round_=round_, now=now)
        else:
            call_in.declare_missing(actor=actor, sampled=drawn_files.by_key(round_, case), now=now)
        return round_queries.status(round_)


@group.command("return")
@click.argument("code")
@click.argument("case")
@click.option("--reason", required=True, metavar="TEXT")
@verb()
def give_back(*, actor: Actor, now: datetime, code: str, case: str, reason: str) -> Result:
    """Give an incomplete file back to its institution."""
    with transaction():
        round_ = round_queries.by_code_for(actor, code)
        call_in.return_file(actor=actor, sampled=drawn_files.by_key(round_, case), reason=reason, now=now)
        return round_queries.status(round_)


@group.command("replace")
@click.argument("code")
@click.argument("case")
@click.option("--reason", required=True, metavar="|".join(OutOfScope))
@verb()
def replace(*, actor: Actor, now: datetime, code: str, case: str, reason: str) -> Result:
    """Say that CASE is out of scope; once a second manager says so, the next reserve ticket takes its place."""
    with transaction():
        round_ = round_queries.by_code_for(actor, code)
        outcome = replacement.replace(
            actor=actor, sampled=drawn_files.by_key(round_, case), reason=reason, now=now
        )
        result = round_queries.status(round_)
    if outcome.state == replacement.MISMATCH:
        raise RuleViolation(
            "replace.mismatch",
            msg("两位管理员写的理由不一致，都已作废。请两位重新提出。"),
            where="reason",
        )
    return result


@group.command("supplement")
@click.argument("code")
@click.argument("stratum")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", default="", metavar="TEXT")
@verb()
def supplement(*, actor: Actor, now: datetime, code: str, stratum: str, number: int, reason: str) -> Result:
    """Open the tickets of STRATUM up to NUMBER; nothing drawn before changes."""
    with transaction():
        round_ = round_queries.by_code_for(actor, code)
        replacement.supplement(
            actor=actor, round_=round_, stratum=stratum, size=number, reason=reason, now=now
        )
        return round_queries.status(round_)


@group.command("weights")
@click.argument("code")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def weights(*, actor: Actor, now: datetime, code: str, output: Path) -> Result:
    """Write every drawn case with its state and both weights, as exact fractions, as CSV."""
    del now
    round_ = round_queries.by_code_for(actor, code)
    require(actor, Permission.ROUND_RESULTS, round_)
    rows = list(queries.weight_lines(round_))
    write_whole(output, csv_bytes([queries.WEIGHT_COLUMNS, *rows]))
    return {"code": code, "file": str(output), "rows": len(rows)}
