"""Recusal once more, at every save: the registers may have changed since the file was dealt."""

from qualityeval.core import recusal
from qualityeval.core.errors import NotAllowed, msg
from qualityeval.database import db
from qualityeval.models import Assignment, Round
from qualityeval.queries import assignments as queries
from qualityeval.services.deal_basis import rules_of
from qualityeval.services.rounds import read_spec


class Recused(NotAllowed):
    """The expert must not read this case any more; a manager deals it to somebody else."""

    code = "sheet.recused"
    text = msg("按现在的登记，您应当回避这件案件，不能再评分。请告诉质量管理员另行派案。")


def refuse_recused(assignment: Assignment) -> None:
    """Recused where expert and case, as registered now, fall under a rule of the round."""
    round_ = db.session.get_one(Round, assignment.round_id)
    judge, matter = queries.parties(assignment)
    if recusal.reasons(judge, matter, rules_of(read_spec(round_.spec))):
        raise Recused(where="case")
