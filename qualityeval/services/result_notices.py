"""Notices about grades, objections and releases to the institutions concerned: a code and a link, never a grade."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from qualityeval.core.codes import Role
from qualityeval.core.errors import msg
from qualityeval.database import db
from qualityeval.models import Account, Case, FrameCase, Objection, Round, SampledCase
from qualityeval.queries.objections import window_end
from qualityeval.services import notices

GRADES, RESULTS = "/grades", "/results"


def grades_notified(round_: Round, *, now: datetime) -> int:
    """The objection window is open, until which day; returns how many notices were left."""
    until = window_end(round_)
    text = msg("批次 %(round)s 的初评等次可以查看，%(day)s 之前可以提出异议。") % {
        "round": round_.code,
        "day": until,
    }
    return _tell(round_, cause=f"grades:{round_.public_id}", text=text, path=GRADES, now=now)


def results_released(round_: Round, *, now: datetime) -> int:
    """The round's results are out; returns how many notices were left."""
    text = msg("批次 %(round)s 的评估结果已经发布。") % {"round": round_.code}
    return _tell(round_, cause=f"released:{round_.public_id}", text=text, path=RESULTS, now=now)


def results_restated(round_: Round, number: int, *, now: datetime) -> int:
    """The round's figures were published once more; returns how many notices were left."""
    text = msg("批次 %(round)s 的评估结果已经更正，现为第 %(number)s 版，原版保留。") % {
        "round": round_.code,
        "number": number,
    }
    return _tell(round_, cause=f"restated:{round_.public_id}:{number}", text=text, path=RESULTS, now=now)


def objection_decided(round_: Round, objection: Objection, *, now: datetime) -> int:
    """There is a decision on an objection; whoever raised it is told too, where that was no liaison."""
    text = msg("批次 %(round)s 有一件异议已经作出决定，请查看。") % {"round": round_.code}
    return _tell_raisers(round_, objection, f"objection:{objection.public_id}", text, now)


def objection_ruled(round_: Round, objection: Objection, *, now: datetime) -> int:
    """The file was read anew and the outcome is explained."""
    text = msg("批次 %(round)s 有一件异议已经复核完毕，请查看答复。") % {"round": round_.code}
    return _tell_raisers(round_, objection, f"ruling:{objection.public_id}", text, now)


def _tell_raisers(round_: Round, objection: Objection, cause: str, text: str, now: datetime) -> int:
    accounts = list(_liaisons(_places(round_).where(SampledCase.id == objection.sampled_case_id)))
    raised_by = objection.raised_by
    if raised_by is not None and raised_by not in accounts:
        accounts.append(raised_by)
    return notices.tell(accounts=accounts, cause=cause, text=text, path=GRADES, now=now)


def _tell(round_: Round, *, cause: str, text: str, path: str, now: datetime) -> int:
    return notices.tell(accounts=_liaisons(_places(round_)), cause=cause, text=text, path=path, now=now)


def _places(round_: Round) -> Select[Any]:
    """Institutions with a drawn case of the round."""
    return (
        select(Case.institution_id)
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id)
    )


def _liaisons(places: Select[Any]) -> Iterable[Account]:
    return db.session.execute(
        select(Account).where(
            Account.role == Role.LIAISON, Account.active, Account.institution_id.in_(places)
        )
    ).scalars()
