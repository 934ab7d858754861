"""Rubrics by `code@version`: shipped, written by a body itself, or as a round first used them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, select, true

from qualityeval.adapters.rubric_files import CODES, read_rubric, shipped_rubric, shipped_text
from qualityeval.authz import Actor, Permission, may
from qualityeval.core.errors import InvalidInput, NotFound, RuleViolation
from qualityeval.core.rubric import Rubric
from qualityeval.database import db
from qualityeval.models import OwnRubric, RubricVersion


@dataclass(frozen=True)
class OwnLine:
    """One own version in the list; `fault` says what keeps it from being used yet, `used` that it is fixed."""

    row: OwnRubric
    rubric: Rubric | None
    fault: RuleViolation | None
    used: bool


def _mine(actor: Actor) -> ColumnElement[bool]:
    if actor.is_command_line:
        return true()
    if not may(actor, Permission.RUBRIC_EDIT) or actor.institution_id is None:
        return false()
    return OwnRubric.institution_id == actor.institution_id


def list_for(actor: Actor) -> list[OwnLine]:
    """The own body's versions, each code's latest first."""
    rows = (
        db.session.execute(
            select(OwnRubric).where(_mine(actor)).order_by(OwnRubric.code, OwnRubric.version.desc())
        )
        .scalars()
        .all()
    )
    used = used_of([row.code for row in rows])
    return [line_of(row, used=row.key in used) for row in rows]


def line_of(row: OwnRubric, *, used: bool | None = None) -> OwnLine:
    """An own version with what is still wrong with it."""
    fixed = row.key in used_of([row.code]) if used is None else used
    try:
        return OwnLine(row, read_rubric(row.text), None, fixed)
    except InvalidInput as fault:
        return OwnLine(row, None, fault, fixed)


def used_of(codes: Sequence[str]) -> set[str]:
    """Those versions of these codes that a round has used."""
    query = select(RubricVersion.code, RubricVersion.version).where(RubricVersion.code.in_(set(codes)))
    return {f"{code}@{version}" for code, version in db.session.execute(query)}


def get_for(actor: Actor, public_id: str) -> OwnRubric:
    """An own version of the actor's body; another body's isn't there."""
    found = db.session.execute(
        select(OwnRubric).where(_mine(actor), OwnRubric.public_id == public_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="rubric")
    return found


def own_of(actor: Actor, key: str) -> OwnRubric | None:
    """The own version of that key, where the actor's body wrote it."""
    code, version = split(key)
    return db.session.execute(
        select(OwnRubric).where(_mine(actor), OwnRubric.code == code, OwnRubric.version == version)
    ).scalar_one_or_none()


def text_for(actor: Actor, key: str) -> str:
    """The YAML of a rubric that the actor may read: shipped, used by a round, or the own body's draft."""
    code, version = split(key)
    stored = db.session.execute(
        select(RubricVersion.text).where(RubricVersion.code == code, RubricVersion.version == version)
    ).scalar_one_or_none()
    if stored is not None:
        return stored
    if code in CODES and shipped_rubric(f"{code}@1").version == version:
        return shipped_text(code)
    own = own_of(actor, key)
    if own is None:
        raise NotFound("rubric.not_found", where="rubrics")
    return own.text


def rubric_for(actor: Actor, key: str) -> Rubric:
    """The same as a checked rubric; `InvalidInput` where a draft isn't one yet."""
    return read_rubric(text_for(actor, key))


def split(key: str) -> tuple[str, int]:
    """Code and version of `code@version`; `NotFound` for anything else."""
    code, _at, version = key.partition("@")
    if not (version.isascii() and version.isdigit() and len(version) < 6):
        raise NotFound("rubric.not_found", where="rubrics")
    return code, int(version)
