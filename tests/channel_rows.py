"""Records of the other channels for tests: rows only; stories go through the services."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from qualityeval.adapters.form_files import CALLBACK, OBSERVATION, OPINION
from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import (
    Account,
    Callback,
    Campaign,
    Case,
    FollowUp,
    Institution,
    Observation,
    ObservationPhoto,
    OrganOpinion,
    RecipientLink,
)
from qualityeval.services import audit, files
from tests.factories import NOW
from tests.papers import scan

_numbers = count(1)


def create_observation(*, case: Case, account: Account, **fields: Any) -> Observation:
    """A planned hearing of today."""
    defaults = {"hearing_on": date(2026, 11, 25), "court": "临州市中级人民法院第三法庭", "planned_at": NOW}
    with transaction() as session:
        row = Observation(case_id=case.id, observer_id=account.id, form=OBSERVATION, **{**defaults, **fields})
        session.add(row)
        audit.record(COMMAND_LINE, "observation.planned", now=NOW, object_type="observation")
    return db.session.get_one(Observation, row.id)


def create_photo(*, observation: Observation) -> ObservationPhoto:
    """A picture of the hearing, four grey pixels of JPEG."""
    with transaction() as session:
        stored = files.store(
            actor=COMMAND_LINE, name="photo.jpg", media_type="image/jpeg", purpose="observation_photo",
            content=scan(size=(2, 2), form="JPEG"), now=NOW,
        )  # fmt: skip
        row = ObservationPhoto(
            observation_id=observation.id, file_id=stored.id, sha256=stored.sha256, added_at=NOW
        )
        session.add(row)
        audit.record(COMMAND_LINE, "observation.photographed", now=NOW, object_type="observation")
    return db.session.get_one(ObservationPhoto, row.id)


def create_callback(*, case: Case, account: Account | None = None, **fields: Any) -> Callback:
    """A recipient on a list."""
    defaults = {"listed_at": NOW, "place": next(_numbers)}
    with transaction() as session:
        row = Callback(
            case_id=case.id,
            caller_id=account.id if account else None,
            form=CALLBACK,
            **{**defaults, **fields},
        )
        session.add(row)
        audit.record(COMMAND_LINE, "callbacks.listed", now=NOW, object_type="callback")
    return db.session.get_one(Callback, row.id)


def create_campaign(*, institution: Institution, **fields: Any) -> Campaign:
    """A campaign without a task, open."""
    defaults = {
        "title": "三季度", "closed_from": date(2026, 7, 1), "closed_to": date(2026, 9, 30), "rate": "1/10",
        "seed": "5" * 64, "sizes": [{"key": institution.code, "N": 30, "n": 3}], "opened_at": NOW,
    }  # fmt: skip
    with transaction() as session:
        row = Campaign(institution_id=institution.id, **{**defaults, **fields})
        session.add(row)
        audit.record(COMMAND_LINE, "callbacks.listed", now=NOW, object_type="campaign")
    return db.session.get_one(Campaign, row.id)


def create_opinion(*, case: Case, **fields: Any) -> OrganOpinion:
    """A request whose link lives for two weeks."""
    defaults = {
        "organ": "临州市中级人民法院",
        "asked_by": "m",
        "asked_at": NOW,
        "expires_at": NOW + timedelta(days=15),
    }
    with transaction() as session:
        row = OrganOpinion(case_id=case.id, form=OPINION, **{**defaults, **fields})
        session.add(row)
        audit.record(COMMAND_LINE, "opinion.asked", now=NOW, object_type="opinion")
    return db.session.get_one(OrganOpinion, row.id)


def create_link(*, callback: Callback, **fields: Any) -> RecipientLink:
    """A link that lives for a week."""
    with transaction() as session:
        row = RecipientLink(
            **{
                "callback_id": callback.id,
                "sent_by": "m",
                "sent_at": NOW,
                "expires_at": NOW + timedelta(days=7),
                **fields,
            }
        )
        session.add(row)
        audit.record(COMMAND_LINE, "link.sent", now=NOW, object_type="callback")
    return db.session.get_one(RecipientLink, row.id)


def create_follow_up(*, case: Case, **fields: Any) -> FollowUp:
    """A request for papers to the case's institution, with a fortnight to go."""
    number = next(_numbers)
    defaults = {
        "kind": "papers", "source": "archive", "source_key": f"archive-{number}", "opened_at": NOW,
        "institution_id": case.institution_id, "due_on": NOW.date() + timedelta(days=14), "note": "缺庭审笔录",
    }  # fmt: skip
    with transaction() as session:
        row = FollowUp(case_id=case.id, **{**defaults, **fields})
        session.add(row)
        audit.record(COMMAND_LINE, "follow_up.opened", now=NOW, object_type="follow_up")
    return db.session.get_one(FollowUp, row.id)


FULL_MARKS = {
    "attended": "same", "punctual": "excellent", "papers": "excellent", "dress": "excellent",
    "knows_file": "excellent", "outline": "excellent", "questions": "excellent", "objects": "excellent",
    "proof": "excellent", "challenge": "excellent", "line": "excellent", "law": "excellent", "reply": "excellent",
    "respect": "excellent", "care": "excellent", "surprises": "excellent",
}  # fmt: skip
CONTENT = {
    "who": "recipient", "contact_given": "yes", "met_times": "twice", "risks_told": "yes", "progress_told": "yes",
    "attended": "always", "rights_told": "yes", "papers_given": "yes", "money_asked": "no", "attitude": "very",
    "communication": "satisfied", "protection": "satisfied", "case_outcome": "fairly", "overall": "satisfied",
    "complaint": "no",
}  # fmt: skip
PRAISE = {
    "order": "good", "respect": "good", "dress": "na", "expression": "fairly_good", "line": "good",
    "citation": "fair", "change": "na", "earnest": "good", "dutiful": "poor", "adopted": "part",
}  # fmt: skip
