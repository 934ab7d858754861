"""`round staff`: the staff part of a round's cases from a table; `export staff`: the table to fill."""

from datetime import datetime
from pathlib import Path

import click

from qualityeval.authz import Actor, Permission, require
from qualityeval.cli.door import Refused, Result, verb
from qualityeval.cli.files import lines_of, rejected, write_table
from qualityeval.cli.reports import group
from qualityeval.cli.sheet_files import group as exports
from qualityeval.database import transaction
from qualityeval.queries import rounds as queries
from qualityeval.queries import staff_lines
from qualityeval.queries import staff_parts as part_queries
from qualityeval.services import staff_import


@group.command("staff")
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="say what would come of it and store nothing")
@verb()
def staff(*, actor: Actor, now: datetime, code: str, file: Path, dry_run: bool) -> Result | Refused:
    """Answer the staff part from CSV or Excel, as `export staff` writes it.

    Columns: case and item are needed; mark, deduct or grade, na and reason. A case on whose lines nothing is written
    is left out; one bad line keeps nothing.
    """
    with lines_of(file, staff_import.NEEDED) as lines, transaction():
        round_ = queries.by_code_for(actor, code)
        found = staff_import.import_staff_parts(
            actor=actor, round_=round_, lines=lines, now=now, dry_run=dry_run
        )
    counts = {
        "code": code, "rows": found.rows, "cases": found.cases, "completed": found.completed,
        "rejected": rejected(found.rejected), "dry_run": dry_run,
    }  # fmt: skip
    if found.rejected:
        return Refused(counts)
    return {**counts, "open": part_queries.open_count(queries.by_code_for(actor, code))}


@exports.command("staff")
@click.argument("code")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def export_staff(*, actor: Actor, now: datetime, code: str, output: Path) -> Result:
    """Write the open staff parts of a round to fill (CSV, or Excel where the name ends in .xlsx)."""
    del now
    round_ = queries.by_code_for(actor, code)
    require(actor, Permission.ROUND_ASSIGN, round_)
    rows = list(staff_lines.open_lines(round_))
    write_table(output, "staff", staff_lines.COLUMNS, rows)
    return {"code": code, "file": str(output), "cases": len({row[0] for row in rows}), "rows": len(rows)}
