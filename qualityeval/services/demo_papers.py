"""Scanned-looking papers of the demonstration's round in scoring: a few dozen originals, each stored once for all
the cases that hold it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from importlib.resources import as_file
from importlib.resources import files as resources
from typing import Any

from sqlalchemy import insert, select

from qualityeval.adapters.scanned_look import scans
from qualityeval.core.catalogue import Line
from qualityeval.core.demo_papers import page_of
from qualityeval.core.demo_register import Chooser
from qualityeval.database import db
from qualityeval.models import Case, CaseFile, FrameCase, Round, SampledCase
from qualityeval.queries.accounts import actor_named
from qualityeval.queries.case_files import catalogue_of
from qualityeval.services import files
from qualityeval.services.case_files import MEDIA, PURPOSE

VARIANTS = 2
MISSING = 4  # of a hundred papers that must be there aren't
DOTS = 84
BLOCK = 2_000
Original = tuple[str, int]  # catalogue line, variant


def file_papers(*, code: str, seed: int, now: datetime) -> int:
    """File the papers that must be there for the drawn cases of a round, some of them missing; how many."""
    cases = db.session.execute(
        select(
            Case.id, Case.public_id, Case.case_type, Case.aid_form, Case.stage, Case.number, Case.closed_on
        )
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Round, SampledCase.round_id == Round.id)
        .where(Round.code == code)
        .order_by(Case.id)
    ).all()
    wanted = [(case, line, one) for case in cases for line, one in _papers(case, seed)]
    lines = {one: line for _case, line, one in wanted}
    kept = _originals(lines, seed, now)
    rows = [_row(case, line, kept[one]) for case, line, one in wanted]
    for start in range(0, len(rows), BLOCK):
        db.session.execute(insert(CaseFile), rows[start : start + BLOCK])
    return len(rows)


def _papers(case: Any, seed: int) -> Iterator[tuple[Line, Original]]:
    choose = Chooser(seed, f"papers {case.number}")
    for line in catalogue_of(case).lines:
        if line.must and not choose.chance(MISSING):
            yield line, (line.code, choose.below(VARIANTS))


def _originals(lines: dict[Original, Line], seed: int, now: datetime) -> dict[Original, Any]:
    """The stored file of each original, typeset in one go."""
    if not lines:
        return {}
    template = resources("qualityeval") / "reports" / "demo_papers.typ"
    pages = [page_of(lines[one].title.zh, key=one, seed=seed) for one in lines]
    with as_file(template) as path:
        drawn = scans(path, {"pages": pages}, seed=str(seed), dots_per_inch=DOTS)
    actor = actor_named("manager")
    kept = {}
    for one, content in zip(lines, drawn, strict=True):
        name = f"{lines[one].title.zh}.jpg"
        kept[one] = files.store(
            actor=actor, name=name, media_type=MEDIA["image"], purpose=PURPOSE, content=content, now=now
        )
    return kept


def _row(case: Any, line: Line, stored: Any) -> dict[str, Any]:
    return {
        "case_id": case.id, "volume": line.volume, "code": line.code, "title": "", "position": 1,
        "file_id": stored.id, "sha256": stored.sha256, "kind": "image", "pages": 1, "has_text_layer": False,
        "findings": [], "added_at": datetime.combine(case.closed_on, time(9), UTC), "added_after_draw": False,
    }  # fmt: skip
