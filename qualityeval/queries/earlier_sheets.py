"""The first-round sheets that an arbitrator is shown where the round says so: without names, in no order of slots."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import read_content
from qualityeval.core.side_by_side import ItemBeside, side_by_side
from qualityeval.core.spec_reading import parse_round_spec
from qualityeval.database import db
from qualityeval.models import Assignment, CalibrationSheet, Round, Sheet
from qualityeval.queries.assignments import FIRST_ROUND
from qualityeval.queries.sheets import OnDesk

ARBITRATION, SUBMITTED = "arbitration", "submitted"


@dataclass(frozen=True)
class Earlier:
    """Figures and opinions of the sheets in the same order as the columns of `items`."""

    totals: tuple[int | None, ...]
    grades: tuple[str, ...]
    overall: tuple[str, ...]
    vetoes: tuple[tuple[str, ...], ...]
    items: tuple[ItemBeside, ...]


def beside(assignment: OnDesk, rubric: Rubric) -> Earlier | None:
    """What the arbitrator sees of the sheets before; None for every other reader, and where the round is silent."""
    if isinstance(assignment, CalibrationSheet) or assignment.slot != ARBITRATION:
        return None
    if not parse_round_spec(load_text(db.session.get_one(Round, assignment.round_id).spec)).consensus.sees:
        return None
    sheets = _last_sheets(assignment.sampled_case_id)
    items = side_by_side(rubric, [read_content(sheet.content, rubric) for sheet in sheets])
    return Earlier(
        tuple(sheet.total for sheet in sheets), tuple(sheet.grade for sheet in sheets),
        tuple(sheet.overall for sheet in sheets), tuple(tuple(sheet.vetoes) for sheet in sheets), items,
    )  # fmt: skip


def _last_sheets(sampled_id: int) -> Sequence[Sheet]:
    rows = db.session.execute(
        select(Sheet)
        .join(Assignment, Sheet.assignment_id == Assignment.id)
        .where(
            Assignment.sampled_case_id == sampled_id, Assignment.slot.in_(FIRST_ROUND), Assignment.state == SUBMITTED
        )
        .order_by(Sheet.revision)
    ).scalars()  # fmt: skip
    last = {sheet.assignment_id: sheet for sheet in rows}
    return sorted(last.values(), key=lambda sheet: sheet.public_id)
