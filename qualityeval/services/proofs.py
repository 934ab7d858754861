"""Papers that come with an objection, a review or an answer: checked by the same reader as papers of a case, kept as they came.

They are shown as drawn pages only, like those.
"""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from qualityeval.adapters.pdf_pages import Checked, PaperReader, warm_reader
from qualityeval.authz import Actor
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.objection import MOST_PAPERS
from qualityeval.database import db
from qualityeval.models import FollowUp, Objection, Proof, ReleasedReview
from qualityeval.services import audit, files

PURPOSE = "proof"
MEDIA: Mapping[str, str] = {"pdf": "application/pdf", "image": "image/*"}
Matter = Objection | ReleasedReview | FollowUp
_COLUMNS: Mapping[type, str] = {
    Objection: "objection_id", ReleasedReview: "released_review_id", FollowUp: "follow_up_id"
}  # fmt: skip


@dataclass(frozen=True)
class NewProof:
    """A paper as it was chosen."""

    name: str
    content: bytes


def add_proofs(*, actor: Actor, matter: Matter, papers: Sequence[NewProof], now: datetime) -> list[Proof]:
    """Keep the papers with their matter; rights are the caller's to have checked.

    Refused, with the paper's name: what can't be read as PDF, Word or picture, and more than five for one matter.
    """
    if not papers:
        return []
    column = _COLUMNS[type(matter)]
    there = select(func.count()).select_from(Proof).where(getattr(Proof, column) == matter.id)
    if db.session.execute(there).scalar_one() + len(papers) > MOST_PAPERS:
        raise InvalidInput(
            "proof.most", msg("佐证材料最多%(most)s份，请合并成一个文件。"), where="files", most=MOST_PAPERS
        )
    with warm_reader() as reader:
        checked = [_checked(reader, paper) for paper in papers]
    rows = [
        _kept(actor, column, matter, paper, found, now) for paper, found in zip(papers, checked, strict=True)
    ]
    db.session.add_all(rows)
    db.session.flush()
    audit.record(
        actor, "proof.added", now=now, object_type=_object_type(matter), object_id=matter.public_id,
        sha256=[row.sha256 for row in rows],
    )  # fmt: skip
    return rows


def _checked(reader: PaperReader, paper: NewProof) -> Checked:
    with tempfile.NamedTemporaryFile(prefix="qe-proof-") as file:
        file.write(paper.content)
        file.flush()
        return reader.check(Path(file.name), where=paper.name)


def _kept(actor: Actor, column: str, matter: Matter, paper: NewProof, found: Checked, now: datetime) -> Proof:
    stored = files.store(
        actor=actor, name=paper.name, media_type=MEDIA[found.kind], purpose=PURPOSE, content=paper.content, now=now
    )  # fmt: skip
    return Proof(
        file_id=stored.id, sha256=hashlib.sha256(paper.content).hexdigest(), kind=found.kind, pages=found.pages,
        added_at=now, added_by_id=actor.account_id, **{column: matter.id},
    )  # fmt: skip


def _object_type(matter: Matter) -> str:
    return {"objection_id": "objection", "released_review_id": "released_review"}.get(
        _COLUMNS[type(matter)], "follow_up"
    )
