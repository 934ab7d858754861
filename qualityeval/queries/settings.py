"""The settings in force."""

from sqlalchemy import select

from qualityeval.core.settings import NAMES, Settings, read
from qualityeval.database import db
from qualityeval.models import Setting

NAMED = select(Setting.name, Setting.value).where(Setting.name.in_(NAMES))


def current() -> Settings:
    """What holds now; one small read, so that a change has its effect at the next request."""
    return read({row.name: row.value for row in db.session.execute(NAMED)})
