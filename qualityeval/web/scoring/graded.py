"""The sheet's form under an indicator rubric: one choice an indicator, and the grade of the whole where it is given."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from qualityeval.core.grading import NOT_APPLICABLE
from qualityeval.core.rubric_parts import OVERALL_GRADE, Rubric

OWN, OWN_REASON = "own", "own-reason"


def marks_of(rubric: Rubric, form: MultiDict[str, str]) -> dict[str, dict[str, Any]]:
    """The posted choice, reason and pages of each indicator; one without any of these is left out."""
    return {code: mark for code in rubric.by_item if (mark := _mark(code, form))}


def _mark(code: str, form: MultiDict[str, str]) -> dict[str, Any]:
    chosen = form.get(f"grade-{code}", "").strip()
    mark: dict[str, Any] = {"na": True} if chosen == NOT_APPLICABLE else {"grade": chosen} if chosen else {}
    said = {name: form.get(f"{name}-{code}", "").strip() for name in ("reason", "page")}
    return mark | {name: text for name, text in said.items() if text}


def own_of(form: MultiDict[str, str]) -> dict[str, str] | None:
    """The grade that the expert gives the whole, with the reason."""
    own = {"grade": form.get(OWN, "").strip(), "reason": form.get(OWN_REASON, "").strip()}
    return own if any(own.values()) else None


def typed(content: Mapping[str, Any]) -> dict[str, str]:
    """Stored grades as the form's fields show them."""
    values = {}
    for code, mark in content.get("marks", {}).items():
        if mark.get("na") or mark.get("grade"):
            values[f"grade-{code}"] = NOT_APPLICABLE if mark.get("na") else mark["grade"]
    own = content.get("own") or {}
    return values | {name: own[key] for name, key in ((OWN, "grade"), (OWN_REASON, "reason")) if own.get(key)}


def field_of(where: str, rubric: Rubric) -> str:
    """The form field that a refusal's place belongs to, whatever the method.

    >>> from qualityeval.core.rubric import parse_rubric
    >>> field_of("veto:absent", None), field_of("overall-grade", None)
    ('veto-absent', 'own')
    """
    kind, _colon, code = where.partition(":")
    if kind in {"veto", "bonus"} and code:
        return f"{kind}-{code}"
    if where == OVERALL_GRADE:
        return OWN
    if not where:
        return ""
    return f"grade-{where}" if rubric.method == "indicator" else f"mark-{where}"
