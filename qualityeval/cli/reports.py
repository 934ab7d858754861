"""`round report` and `round opinion`: the circular of a round, the opinion on one of its cases, as files."""

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
from qualityeval.reports.review_opinion_files import KINDS as OPINION_KINDS
from qualityeval.services import circulars, review_opinions


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


@group.command("opinion")
@click.argument("code")
@click.argument("case")
@click.option("--format", "kind", type=click.Choice(OPINION_KINDS), required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def opinion(*, actor: Actor, now: datetime, code: str, case: str, kind: str, output: Path) -> Result:
    """Write the opinion on the case of the key CASE: Word or PDF/A, once the case has a result."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        sampled = review_opinions.find_case(actor=actor, round_=round_, key=case)
        content = review_opinions.make_opinion(
            actor=actor, round_=round_, sampled=sampled, kind=kind, now=now
        )
    write_whole(output, content)
    return {"file": str(output), "bytes": len(content)}
