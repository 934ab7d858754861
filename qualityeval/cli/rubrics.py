"""`rubric list`, `show`, `import`, `export` and `diff`."""

from datetime import datetime
from pathlib import Path

import click

from qualityeval.adapters.rubric_files import shipped
from qualityeval.adapters.rubric_tables import mapping_of, sheet_of
from qualityeval.adapters.workbook_out import write_workbook
from qualityeval.authz import Actor, Permission, require
from qualityeval.cli.door import Result, verb
from qualityeval.core.errors import NotFound, msg
from qualityeval.core.rubric import rubric_show
from qualityeval.core.rubric_differences import differences
from qualityeval.database import db, transaction
from qualityeval.models import Institution
from qualityeval.queries import own_rubrics as queries
from qualityeval.services import own_rubrics as services


@click.group("rubric")
def group() -> None:
    """Rubrics."""


@group.command("list")
@verb()
def listing(*, actor: Actor, now: datetime) -> Result:
    """The rubrics that can be named in a round."""
    del now
    require(actor, Permission.RUBRIC_READ)
    own = [line.rubric for line in queries.list_for(actor) if line.rubric]
    return {
        "rubrics": [
            {"code": rubric.code, "version": rubric.version, "title": rubric.title}
            for rubric in (*own, *shipped())
        ]
    }


@group.command("show")
@click.argument("key", metavar="CODE@VERSION")
@verb()
def show(*, actor: Actor, now: datetime, key: str) -> Result:
    """One rubric with its sections, items, vetoes and bonus."""
    del now
    require(actor, Permission.RUBRIC_READ)
    return rubric_show(queries.rubric_for(actor, key))


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--institution", metavar="CODE", help="whose rubric it is; left out, the actor's own body")
@verb()
def bring(*, actor: Actor, now: datetime, file: Path, institution: str | None) -> Result:
    """Keep a rubric (YAML, or the table that `export` writes) as a body's own."""
    mapping = mapping_of(file, file.name)
    with transaction():
        own = services.bring(actor=actor, mapping=mapping, institution=_body(actor, institution), now=now)
        return {"code": own.code, "version": own.version, "institution": own.institution.code}


def _body(actor: Actor, code: str | None) -> Institution:
    query = db.select(Institution)
    query = query.filter_by(code=code) if code else query.filter_by(id=actor.institution_id)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(
            "institution.not_found",
            msg("没有编码为“%(given)s”的机构。"),
            where="institution",
            given=code or "",
        )
    return found


@group.command("export")
@click.argument("key", metavar="CODE@VERSION")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@verb()
def export(*, actor: Actor, now: datetime, key: str, output: Path) -> Result:
    """Write a rubric as YAML, or as a workbook where the name ends in .xlsx; `import` takes both back."""
    del now
    require(actor, Permission.RUBRIC_READ)
    text = queries.text_for(actor, key)
    if output.suffix.lower() == ".xlsx":
        with output.open("wb") as target:
            write_workbook(target, [sheet_of(text, "rubric")])
    else:
        output.write_text(text, encoding="utf-8")
    return {"rubric": key, "file": str(output)}


@group.command("diff")
@click.argument("old", metavar="CODE@VERSION")
@click.argument("new", metavar="CODE@VERSION")
@verb()
def diff(*, actor: Actor, now: datetime, old: str, new: str) -> Result:
    """What the second says otherwise than the first, part by part."""
    del now
    require(actor, Permission.RUBRIC_READ)
    found = differences(queries.rubric_for(actor, old), queries.rubric_for(actor, new))
    return {
        "differences": [
            {
                "kind": one.kind, "code": one.code, "title": one.title.zh, "what": one.what,
                "fields": [{"field": name, "was": was, "now": now_} for name, was, now_ in one.fields],
            }
            for one in found
        ]
    }  # fmt: skip
