"""`objections …`: what institutions say of notified grades, and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from qualityeval.authz import Actor
from qualityeval.cli.door import Result, verb
from qualityeval.cli.files import PAPERS, papers_of
from qualityeval.core.errors import NotFound
from qualityeval.core.objection import Ground
from qualityeval.database import db, transaction
from qualityeval.models import FrameCase, Objection, Round, SampledCase
from qualityeval.queries import notified
from qualityeval.queries import objections as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.services import objections as services

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
