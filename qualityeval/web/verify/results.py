"""The public results of a round: what the last version says, which versions there are, each word for word."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.core.errors import NotFound
from qualityeval.extensions import limiter
from qualityeval.queries import public_results
from qualityeval.queries import published as queries
from qualityeval.queries.rubric_texts import grades_of
from qualityeval.web.attachments import attachment
from qualityeval.web.guards import public
from qualityeval.web.locale import choose_locale
from qualityeval.web.verify import bp
from qualityeval.words import result_lines as lines
from qualityeval.words import results as words

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
    grades, locale = _grades(figures), choose_locale()
    return render_template(
        "verify/results.html", row=row, figures=figures, last=versions[-1], grades=list(grades.values()),
        versions=[_said(one.content) | {"digest": one.digest, "issued_at": one.issued_at} for one in versions],
        tables=[
            (words.DIMENSIONS[of].text(locale), _lines(figures, table, list(grades))) for table, of in DIMENSIONS.items()
        ],
        whole=lines.result_line(figures["overall"], list(grades), locale, name=_("全部")),
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


def _grades(figures: Mapping[str, Any]) -> dict[str, str]:
    """By the names of the grades that occur, best first, what the reader calls them."""
    grades = grades_of(filter(None, figures["rubric_set"].split(", ")))
    said = lines.grade_words(grades, choose_locale())
    found = lines.counted(figures["overall"])  # a version's text has its keys sorted
    order = [*(name for name in said if name in found), *(name for name in found if name not in said)]
    return {name: said.get(name, name) for name in order}


def _lines(figures: Mapping[str, Any], table: str, grades: Sequence[str]) -> list[lines.ResultLine]:
    locale = choose_locale()
    return [
        lines.result_line(line, grades, locale, name=lines.group_name(DIMENSIONS[table], line, locale))
        for line in figures.get(table, ())
    ]


def _said(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": content["version"],
        "reason": content["reason"],
        "cases": content["cases"],
        "changes": len(content["changes"]),
    }
