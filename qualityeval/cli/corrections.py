"""`objections …` and `restatement …`: what happens to notified and to released figures."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from qualityeval.authz import Actor
from qualityeval.cli.door import Result, print_json, refuse, speaking, verb
from qualityeval.core.errors import InvalidInput, NotFound, RuleViolation, msg
from qualityeval.core.objection import Ground, ReviewBasis
from qualityeval.core.restatement import check_versions
from qualityeval.core.verification import Verification
from qualityeval.database import db, transaction
from qualityeval.models import FrameCase, Objection, Round, SampledCase
from qualityeval.queries import notified, released_reviews
from qualityeval.queries import objections as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.services import objections as services
from qualityeval.services import released_reviews as review_services
from qualityeval.services import restatements
from qualityeval.services.proofs import NewProof

PAPERS = click.option("--paper", "papers", multiple=True, type=click.Path(path_type=Path), help="a PDF, Word file or picture; may be repeated")  # fmt: skip
MOST = 10_000


@click.group("objections")
def group() -> None:
    """Objections to notified grades."""


@group.command("list")
@click.argument("code")
@verb()
def listing(*, actor: Actor, now: datetime, code: str) -> Result:
    """The objections of the round CODE."""
    round_ = round_queries.by_code_for(actor, code)
    rows = queries.list_for(actor, round_, now=now, limit=MOST)
    return {"code": code, "until": queries.window_end(round_), "counts": queries.counts(round_), "objections": [
        {"case": row.case, "institution": row.institution, "state": row.state, "raised_at": row.raised_at,
         "decide_by": row.decide_by, "late": row.late}
        for row in rows
    ]}  # fmt: skip


@group.command("show")
@click.argument("code")
@click.argument("case")
@verb()
def show(*, actor: Actor, now: datetime, code: str, case: str) -> Result:
    """One objection: reasons, decision, results by step, outcome."""
    return _shown(actor, code, case, now)


@group.command("raise")
@click.argument("code")
@click.argument("case")
@click.option("--reason", required=True)
@PAPERS
@verb()
def bring(
    *, actor: Actor, now: datetime, code: str, case: str, reason: str, papers: Sequence[Path]
) -> Result:
    """Object to the notified grade of CASE, an own case, in the round CODE."""
    with transaction():
        _round, sampled, _case = notified.sampled_for(actor, _sampled(code, case).public_id)
        made = services.raise_objection(
            actor=actor, sampled=sampled, reason=reason, papers=papers_of(papers), now=now
        )
        return {"code": code, "case": case, "state": made.state, "papers": len(papers)}


@group.command("accept")
@click.argument("code")
@click.argument("case")
@click.option("--answer", default="")
@verb()
def accept(*, actor: Actor, now: datetime, code: str, case: str, answer: str) -> Result:
    """Take the objection up: an expert who hasn't read the file is drawn."""
    with transaction():
        services.accept(actor=actor, objection=_objection(actor, code, case), answer=answer, now=now)
    return _shown(actor, code, case, now)


@group.command("reject")
@click.argument("code")
@click.argument("case")
@click.option("--answer", required=True)
@click.option("--ground", default=Ground.OTHER.value, type=click.Choice([one.value for one in Ground]))
@verb()
def reject(*, actor: Actor, now: datetime, code: str, case: str, answer: str, ground: str) -> Result:
    """Don't take the objection up, on a ground and with the reason."""
    with transaction():
        objection = _objection(actor, code, case)
        services.reject(actor=actor, objection=objection, answer=answer, ground=ground, now=now)
    return _shown(actor, code, case, now)


@group.command("rule")
@click.argument("code")
@click.argument("case")
@click.option("--ruling", required=True)
@verb()
def rule(*, actor: Actor, now: datetime, code: str, case: str, ruling: str) -> Result:
    """Answer the outcome after the file was read anew."""
    with transaction():
        services.rule(actor=actor, objection=_objection(actor, code, case), ruling=ruling, now=now)
    return _shown(actor, code, case, now)


@click.group("restatement")
def restating() -> None:
    """Released figures: cases read anew, and the next version beside the old one."""


@restating.command("review")
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


@restating.command("show")
@click.argument("code")
@verb()
def restated(*, actor: Actor, now: datetime, code: str) -> Result:
    """Reviews, the proposal that waits, and all versions of the round CODE."""
    del now
    return _restated(actor, code)


@restating.command("propose")
@click.argument("code")
@click.option("--reason", required=True, help="is published")
@verb()
def propose(*, actor: Actor, now: datetime, code: str, reason: str) -> Result:
    """Propose to publish what reviews have changed; another manager issues it."""
    with transaction():
        round_ = round_queries.by_code_for(actor, code)
        restatements.propose(actor=actor, round_=round_, reason=reason, now=now)
    return _restated(actor, code)


@restating.command("issue")
@click.argument("code")
@verb()
def issue(*, actor: Actor, now: datetime, code: str) -> Result:
    """Publish what another manager has proposed."""
    with transaction():
        restatements.issue(actor=actor, round_=round_queries.by_code_for(actor, code), now=now)
    return _restated(actor, code)


@restating.command("drop")
@click.argument("code")
@verb()
def drop(*, actor: Actor, now: datetime, code: str) -> Result:
    """Take the proposal back."""
    with transaction():
        restatements.drop(actor=actor, round_=round_queries.by_code_for(actor, code), now=now)
    return _restated(actor, code)


@restating.command("version")
@click.argument("code")
@click.argument("number", type=int)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def version(*, actor: Actor, now: datetime, code: str, number: int, output: Path) -> Result:
    """Write version NUMBER of the published figures, byte for byte."""
    del now
    from qualityeval.cli.rounds import write_whole

    found = released_reviews.version_for(actor, round_queries.by_code_for(actor, code), number)
    write_whole(output, found.text.encode())
    return {"code": code, "version": number, "digest": found.digest, "file": str(output)}


@restating.command("verify")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
@speaking
def verify(*, files: tuple[Path, ...], as_json: bool) -> None:
    """Check versions of published figures, the first one first; needs no instance."""
    from qualityeval.cli.draws import read_whole, shown

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


def papers_of(paths: Sequence[Path]) -> list[NewProof]:
    try:
        return [NewProof(path.name, path.read_bytes()) for path in paths]
    except OSError as fault:
        raise InvalidInput(
            "file.unreadable", msg("文件打不开，请检查路径。"), where=str(fault.filename)
        ) from fault


def _sampled(code: str, case: str) -> SampledCase:
    found = db.session.execute(
        db.select(SampledCase)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Round, SampledCase.round_id == Round.id)
        .where(Round.code == code, FrameCase.key == case)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="case")
    return found


def _objection(actor: Actor, code: str, case: str) -> Objection:
    public_id = db.session.execute(
        db.select(Objection.public_id).where(Objection.sampled_case_id == _sampled(code, case).id)
    ).scalar_one_or_none()
    if public_id is None:
        raise NotFound(where="objection")
    return queries.get_for(actor, public_id)[1]


def _shown(actor: Actor, code: str, case: str, now: datetime) -> Result:
    found = queries.page_of(_objection(actor, code, case), now=now)
    return {
        "code": code, "case": found.row.case, "state": found.row.state, "reason": found.reason,
        "raised_at": found.row.raised_at, "decide_by": found.row.decide_by, "ground": found.ground or None,
        "answer": found.answer, "results": [
            {"step": step, "total": total, "grade": grade} for step, total, grade in found.results
        ],
        "outcome": found.outcome, "ruling": found.ruling or None,
        "papers": [{"name": one.file.name, "pages": one.pages, "sha256": one.sha256} for one in found.proofs],
    }  # fmt: skip


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
