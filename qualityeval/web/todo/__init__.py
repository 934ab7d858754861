"""我的待办: what waits for the person who is signed in."""

from flask import Blueprint, render_template

from qualityeval.authz import Permission
from qualityeval.queries import todo as queries
from qualityeval.web.guards import acting, now, requires

bp = Blueprint("todo", __name__)


@bp.get("/")
@requires(Permission.SIGNED_IN)
def index() -> str:
    """The to-do page; every later feature adds its lines in queries.todo."""
    return render_template("todo/index.html", lines=queries.lines_for(acting(), now=now()))
