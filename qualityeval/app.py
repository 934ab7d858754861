"""create_app: put configuration, extensions, pages and errors together."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from qualityeval.database import configure_engine, db
from qualityeval.extensions import babel, csrf, limiter, migrate
from qualityeval.web import register_pages
from qualityeval.web.locale import choose_locale, choose_timezone

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: Mapping[str, Any]) -> Flask:
    """The application for one configuration; nothing is read from the environment here."""
    app = create_core(config)
    limiter.init_app(app)
    register_pages(app)
    csrf.init_app(app)  # after the pages: a form refused for its token is answered knowing who sent it
    return app


def create_core(config: Mapping[str, Any]) -> Flask:
    """The application without its pages: all that a verb of the command line needs, in half the time."""
    app = Flask("qualityeval", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.from_mapping(config)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(ROOT / "qualityeval" / "translations"))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=choose_locale, timezone_selector=choose_timezone)
    return app
