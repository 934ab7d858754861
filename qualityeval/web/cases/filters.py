"""The list's filters: read from the address, shown as choices and as chips."""

from collections.abc import Mapping
from datetime import date

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from qualityeval.queries.cases import DEFAULT_SORT, SORTS, CaseFilters
from qualityeval.queries.institutions import InstitutionRow
from qualityeval.web.locale import choose_locale
from qualityeval.words.cases import CODES
from qualityeval.words.labels import Label

LONGEST_TEXT = 100
Choices = list[tuple[str, str]]


def asked() -> CaseFilters:
    """The filters of this address; what means nothing is passed over."""
    given = request.args
    return CaseFilters(
        institution=given.get("institution", "")[:20],
        case_type=_known(given, "case_type"),
        aid_form=_known(given, "aid_form"),
        stage=_known(given, "stage"),
        closed_from=_day(given.get("closed_from", "")),
        closed_to=_day(given.get("closed_to", "")),
        text=given.get("text", "").strip()[:LONGEST_TEXT],
    )


def asked_sort() -> str:
    """The order of this address."""
    sort = request.args.get("sort", DEFAULT_SORT)
    return sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT


def choices_of(name: str) -> Choices:
    """The codes of a field for its filter."""
    return [("", _("全部")), *((code, label.text(choose_locale())) for code, label in CODES[name].items())]


def place_choices(places: list[InstitutionRow]) -> Choices:
    """The institutions of the own subtree, indented by their depth."""
    return [("", _("全部")), *((p.public_id, "\u3000" * p.depth + p.name) for p in places)]


def chips(filters: CaseFilters, places: list[InstitutionRow]) -> list[tuple[str, list[str]]]:
    """What is set, in words, with the parameters to take away."""
    found: list[tuple[str, list[str]]] = []
    if filters.text:
        found.append((_("含“%(text)s”", text=filters.text), ["text"]))
    found += [(p.name, ["institution"]) for p in places if p.public_id == filters.institution]
    for name, value in (("case_type", filters.case_type), ("aid_form", filters.aid_form), ("stage", filters.stage)):  # fmt: skip
        if value:
            words: Mapping[str, Label] = CODES[name]
            found.append((words[value].text(choose_locale()), [name]))
    if filters.closed_from or filters.closed_to:
        first, last = filters.closed_from or "…", filters.closed_to or "…"
        found.append((_("结案 %(first)s 至 %(last)s", first=first, last=last), ["closed_from", "closed_to"]))
    return found


def _known(given: "MultiDict[str, str]", name: str) -> str:
    value = given.get(name, "")
    return value if value in CODES[name] else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
