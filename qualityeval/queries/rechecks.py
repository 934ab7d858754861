"""What a recheck draws from and is compared with: the evaluated cases of named rounds of the same body."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.database import db
from qualityeval.models import Case, CaseResult, FrameCase, Round, SampledCase


def evaluated(round_: Round, codes: Sequence[str]) -> ColumnElement[bool]:
    """The case has a result in one of the rounds. Refuses a code that names no round of the body with results."""
    rounds = select(Round.id, Round.code).where(
        Round.code.in_(codes),
        Round.institution_id == round_.institution_id,
        Round.state != "withdrawn",
        exists().where(CaseResult.round_id == Round.id),
    )
    known = {code: id_ for id_, code in db.session.execute(rounds)}
    for code in codes:
        if code not in known:
            raise InvalidInput(
                "recheck.round",
                msg("“%(round)s”不是本机构有结果的批次，不能复查。"),
                where="rounds",
                round=code,
            )
    return exists().where(
        FrameCase.case_id == Case.id,
        SampledCase.frame_case_id == FrameCase.id,
        CaseResult.sampled_case_id == SampledCase.id,
        CaseResult.round_id.in_(known.values()),
    )
