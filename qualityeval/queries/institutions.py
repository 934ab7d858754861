"""Reading institutions: for choices in filters and forms, and one by its public id."""

from dataclasses import dataclass

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, scope
from qualityeval.database import db
from qualityeval.models import Institution


@dataclass(frozen=True)
class InstitutionRow:
    """An institution in a list of choices; `depth` is 0 for the actor's own."""

    public_id: str
    code: str
    name: str
    level: str
    depth: int


def list_for(actor: Actor, permission: Permission = Permission.REGISTER_READ) -> list[InstitutionRow]:
    """The actor's own institution and those below it, each after the one above it."""
    rows = db.session.execute(
        select(
            Institution.public_id, Institution.code, Institution.name, Institution.level, Institution.path,
            Institution.id,
        ).where(scope.institutions(actor, permission))
    ).all()  # fmt: skip
    code_of = {row.id: row.code for row in rows}

    def order(path: str) -> list[str]:
        return [code_of[int(part)] for part in path.strip("/").split("/") if part and int(part) in code_of]

    return [
        InstitutionRow(row[0], row.code, row.name, row.level, len(order(row.path)) - 1)
        for row in sorted(rows, key=lambda row: order(row.path))
    ]


def own_of(actor: Actor) -> Institution | None:
    """The actor's own institution; None for the command line."""
    return db.session.get(Institution, actor.institution_id) if actor.institution_id else None
