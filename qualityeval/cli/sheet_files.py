"""`export sheets`: a round's sheets line by line, as `import sheets` takes them."""

from datetime import datetime
from pathlib import Path

import click

from qualityeval.authz import Actor, Permission, require
from qualityeval.cli.door import Result, verb
from qualityeval.cli.files import write_table
from qualityeval.queries import rounds as queries
from qualityeval.queries import sheet_lines


@click.group("export")
def group() -> None:
    """Take tables out."""


@group.command("sheets")
@click.argument("code")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@click.option("--submitted", is_flag=True, help="what was submitted, instead of the open sheets to fill")
@verb()
def export_sheets(*, actor: Actor, now: datetime, code: str, output: Path, submitted: bool) -> Result:
    """Write the open sheets of a round to fill (CSV, or Excel where the name ends in .xlsx)."""
    del now
    round_ = queries.by_code_for(actor, code)
    require(actor, Permission.ROUND_PROXY, round_)
    rows = list(sheet_lines.lines_of_round(round_, submitted=submitted))
    write_table(output, "sheets", sheet_lines.COLUMNS, rows)
    return {"code": code, "file": str(output), "sheets": len({row[:2] for row in rows}), "rows": len(rows)}
