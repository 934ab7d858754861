"""庭审旁听情况记录表: the ministry's form of a hearing observed, filled from its record, to be signed."""

from datetime import datetime
from pathlib import Path
from typing import Any

from qualityeval.adapters.typesetting import pdf
from qualityeval.core.free_text import without_numbers
from qualityeval.core.observation import score
from qualityeval.core.questionnaire import NOT_APPLICABLE, Question, Questionnaire
from qualityeval.core.rubric_parts import show_points
from qualityeval.models import Observation
from qualityeval.reports.certificate import day_zh
from qualityeval.words import channels as words

TEMPLATE = Path(__file__).with_suffix(".typ")
NOT_TOUCHED = "本次庭审未涉及"


def record_pdf(row: Observation, form: Questionnaire, *, made_at: datetime) -> bytes:
    """The PDF of a record; the same record at the same moment gives the same bytes."""
    return pdf(TEMPLATE, values(row, form), made_at=made_at)


def values(row: Observation, form: Questionnaire) -> dict[str, Any]:
    """Everything the template prints, as text; what isn't filled in stays empty for the pen."""
    case, result = row.case, score(form, row.answers)
    if row.closed_reason:
        total = f"不公开审理：{words.CLOSED_REASONS[row.closed_reason].zh}"
    elif result.total is None:
        total = words.SCORE_REASONS[result.reason].zh
    else:
        total = f"{show_points(result.total)} / 100"
    times = [f"{one:%H:%M}" if one else "" for one in (row.arrived_at, row.left_at)]
    return {
        "title": "庭审旁听情况记录表", "institution": case.institution.name, "code": case.number,
        "plan_digest_short": row.public_id, "case": case.number, "cause": case.cause,
        "provider": case.provider.name if case.provider else "",
        "practitioner": case.practitioner.name if case.practitioner else "", "court": row.court,
        "day": day_zh(row.hearing_on), "mode": words.MODES[row.mode].zh,
        "arrived": times[0], "left": times[1], "observer": row.observer.display_name, "total": total,
        "lines": [_line(number, one, row) for number, one in enumerate(form.asked(row.answers), start=1)],
    }  # fmt: skip


def _line(number: int, question: Question, row: Observation) -> dict[str, str]:
    given = row.answers.get(question.code, "")
    option = question.option(given)
    said = option.title.zh if option else NOT_TOUCHED if given == NOT_APPLICABLE else given
    return {
        "no": str(number),
        "question": question.title.zh,
        "said": without_numbers(said) if question.is_text else said,
        "note": without_numbers(row.notes.get(question.code, "")),
    }
