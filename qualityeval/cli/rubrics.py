"""`rubric list` and `rubric show`."""

from datetime import datetime

import click

from qualityeval.adapters.rubric_files import shipped, shipped_rubric
from qualityeval.authz import Actor, Permission, require
from qualityeval.cli.door import Result, verb
from qualityeval.core.rubric import rubric_show


@click.group("rubric")
def group() -> None:
    """Rubrics."""


@group.command("list")
@verb()
def listing(*, actor: Actor, now: datetime) -> Result:
    """The rubrics that can be named in a round."""
    del now
    require(actor, Permission.RUBRIC_READ)
    return {
        "rubrics": [
            {"code": rubric.code, "version": rubric.version, "title": rubric.title} for rubric in shipped()
        ]
    }


@group.command("show")
@click.argument("key", metavar="CODE@VERSION")
@verb()
def show(*, actor: Actor, now: datetime, key: str) -> Result:
    """One rubric with its sections, items, vetoes and bonus."""
    del now
    require(actor, Permission.RUBRIC_READ)
    return rubric_show(shipped_rubric(key))
