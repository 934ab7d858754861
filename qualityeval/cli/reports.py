"""`round report`: the circular of a round as a file."""

from datetime import datetime
from pathlib import Path

import click

from qualityeval.authz import Actor
from qualityeval.cli.call_in import group
from qualityeval.cli.door import Result, verb
from qualityeval.cli.rounds import write_whole
from qualityeval.database import transaction
from qualityeval.queries import rounds as queries
from qualityeval.reports.circular_files import KINDS
from qualityeval.services import circulars


@group.command("report")
@click.argument("code")
@click.option("--format", "kind", type=click.Choice(KINDS), required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def report(*, actor: Actor, now: datetime, code: str, kind: str, output: Path) -> Result:
    """Write the circular of a round: Word, PDF/A, or the tables in Excel."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        content = circulars.make_circular(actor=actor, round_=round_, kind=kind, now=now)
    write_whole(output, content)
    return {"file": str(output), "bytes": len(content)}
