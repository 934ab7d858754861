"""What an expert may read of the own severity in released rounds."""

from typing import Any

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.authz.policy import RELEASED
from qualityeval.core.distribution import SUPPRESS_BELOW
from qualityeval.database import db
from qualityeval.models import Assignment, Expert, Round
from qualityeval.queries import kept_results
from qualityeval.queries import result_rows as rows
from qualityeval.queries.assignments import FIRST_ROUND
from qualityeval.queries.expert_figures import model_of, severity_lines


def own_severity(actor: Actor) -> list[dict[str, Any]]:
    """The expert's own line of every released round that they scored in, the latest first; nobody else's.

    Only after the release, and from 5 sheets on: the difference from co-readers of fewer would give their marks
    away. Keys: round (public id), code, title, and those of `severity_lines`.
    """
    require(actor, Permission.SHEET_WRITE)
    mine = (
        select(Round)
        .where(
            Round.state.in_(RELEASED),
            Round.id.in_(
                select(Assignment.round_id)
                .join(Expert, Assignment.expert_id == Expert.id)
                .where(
                    Expert.code == actor.expert_code,
                    Assignment.state == "submitted",
                    Assignment.slot.in_(FIRST_ROUND),
                )
            ),
        )
        .order_by(Round.id.desc())
    )
    return [
        {"round": round_.public_id, "code": round_.code, "title": round_.title, **_own(actor, round_)}
        for round_ in db.session.execute(mine).scalars()
    ]


def _own(actor: Actor, round_: Round) -> dict[str, Any]:
    line = next(one for one in _lines(round_) if one["expert"] == actor.expert_code)
    if line["n"] < SUPPRESS_BELOW:
        return {**line, "raw": None, "adjusted": None, "se": None, "reason": "suppressed"}
    return line


def _lines(round_: Round) -> list[dict[str, Any]]:
    """Everybody's lines: as kept at the release, otherwise counted."""
    kept = kept_results.figures_kept([round_])
    if kept is not None:
        return list(kept["severity"])
    return severity_lines(model_of(rows.found_cases([round_]), rows.first_sheets([round_])))
