"""Keeping the figures of a released round, so that no reader waits for the counting."""

import json
from datetime import datetime

from sqlalchemy import delete

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db
from qualityeval.models import KeptResult, Round
from qualityeval.queries import item_counts, kept_results, result_pages, results


def keep(round_: Round, *, now: datetime) -> None:
    """Count the released round once and keep it in place of what was kept before.

    Part of the act that released or changed it, whose audit row says so. Figures kept earlier stop to count by
    themselves as soon as a result or a file event is added (`kept_results.stamp_of`).
    """
    db.session.execute(delete(KeptResult).where(KeptResult.round_id == round_.id))
    figures = {
        **result_pages.results_for(COMMAND_LINE, round_, by=tuple(result_pages.GROUPS)),
        kept_results.ITEMS: item_counts.as_kept(item_counts.counted([round_])),
    }
    db.session.add(
        KeptResult(
            round_id=round_.id, stamp=kept_results.stamp_of(round_), kept_at=now,
            figures=json.dumps(figures, ensure_ascii=False, separators=(",", ":")),
            rows=kept_results.rows_as_text(results.sample_of([round_])),
        )
    )  # fmt: skip
    db.session.flush()
