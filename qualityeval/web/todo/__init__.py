"""我的待办: what waits for the person who is signed in."""

from flask import Blueprint, render_template

from qualityeval.authz import Permission
from qualityeval.queries import todo as queries
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.todo import shown

bp = Blueprint("todo", __name__)


@bp.get("/")
@requires(Permission.SIGNED_IN)
def index() -> str:
    """The to-do page; every later feature adds its lines in queries.todo."""
    lines = shown.shown_lines(queries.lines_for(acting(), now=now()), now=now())
    return render_template(
        "todo/index.html", lines=lines, tiles=shown.tiles(acting(), now=now()),
        rounds=shown.running_rounds(acting()), released=shown.released_rounds(acting()),
        next_step=shown.next_step(acting()), facts=shown.facts(len(lines), now=now()),
    )  # fmt: skip
