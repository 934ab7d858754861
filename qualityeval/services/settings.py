"""Changing the settings."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.settings import checked
from qualityeval.database import db
from qualityeval.models import Setting
from qualityeval.queries import settings as queries
from qualityeval.services import audit


def change_settings(*, actor: Actor, values: Mapping[str, str], now: datetime) -> int:
    """Store the settings that differ from what holds; how many did. All or none.

    One event an altered setting, with its value before and after. Refuses an unknown name and a value
    outside its bounds, at the field that has it.
    """
    require(actor, Permission.SETTINGS_CHANGE)
    before = {name: str(value) for name, value in asdict(queries.current()).items()}
    after = {name: checked(name, text) for name, text in values.items()}
    changed = {name: text for name, text in after.items() if before[name] != text}
    for name, text in changed.items():
        row = db.session.get(Setting, name)
        if row is None:
            db.session.add(Setting(name=name, value=text, changed_at=now))
        else:
            row.value, row.changed_at = text, now
        audit.record(
            actor, "setting.changed", now=now, object_type="setting", object_id=name,
            before=before[name], after=text,
        )  # fmt: skip
    return len(changed)
