"""The lines about the case itself in the opinion on it."""

from datetime import date

from qualityeval.models import Case
from qualityeval.reports.certificate import day_zh
from qualityeval.words.rounds import AID_FORMS, CASE_TYPES, STAGES


def case_lines(case: Case) -> list[tuple[str, str]]:
    """What kind of case it is and who had it; the recipient isn't named."""
    kinds = [CASE_TYPES[case.case_type].zh, AID_FORMS[case.aid_form].zh]
    if case.stage != "none":
        kinds.append(STAGES[case.stage].zh)
    return [
        ("案号", case.number), ("法律援助机构", case.institution.name), ("类别", "、".join(kinds)), ("案由", case.cause),
        ("办案机关", case.organ), ("承办单位", case.provider.name if case.provider else ""),
        ("承办人", case.practitioner.name if case.practitioner else ""), ("受理日期", _day(case.accepted_on)),
        ("指派日期", _day(case.assigned_on)), ("结案日期", _day(case.closed_on)),
    ]  # fmt: skip


def _day(day: date | None) -> str:
    return day_zh(day) if day else ""
