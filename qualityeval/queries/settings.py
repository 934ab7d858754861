"""The settings in force."""

from sqlalchemy import select

from qualityeval.core.settings import NAMES, Settings, read
from qualityeval.database import db
from qualityeval.models import Setting


def current() -> Settings:
    """What holds now; one small read, so that a change has its effect at the next request."""
    rows = db.session.execute(select(Setting.name, Setting.value).where(Setting.name.in_(NAMES)))
    return read({row.name: row.value for row in rows})
