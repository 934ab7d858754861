"""Handing in: by the institution itself, or written down by the owning body that receives the file."""

from datetime import date, datetime

from qualityeval.authz import Actor, Permission, may, require
from qualityeval.clock import office_date
from qualityeval.core import disposition
from qualityeval.core.disposition import HandIn
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.workflow import FileAct, RoundAct
from qualityeval.database import db
from qualityeval.models import FileEvent, Round, SampledCase
from qualityeval.queries import call_in as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.case_files import papers_digest
from qualityeval.services import audit, dealing
from qualityeval.services.file_events import add_event, case_of, hold

PAPERS, DECLARED = "papers", "declared"


def hand_in(
    *, actor: Actor, sampled: SampledCase, pages: int | str, now: datetime, handed_in_on: date | None = None,
    digest: str = "", note: str = "",
) -> FileEvent:  # fmt: skip
    """A drawn file is handed in with so many pages; a round that is dealt deals it by itself.

    The digest is over the papers stored for the case, where there are any, else as declared. The institution's
    own day of hand-in is today; the owning body may write down an earlier one.
    """
    round_ = db.session.get_one(Round, sampled.round_id)
    _require(actor, round_, sampled)
    round_ = hold(sampled, RoundAct.HAND_IN)
    day = handed_in_on if may(actor, Permission.CALL_IN_MANAGE, round_) else office_date(now)
    made = write_down(
        actor=actor, round_=round_, sampled=sampled, pages=pages, handed_in_on=day, digest=digest, note=note,
        now=now,
    )  # fmt: skip
    dealing.deal_late(actor=actor, round_=round_, now=now)
    return made


def write_down(
    *, actor: Actor, round_: Round, sampled: SampledCase, pages: int | str, handed_in_on: date | None,
    digest: str, note: str, now: datetime,
) -> FileEvent:  # fmt: skip
    """One hand-in, checked and recorded; the caller holds the round, has asked for the right, and deals."""
    if queries.terms_of(round_).call_in == "none":
        raise WrongState("call_in.none", msg("这个批次不调卷，案卷不用交。"), where="file")
    found = check(
        round_=round_, pages=pages, handed_in_on=handed_in_on, digest=digest, note=note, now=now
    )  # fmt: skip
    value, of = digest_of(sampled, found.digest)
    made = add_event(
        actor=actor, sampled=sampled, act=FileAct.HAND_IN, pages=found.pages, handed_in_on=found.handed_in_on,
        digest=value, digest_of=of, note=found.note, now=now,
    )  # fmt: skip
    audit.record(
        actor, "file.handed_in", now=now, object_type="drawn_file", object_id=sampled.public_id,
        pages=found.pages, digest=value,
    )  # fmt: skip
    return made


def check(
    *, round_: Round, pages: int | str, handed_in_on: date | None, digest: str, note: str, now: datetime
) -> HandIn:
    """The fields of a hand-in; a file can't have come before the draw."""
    drawn = round_queries.draw_of(round_)
    return disposition.hand_in(
        pages=pages, handed_in_on=handed_in_on, today=office_date(now), digest=digest, note=note,
        called_in_on=office_date(drawn.drawn_at) if drawn else None,
    )  # fmt: skip


def digest_of(sampled: SampledCase, declared: str) -> tuple[str, str]:
    """(digest, what it is of): the stored papers' content hash where there are any, else the declared one."""
    stored = papers_digest(case_of(sampled))
    if stored.papers:
        return stored.digest, PAPERS
    return declared, DECLARED if declared else ""


def _require(actor: Actor, round_: Round, sampled: SampledCase) -> None:
    if not may(actor, Permission.CALL_IN_MANAGE, round_):
        require(actor, Permission.FILE_HAND_IN, case_of(sampled))
