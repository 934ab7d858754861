"""`round staff`: the staff part of a round's cases from a table."""

from datetime import datetime
from pathlib import Path

import click

from qualityeval.authz import Actor
from qualityeval.cli.door import Refused, Result, verb
from qualityeval.cli.files import lines_of, rejected
from qualityeval.cli.reports import group
from qualityeval.database import transaction
from qualityeval.queries import rounds as queries
from qualityeval.queries import staff_parts as part_queries
from qualityeval.services import staff_parts


@group.command("staff")
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path))
@verb()
def staff(*, actor: Actor, now: datetime, code: str, file: Path) -> Result | Refused:
    """Answer the staff part: case, item, mark or deduct, na, reason; one bad line keeps nothing."""
    with lines_of(file, staff_parts.NEEDED) as lines, transaction():
        round_ = queries.by_code_for(actor, code)
        found = staff_parts.bring(actor=actor, round_=round_, lines=lines, now=now)
    counts = {
        "code": code, "rows": found.rows, "cases": found.cases, "completed": found.completed,
        "rejected": rejected(found.rejected),
    }  # fmt: skip
    if found.rejected:
        return Refused(counts)
    return {**counts, "open": part_queries.open_count(queries.by_code_for(actor, code))}
