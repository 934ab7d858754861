"""Written opinions of one practitioner within a round that are near copies: a hint for its managers."""

from dataclasses import dataclass

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.near_copies import Likeness, likeness
from qualityeval.database import db
from qualityeval.models import Case, CaseFile, FrameCase, Round, SampledCase, StoredFile
from qualityeval.services.paper_pages import Kept, texts_of

OPINIONS = ("argument", "legal-opinion")
MOST = 40  # opinions of others that one is held against


@dataclass(frozen=True)
class NearCopy:
    """Another case whose opinion is a near copy of this one's."""

    number: str
    found: Likeness


def near_copies_of(*, actor: Actor, round_: Round, sampled: SampledCase) -> list[NearCopy]:
    """The near copies among the same practitioner's drawn cases, the nearest first; scans without text aren't seen."""
    require(actor, Permission.ROUND_ASSIGN, round_)
    case = db.session.execute(
        select(Case)
        .join(FrameCase, FrameCase.case_id == Case.id)
        .where(FrameCase.id == sampled.frame_case_id)
    ).scalar_one()
    own = _opinions(round_, case, own=True)
    if case.practitioner_id is None or not own:
        return []
    pairs = [
        NearCopy(number, likeness(text, other))
        for _n, text in own
        for number, other in _opinions(round_, case, own=False)
    ]
    near = [pair for pair in pairs if pair.found.is_near]
    return sorted(near, key=lambda pair: (-(pair.found.share or 0), pair.number))


def _opinions(round_: Round, case: Case, *, own: bool) -> list[tuple[str, str]]:
    """Case numbers and texts of the opinions of this case, or of the practitioner's others in the round."""
    query = (
        select(Case.number, CaseFile.sha256, StoredFile.public_id, CaseFile.pages)
        .join(CaseFile, CaseFile.case_id == Case.id)
        .join(StoredFile, CaseFile.file_id == StoredFile.id)
        .where(CaseFile.code.in_(OPINIONS), CaseFile.removed_at.is_(None), CaseFile.has_text_layer)
        .order_by(Case.number, CaseFile.id)
        .limit(MOST)
    )
    if own:
        query = query.where(Case.id == case.id)
    else:
        drawn = (
            select(FrameCase.case_id)
            .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
            .where(SampledCase.round_id == round_.id)
        )
        query = query.where(
            Case.practitioner_id == case.practitioner_id, Case.id != case.id, Case.id.in_(drawn)
        )
    return [
        (number, "\n".join(texts_of(Kept(sha256, stored, pages))))
        for number, sha256, stored, pages in db.session.execute(query)
    ]
