"""The system administrator's settings."""

from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.settings import NAMES
from qualityeval.database import transaction
from qualityeval.queries import settings as queries
from qualityeval.services import settings as services
from qualityeval.web.admin import bp
from qualityeval.web.admin.forms import settings_form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import place


@bp.route("/settings", methods=["GET", "POST"])
@requires(Permission.SETTINGS_CHANGE)
def settings() -> Any:
    """The settings in force; a change holds from the next request on, for open sessions too."""
    form = settings_form()(**{name: str(value) for name, value in asdict(queries.current()).items()})
    if not form.validate_on_submit():
        return render_template("admin/settings.html", form=form), 422 if form.errors else 200
    try:
        with transaction():
            changed = services.change_settings(
                actor=acting(), values={name: form[name].data or "" for name in NAMES}, now=now()
            )
    except RuleViolation as refusal:
        place(form, refusal)
        return render_template("admin/settings.html", form=form), 422
    flash(_("设置已保存，现在起生效。") if changed else _("没有改动。"), "success" if changed else "info")
    return redirect(url_for("admin.settings"), 303)
