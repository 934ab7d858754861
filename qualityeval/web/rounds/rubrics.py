"""Rubrics to be read, taken away and compared: those that come with the product and the own body's."""

from flask import Response, render_template, request
from flask_babel import gettext as _

from qualityeval.adapters.rubric_files import shipped
from qualityeval.adapters.rubric_tables import sheet_of
from qualityeval.authz import Permission
from qualityeval.core.rubric import show_points
from qualityeval.core.rubric_differences import differences
from qualityeval.core.staff_part import experts_part, staff_items
from qualityeval.queries import own_rubrics as queries
from qualityeval.web.attachments import attachment, workbook_file
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.rounds import bp
from qualityeval.web.rounds.rubric_told import compared, proposed
from qualityeval.words import rounds as words
from qualityeval.words import rubrics as rubric_words


@bp.get("/rubrics")
@requires(Permission.RUBRIC_READ)
def rubrics() -> str:
    """All of them."""
    return render_template(
        "rounds/rubrics.html", rubrics=shipped(), own=queries.list_for(acting()), words=words, locale=choose_locale()
    )  # fmt: skip


@bp.get("/rubrics/<key>")
@requires(Permission.RUBRIC_READ)
def rubric(key: str) -> str:
    """One version: grades, sections, items with their phrases and anchors, vetoes."""
    found = queries.rubric_for(acting(), key)
    own = queries.own_of(acting(), key)
    return render_template(
        "rounds/rubric.html",
        rubric=found,
        own=queries.line_of(own) if own else None,
        others=[one for one in _comparable() if one[0] != key],
        points=show_points,
        words=words,
        rubric_words=rubric_words,
        proposed=proposed,
        locale=choose_locale(),
    )


@bp.get("/rubrics/<key>/sheet")
@requires(Permission.RUBRIC_READ)
def rubric_sheet(key: str) -> str:
    """The sheet as an expert will see it; nothing typed into it is kept."""
    whole = queries.rubric_for(acting(), key)
    return render_template(
        "rounds/rubric_sheet.html", rubric=experts_part(whole), staff_items=list(staff_items(whole).values()),
        staff_open=True, show_points=show_points, proposed={}, progress=None, locale=choose_locale(),
    )  # fmt: skip


@bp.get("/rubrics/<key>/rubric.yaml")
@requires(Permission.RUBRIC_READ)
def rubric_yaml(key: str) -> Response:
    """Its YAML, finished or not."""
    text = queries.text_for(acting(), key)
    return attachment(text.encode(), name=f"{key}.yaml", kind="application/yaml")


@bp.get("/rubrics/<key>/rubric.xlsx")
@requires(Permission.RUBRIC_READ)
def rubric_workbook(key: str) -> Response:
    """Its rows as a workbook that the import takes back."""
    return workbook_file(f"{key}.xlsx", [sheet_of(queries.text_for(acting(), key), _("评分标准"))])


@bp.get("/rubrics/<key>/against")
@requires(Permission.RUBRIC_READ)
def rubric_against(key: str) -> str:
    """What it says otherwise than another version."""
    other = request.args.get("other", "")
    new = queries.rubric_for(acting(), key)
    old = queries.rubric_for(acting(), other)
    return render_template(
        "rounds/rubric_against.html", new=new, old=old, found=list(compared(differences(old, new))),
        locale=choose_locale(),
    )  # fmt: skip


def _comparable() -> list[tuple[str, str]]:
    """Versions to compare with: the own ones that are complete, then the shipped ones."""
    locale = choose_locale()
    own = [line.rubric for line in queries.list_for(acting()) if line.rubric]
    return [
        (one.key, f"{one.title.zh if locale == 'zh' else one.title.en} · {one.key}")
        for one in (*own, *shipped())
    ]
