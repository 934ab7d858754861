"""The rubrics that come with the product, to be read."""

from flask import render_template

from qualityeval.adapters.rubric_files import shipped, shipped_rubric
from qualityeval.authz import Permission
from qualityeval.core.rubric import show_points
from qualityeval.web.guards import requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.rounds import bp
from qualityeval.words import rounds as words


@bp.get("/rubrics")
@requires(Permission.RUBRIC_READ)
def rubrics() -> str:
    """All of them."""
    return render_template("rounds/rubrics.html", rubrics=shipped(), words=words, locale=choose_locale())


@bp.get("/rubrics/<key>")
@requires(Permission.RUBRIC_READ)
def rubric(key: str) -> str:
    """One version: grades, sections, items, vetoes."""
    return render_template(
        "rounds/rubric.html",
        rubric=shipped_rubric(key),
        points=show_points,
        words=words,
        locale=choose_locale(),
    )
