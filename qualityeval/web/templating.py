"""What every template can use."""

from typing import Any

from flask import Flask, current_app, g
from jinja2 import StrictUndefined

from qualityeval.authz import Permission, may
from qualityeval.web import grades
from qualityeval.web.assets import asset
from qualityeval.web.grades import grade_name, grade_order
from qualityeval.web.guards import current_actor
from qualityeval.web.locale import choose_locale
from qualityeval.web.navigation import menu_for
from qualityeval.words import moments


def can(permission: str, thing: Any = None) -> bool:
    """Whether to show a button; the guard behind it decides again."""
    return may(current_actor(), Permission(permission), thing)


def shared() -> dict[str, Any]:
    """The context of every page."""
    actor = current_actor()
    return {
        "actor": actor,
        "menu": menu_for(actor),
        "locale": choose_locale(),
        "organisation": str(getattr(g, "organisation", "")),
        "large_print": bool(getattr(g, "large_print", False)),
        "demo_banner": bool(current_app.config.get("DEMO")),
    }


def register_templating(app: Flask) -> None:
    """Globals and the strict handling of misspelt names."""
    app.jinja_env.globals.update(can=can, asset=asset)
    app.jinja_env.filters.update(
        day=moments.day,
        moment=moments.moment,
        number=moments.number,
        grade_name=grade_name,
        grade_order=grade_order,
        total_words=grades.total_words,
        total_in_points=grades.total_in_points,
    )
    app.jinja_env.undefined = StrictUndefined
    app.context_processor(shared)
