"""Files that go away after they were dealt: nobody reads them any more, what was submitted stays as evidence."""

from datetime import datetime

from sqlalchemy import delete, exists, select, update

from qualityeval.database import db
from qualityeval.models import ArbitrationNeed, Assignment, SampledCase, Sheet, SheetDraft


def take_back(sampled: SampledCase, *, now: datetime) -> int:
    """Take the file from its readers; how many assignments went.

    Assignments without a sheet go with their drafts. One whose sheet was returned stands as it was submitted, so
    that nobody waits for it; a need for an arbitrator is settled.
    """
    unread = select(Assignment.id).where(
        Assignment.sampled_case_id == sampled.id, ~exists().where(Sheet.assignment_id == Assignment.id)
    )
    ids = list(db.session.execute(unread).scalars())
    keep = {"synchronize_session": "fetch"}
    db.session.execute(delete(SheetDraft).where(SheetDraft.assignment_id.in_(ids)), execution_options=keep)
    db.session.execute(delete(Assignment).where(Assignment.id.in_(ids)), execution_options=keep)
    db.session.execute(
        update(Assignment)
        .where(Assignment.sampled_case_id == sampled.id, Assignment.state == "returned")
        .values(state="submitted"),
        execution_options=keep,
    )
    need = db.session.get(ArbitrationNeed, sampled.id)
    if need is not None and need.settled_at is None:
        need.settled_at = now
    db.session.flush()
    return len(ids)
