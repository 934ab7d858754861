"""The public results of a round: what the last version says, which versions there are, each word for word."""

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.core.distribution import MISSING
from qualityeval.core.errors import NotFound
from qualityeval.extensions import limiter
from qualityeval.queries import public_results
from qualityeval.queries import published as queries
from qualityeval.queries.rubric_texts import grades_of
from qualityeval.web.attachments import attachment
from qualityeval.web.guards import public
from qualityeval.web.locale import choose_locale
from qualityeval.web.verify import bp
from qualityeval.words import results as words
from qualityeval.words.rounds import CASE_TYPES

TABLES = ("case_types", "institutions", "providers")
DIMENSIONS = {"case_types": "case_type", "institutions": "institution", "providers": "provider"}


@bp.get("/<name>/results")
@public
def results(name: str) -> Any:
    """The figures of the last version as tables, and all versions with what they changed."""
    row = queries.get(name)
    versions = public_results.versions_of(row.code)
    if name != row.name:
        return redirect(url_for("verify.results", name=row.name))
    figures = versions[-1].content["figures"]
    grades = _grades(figures)
    return render_template(
        "verify/results.html", row=row, figures=figures, last=versions[-1], grades=[label for _name, label in grades],
        versions=[_said(one.content) | {"digest": one.digest, "issued_at": one.issued_at} for one in versions],
        tables=[(words.DIMENSIONS[DIMENSIONS[name]].text(choose_locale()), _lines(figures, name, grades)) for name in TABLES],
        whole=_line({**figures["overall"], "name": _("全部")}, grades),
    )  # fmt: skip


@bp.get("/<name>/results.json")
@public
@limiter.limit("120 per minute")
def results_file(name: str) -> Response:
    """The version that `n` names (the last one without it), byte for byte as it was digested."""
    row = queries.get(name)
    versions = public_results.versions_of(row.code)
    asked = request.args.get("n", str(versions[-1].number))
    found = next((one for one in versions if str(one.number) == asked), None)
    if found is None:
        raise NotFound(where="version")
    content = found.text.encode()
    return attachment(content, name=f"{row.code}-results-{found.number}.json", kind="application/json")


def _grades(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names of the grades that occur, best first, with what the reader calls them."""
    known = {grade.name: grade for grade in grades_of(filter(None, figures["rubric_set"].split(", ")))}
    counted = [
        name for name, count in (figures["overall"]["grades"] or {}).items() if count or name != MISSING
    ]
    order = [*(name for name in known if name in counted), *(name for name in counted if name not in known)]
    english = choose_locale() == "en"
    said = {name: one.name_en for name, one in known.items() if english and one.name_en} | {
        MISSING: _("未提交案卷")
    }
    return [(name, said.get(name, name)) for name in order]


def _lines(figures: Mapping[str, Any], table: str, grades: list[tuple[str, str]]) -> list[dict[str, Any]]:
    named = [{**line, "name": _name(line, table)} for line in figures.get(table, ())]
    return [_line(line, grades) for line in named]


def _name(line: Mapping[str, Any], table: str) -> str:
    if table == "case_types" and line["code"] in CASE_TYPES:
        return CASE_TYPES[line["code"]].text(choose_locale())
    return str(line["name"]) or words.NO_PROVIDER.text(choose_locale())


def _line(line: Mapping[str, Any], grades: list[tuple[str, str]]) -> dict[str, Any]:
    counts = line["grades"]
    reason = words.REASONS[line["reason"]].text(choose_locale()) if line["reason"] else ""
    return {
        "name": line["name"], "n": line["n"], "N": line["N"],
        "counts": ["—" if counts is None else counts.get(name, 0) for name, _label in grades],
        "rate": words.percent(line["good_rate"]), "interval": words.between(line["interval"], choose_locale()),
        "reason": reason if line["good_rate"] is None else "",
    }  # fmt: skip


def _said(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": content["version"],
        "reason": content["reason"],
        "cases": content["cases"],
        "changes": len(content["changes"]),
    }
