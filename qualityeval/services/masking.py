"""Hiding by hand, and showing after all: names, areas of a page, and pages shown to one reader with a reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.exc import StaleDataError

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, NotFound, Stale, msg
from qualityeval.core.pseudonyms import KINDS, SHORTEST, squeezed
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    Case,
    CaseFile,
    FrameCase,
    MaskedName,
    MaskedPage,
    PageReading,
    Round,
    SampledCase,
    Unmasking,
)
from qualityeval.queries import masking as queries
from qualityeval.services import audit

LONGEST_NAME, MOST_AREAS = 100, 60
SHORTEST_REASON, LONGEST_REASON = 4, 200
OUTSIDE = msg("遮盖的区域要写成 0 到 100 的百分比，并在页面之内。")
WHOLE = 1000  # an area is given in thousandths of the page

Area = tuple[int, int, int, int]


def add_name(*, actor: Actor, case: Case, kind: str, text: str, now: datetime) -> MaskedName:
    """Hide a name wherever it stands in the case's papers, or (`kept`) stop hiding what is no name."""
    require(actor, Permission.PAPERS_KEEP, case)
    bare = squeezed(text)
    if kind not in KINDS:
        raise InvalidInput("masking.kind", msg("请选择这是谁的名称。"), where="kind")
    if not SHORTEST <= len(bare) <= LONGEST_NAME:
        raise InvalidInput("masking.name", msg("名称要有 2 到 100 个字。"), where="text")
    row = db.session.execute(
        select(MaskedName).where(MaskedName.case_id == case.id, MaskedName.text == bare)
    ).scalar_one_or_none()
    if row is None:
        row = MaskedName(case_id=case.id, text=bare, kind=kind, added_at=now, added_by_id=actor.account_id)
        db.session.add(row)
    else:
        row.kind = kind
    db.session.flush()
    audit.record(
        actor, "masking.name_kept" if kind == "kept" else "masking.name_added", now=now, object_type="case",
        object_id=case.public_id, kind=kind,
    )  # fmt: skip
    return row


def look_at_page(
    *, actor: Actor, paper: CaseFile, page: int, areas: Sequence[Area], seen_version: int, now: datetime
) -> MaskedPage:
    """Say that a person looked at the page: these areas are painted over, the rest may be shown.

    Refuses a page that isn't there, areas outside the page, and a page that somebody else looked at meanwhile.
    """
    require(actor, Permission.PAPERS_KEEP, paper.case)
    if not 1 <= page <= paper.pages:
        raise NotFound(where="page")
    kept = [list(_checked(area)) for area in areas]
    if len(kept) > MOST_AREAS:
        raise InvalidInput("masking.areas", msg("一页最多遮盖 %(most)s 处。"), where="areas", most=MOST_AREAS)
    row = queries.page_row(paper, page)
    if (row.version if row else 0) != seen_version:
        raise Stale("masking.changed", msg("这一页刚才被别人改过。请刷新后再看。"))
    if row is None:
        row = MaskedPage(case_file_id=paper.id, page=page)
        db.session.add(row)
    row.areas, row.looked_at, row.looked_by_id = kept, now, actor.account_id
    try:
        db.session.flush()
    except StaleDataError:
        raise Stale("masking.changed", msg("这一页刚才被别人改过。请刷新后再看。")) from None
    audit.record(
        actor, "masking.page_looked_at", now=now, object_type="case", object_id=paper.case.public_id,
        code=paper.code, page=page, areas=len(kept),
    )  # fmt: skip
    return row


def unmask(
    *, actor: Actor, round_: Round, assignment: Assignment, paper: CaseFile, page: int, reason: str, now: datetime
) -> Unmasking:  # fmt: skip
    """Show one page to one reader as it is, with a reason; never taken back, the reader has seen it."""
    require(actor, Permission.ROUND_ASSIGN, round_)
    words = " ".join(reason.split())
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise InvalidInput(
            "masking.no_reason", msg("请写明理由，4 到 200 个字；理由会记入审计日志。"), where="reason"
        )
    if not 1 <= page <= paper.pages or paper.case_id != _case_of(assignment):
        raise NotFound(where="page")
    if (paper.id, page) in queries.shown_pages(assignment.id):
        raise InvalidInput("masking.shown", msg("这一页已经给这位专家看原样了。"), where="page")
    row = Unmasking(
        assignment_id=assignment.id, case_file_id=paper.id, page=page, reason=words, shown_at=now,
        shown_by_id=actor.account_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor, "masking.unmasked", now=now, object_type="assignment", object_id=assignment.public_id, code=paper.code,
        page=page, reason=words,
    )  # fmt: skip
    return row


def note_reading(*, actor: Actor, assignment_id: int, paper_id: int, page: int, now: datetime) -> None:
    """The read log: this expert opened this page of this paper."""
    require(actor, Permission.SIGNED_IN)
    key = {"assignment_id": assignment_id, "case_file_id": paper_id, "page": page}
    row = db.session.get(PageReading, key)
    if row is not None:
        row.last_at = now
        db.session.flush()
        return
    # the same page twice at the same moment is noted once
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    db.session.execute(
        dialect.insert(PageReading).values(**key, first_at=now, last_at=now).on_conflict_do_nothing()
    )


def _case_of(assignment: Assignment) -> int:
    return db.session.execute(
        select(FrameCase.case_id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.id == assignment.sampled_case_id)
    ).scalar_one()


def _checked(area: Area) -> Area:
    left, top, width, height = area
    if min(area) < 0 or width == 0 or height == 0 or left + width > WHOLE or top + height > WHOLE:
        raise InvalidInput("masking.area", OUTSIDE, where="areas")
    return area
