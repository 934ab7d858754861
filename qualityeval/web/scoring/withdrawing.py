"""The expert takes the own sheet back, until it is used."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.database import transaction
from qualityeval.models import Assignment
from qualityeval.queries import sheets as queries
from qualityeval.services import scoring as services
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import words
from qualityeval.web.scoring import bp


@bp.post("/<public_id>/withdraw")
@requires(Permission.SHEET_WRITE)
def withdraw(public_id: str) -> Any:
    """Open the sheet again; what was submitted stays on record."""
    try:
        with transaction():
            line = queries.get_for(acting(), public_id)
            if not isinstance(line, Assignment):
                raise NotFound(where="assignment")
            services.withdraw_sheet(actor=acting(), assignment=line, now=now())
    except NotFound:
        raise
    except RuleViolation as refusal:
        flash(words(refusal), "danger")
    else:
        flash(_("评分表已撤回，改好以后请再提交。"), "success")
    return redirect(url_for("scoring.sheet", public_id=public_id), 303)
