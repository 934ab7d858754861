"""The programs' interface `/api/v1`: registers in, released results out, described by OpenAPI."""

from flask import Flask
from flask_smorest import Api, Blueprint

from qualityeval.extensions import csrf

TITLE, VERSION, OPENAPI = "qualityeval", "v1", "3.1.0"
bp = Blueprint("api", __name__, url_prefix="/api/v1", description="Registers in, released results out")
csrf.exempt(bp)  # no cookie opens these doors: each request carries its token


class _Api(Api):
    """Describes; refusals are told by this blueprint's own handlers and those of the pages."""

    def _register_error_handlers(self) -> None:
        """None for the whole application: a page answers with a page."""


def register_api(app: Flask) -> None:
    """Put the interface on the application."""
    for name, value in (("API_TITLE", TITLE), ("API_VERSION", VERSION), ("OPENAPI_VERSION", OPENAPI)):
        app.config.setdefault(name, value)
    api = _Api(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    api.register_blueprint(bp)


from qualityeval.web.api import description, door, registers, results  # noqa: E402, F401 -- they need the blueprint
