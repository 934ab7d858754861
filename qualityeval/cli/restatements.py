"""`restatement …`: released figures, cases read anew, and the next version beside the old one."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from qualityeval.authz import Actor
from qualityeval.cli.door import Result, print_json, refuse, speaking, verb
from qualityeval.cli.draws import shown
from qualityeval.cli.files import PAPERS, papers_of, read_whole, write_whole
from qualityeval.core.errors import RuleViolation
from qualityeval.core.objection import ReviewBasis
from qualityeval.core.restatement import check_versions
from qualityeval.core.verification import Verification
from qualityeval.database import transaction
from qualityeval.queries import released_reviews
from qualityeval.queries import rounds as round_queries
from qualityeval.services import released_reviews as review_services
from qualityeval.services import restatements


@click.group("restatement")
def group() -> None:
    """Released figures: cases read anew, and the next version beside the old one."""


@group.command("review")
@click.argument("code")
@click.argument("case")
@click.option("--basis", required=True, type=click.Choice([one.value for one in ReviewBasis]))
@click.option("--reason", required=True)
@PAPERS
@verb()
def review(
    *, actor: Actor, now: datetime, code: str, case: str, basis: str, reason: str, papers: Sequence[Path]
) -> Result:
    """Have the released CASE read anew by a drawn expert."""
    with transaction():
        round_ = round_queries.by_code_for(actor, code)
        sampled = released_reviews.sampled_for(actor, round_, case)
        review_services.open_review(
            actor=actor, sampled=sampled, basis=basis, reason=reason, papers=papers_of(papers), now=now
        )
    return _restated(actor, code)


@group.command("show")
@click.argument("code")
@verb()
def restated(*, actor: Actor, now: datetime, code: str) -> Result:
    """Reviews, the proposal that waits, and all versions of the round CODE."""
    del now
    return _restated(actor, code)


@group.command("propose")
@click.argument("code")
@click.option("--reason", required=True, help="is published")
@verb()
def propose(*, actor: Actor, now: datetime, code: str, reason: str) -> Result:
    """Propose to publish what reviews have changed; another manager issues it."""
    with transaction():
        round_ = round_queries.by_code_for(actor, code)
        restatements.propose(actor=actor, round_=round_, reason=reason, now=now)
    return _restated(actor, code)


@group.command("issue")
@click.argument("code")
@verb()
def issue(*, actor: Actor, now: datetime, code: str) -> Result:
    """Publish what another manager has proposed."""
    with transaction():
        restatements.issue(actor=actor, round_=round_queries.by_code_for(actor, code), now=now)
    return _restated(actor, code)


@group.command("drop")
@click.argument("code")
@verb()
def drop(*, actor: Actor, now: datetime, code: str) -> Result:
    """Take the proposal back."""
    with transaction():
        restatements.drop(actor=actor, round_=round_queries.by_code_for(actor, code), now=now)
    return _restated(actor, code)


@group.command("version")
@click.argument("code")
@click.argument("number", type=int)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def version(*, actor: Actor, now: datetime, code: str, number: int, output: Path) -> Result:
    """Write version NUMBER of the published figures, byte for byte."""
    del now
    found = released_reviews.version_for(actor, round_queries.by_code_for(actor, code), number)
    write_whole(output, found.text.encode())
    return {"code": code, "version": number, "digest": found.digest, "file": str(output)}


@group.command("verify")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
@speaking
def verify(*, files: tuple[Path, ...], as_json: bool) -> None:
    """Check versions of published figures, the first one first; needs no instance."""
    try:
        checks = check_versions([read_whole(file) for file in files])
    except RuleViolation as refusal:
        refuse(refusal, as_json=as_json)
        return
    result = shown(Verification(checks, None))
    if as_json:
        print_json(result)
    else:
        for check in result["checks"]:
            click.echo(f"{'✓' if check['ok'] else '✗'} {check['name']}: {check['detail']}")
    sys.exit(0 if result["ok"] else 1)


def _restated(actor: Actor, code: str) -> Result:
    round_ = round_queries.by_code_for(actor, code)
    waiting = released_reviews.open_proposal(round_)
    reviews: list[dict[str, Any]] = [
        {"case": row.case, "basis": row.basis, "state": row.state, "before": _result(row.before),
         "after": _result(row.after), "outcome": row.outcome}
        for row in released_reviews.list_for(actor, round_)
    ]  # fmt: skip
    versions = [
        {"version": one.number, "digest": one.digest, "issued_at": one.issued_at, "reason": one.reason or None}
        for one in released_reviews.versions_of(actor, round_)
    ]  # fmt: skip
    pending = {"version": waiting.number, "reason": waiting.reason} if waiting else None
    return {"code": code, "reviews": reviews, "pending": pending, "versions": versions}


def _result(found: tuple[int | None, str] | None) -> dict[str, Any] | None:
    return {"total": found[0], "grade": found[1]} if found else None
