"""What an audit event holds, in words: the label of each field, and the words of its coded values.

lines_of(action, text, locale)   the detail of an event as (label, value) pairs; what is empty is left out
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from qualityeval.core.rubric_parts import show_points
from qualityeval.words import (
    api,
    appointments,
    calibration,
    channels,
    composite,
    follow_ups,
    interests,
    objections,
    people,
    results,
    rounds,
    targeted,
)
from qualityeval.words.audit_labels import FIELDS
from qualityeval.words.labels import Label
from qualityeval.words.moments import number

Labels = Mapping[str, Label]

YES_NO: Mapping[bool, Label] = {True: Label("是", "Yes"), False: Label("否", "No")}
LANGUAGES: Labels = {"zh": Label("中文", "Chinese"), "en": Label("英文", "English")}
COPIES: Labels = {
    "office": Label("留存本", "The office's copy"),
    "institution": Label("给机构的", "The institution's copy"),
}
POINTS = frozenset({"total", "score"})  # hundredths
EXACT = frozenset({"seed", "page", "version", "revision", "level", "attempt"})  # digits as they are
# by field, or by kind of action and field; where a value is a list or has keys, the words of what stands in it
VALUES: Mapping[str, Labels] = {
    "account.before": people.ROLES, "role": people.ROLES, "round.before": rounds.STATES, "locale": LANGUAGES,
    "scopes": api.SCOPES, "copy": COPIES, "aid_form": rounds.AID_FORMS, "outcome": channels.OUTCOMES,
    "objection.outcome": objections.OUTCOMES, "means": channels.MEANS, "way": channels.WAYS, "via": channels.VIAS,
    "end": channels.LINK_ENDS, "left_out": channels.LEFT_OUT, "ground": objections.GROUNDS,
    "basis": objections.REVIEW_BASES, "model_case.state": objections.MODEL_STATES, "watch.state": appointments.WATCH_STATES,
    "circular.state": results.STATES, "act": appointments.WATCH_ACTS, "weights": composite.PARTS, "step": objections.RESULT_STEPS,
    "reasons": rounds.NEEDS, "follow_up.kind": follow_ups.KINDS, "follow_up.source": follow_ups.SOURCES,
    "interest.kind": interests.KINDS, "interest.source": interests.SOURCES, "reference.source": calibration.SOURCES,
    "file.answer": interests.ANSWERS, "targeted.cases": targeted.RULES, "alarms": channels.MARKS,
    "setting.before": people.SETTINGS,
}  # fmt: skip


def lines_of(action: str, text: str, locale: str) -> list[tuple[str, str]]:
    """The detail of an event, field by field in the order it was written.

    >>> lines_of("sheet.submitted", '{"grade":"良好","total":8650,"note":null}', "zh")
    [('等次', '良好'), ('得分', '86.5')]
    >>> lines_of("account.role_granted", '{"before":"expert","role":"manager"}', "en")
    [('Before', 'Expert'), ('Role', 'Quality manager')]
    """
    told = json.loads(text or "{}")
    if not isinstance(told, dict):
        return [("", str(told))]
    return list(_lines(action.partition(".")[0], told, locale))


def _lines(kind: str, told: Mapping[str, Any], locale: str) -> Iterator[tuple[str, str]]:
    for name, value in told.items():
        said = _said(kind, name, value, locale)
        if said:
            yield _word(FIELDS, f"{kind}.{name}" if f"{kind}.{name}" in FIELDS else name, locale), said


def _said(kind: str, name: str, value: Any, locale: str) -> str:
    words = VALUES.get(f"{kind}.{name}") or VALUES.get(name) or {}
    join, colon = (", ", ": ") if locale == "en" else ("、", "：")
    if isinstance(value, bool):
        return YES_NO[value].text(locale)
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        return (join if locale == "en" else "；").join(
            f"{_word(words or FIELDS, key, locale)}{colon}{said}"
            for key, one in value.items()
            if (said := _said(kind, key, one, locale))
        )
    if isinstance(value, list):
        return join.join(_said(kind, name, one, locale) for one in value)
    if isinstance(value, int):
        return show_points(value) if name in POINTS else str(value) if name in EXACT else number(value)
    return _word(words, str(value), locale)


def _word(words: Labels, code: str, locale: str) -> str:
    """The word of a code; the code itself where a later version wrote it, or where it is no code."""
    label = words.get(code)
    return label.text(locale) if label else code
