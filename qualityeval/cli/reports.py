"""`round report`, `feedback` and `opinion`: circulars, feedback to institutions, opinions on cases, as files."""

from datetime import datetime
from pathlib import Path

import click

from qualityeval.authz import Actor
from qualityeval.cli.call_in import group
from qualityeval.cli.door import Result, verb
from qualityeval.cli.files import write_whole
from qualityeval.database import transaction
from qualityeval.queries import rounds as queries
from qualityeval.reports.paper_files import KINDS
from qualityeval.reports.review_opinion_files import KINDS as OPINION_KINDS
from qualityeval.services import circulars, feedback, review_opinions


@group.command("report")
@click.argument("codes", metavar="CODE[,CODE...]")
@click.option("--format", "kind", type=click.Choice(KINDS), required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def report(*, actor: Actor, now: datetime, codes: str, kind: str, output: Path) -> Result:
    """Write the circular of a round, or of several as a period: Word, PDF/A, or the tables in Excel."""
    with transaction():
        rounds = [queries.by_code_for(actor, one.strip()) for one in codes.split(",") if one.strip()]
        content = circulars.make_circular(actor=actor, rounds=rounds, kind=kind, now=now)
    write_whole(output, content)
    return {"file": str(output), "bytes": len(content)}


@group.command("feedback")
@click.argument("code")
@click.option("--institution", metavar="CODE", help="one institution; without it a ZIP of all")
@click.option("--format", "kind", type=click.Choice(KINDS), required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def feedback_to(
    *, actor: Actor, now: datetime, code: str, institution: str | None, kind: str, output: Path
) -> Result:
    """Write the feedback on a released round to an institution, or to all of them as a ZIP."""
    with transaction():
        round_ = queries.by_code_for(actor, code)
        if institution is None:
            content = feedback.make_all(actor=actor, round_=round_, kind=kind, now=now)
        else:
            content = feedback.make_feedback(actor=actor, round_=round_, code=institution, kind=kind, now=now)
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
