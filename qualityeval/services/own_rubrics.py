"""A body's own rubrics: brought as a file, copied to a new version, edited, until a round first uses them."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from qualityeval.adapters.rubric_files import CODES, read_rubric
from qualityeval.adapters.yaml_text import load_text
from qualityeval.adapters.yaml_writing import dump_text
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, RuleViolation, Stale, WrongState, msg
from qualityeval.core.proposal_rules import write_shipped_rules
from qualityeval.core.rubric_parts import code_of
from qualityeval.database import db
from qualityeval.models import Institution, OwnRubric
from qualityeval.queries import own_rubrics as queries
from qualityeval.services import audit

LONGEST = 400_000  # characters of YAML: ten times the longest shipped rubric


def bring(*, actor: Actor, mapping: dict[str, Any], institution: Institution, now: datetime) -> OwnRubric:
    """Keep a complete rubric that somebody brought, under the code and version it names.

    Refused: what isn't a rubric (`where` is the path in the file), the code of a shipped rubric, a code of
    another body, a version that is there.
    """
    rubric = read_rubric(dump_text(mapping))
    return _new(actor, rubric.code, rubric.version, mapping, institution, now=now)


def copy(*, actor: Actor, key: str, code: str, institution: Institution, now: datetime) -> OwnRubric:
    """A new version to edit, from any rubric the actor may read, under the code: its next version."""
    mapping = load_text(queries.text_for(actor, key))
    if mapping["code"] in CODES:
        write_shipped_rules(mapping)
    wanted = code_of(code.strip(), "code")
    last = db.session.execute(select(func.max(OwnRubric.version)).where(OwnRubric.code == wanted)).scalar()
    version = (last or 0) + 1
    return _new(
        actor, wanted, version, {**mapping, "code": wanted, "version": str(version)}, institution, now=now
    )


def save(*, actor: Actor, own: OwnRubric, mapping: dict[str, Any], seen: int, now: datetime) -> None:
    """Keep what was edited, finished or not. Code and version stay; a version in use is refused, so is a stale page."""
    require(actor, Permission.RUBRIC_EDIT, own)
    _refuse_used(own)
    if own.edits != seen:
        raise Stale(where="edits")
    own.text = _written({**mapping, "code": own.code, "version": str(own.version)})
    own.saved_at = now
    try:
        db.session.flush()
    except StaleDataError as fault:
        raise Stale(where="edits") from fault
    audit.record(actor, "rubric.saved", now=now, object_type="rubric", object_id=own.public_id, key=own.key)


def discard(*, actor: Actor, own: OwnRubric, now: datetime) -> None:
    """Take away a version that no round has used."""
    require(actor, Permission.RUBRIC_EDIT, own)
    _refuse_used(own)
    db.session.delete(own)
    db.session.flush()
    audit.record(
        actor, "rubric.discarded", now=now, object_type="rubric", object_id=own.public_id, key=own.key
    )


def usable_text(key: str, institution: Institution) -> str:
    """The text of an own rubric that a round of this body may use: the body's own, or one of a body above.

    The row stays locked until the commit, so that nobody edits it while a round freezes it.
    """
    code, version = queries.split(key)
    own = db.session.execute(
        select(OwnRubric).where(OwnRubric.code == code, OwnRubric.version == version).with_for_update()
    ).scalar_one_or_none()
    if own is None or not institution.path.startswith(own.institution.path):
        raise InvalidInput(
            "rubric.not_found", msg("没有评分标准“%(key)s”。请用 rubric list 查看现有的。"), where="rubrics", key=key
        )  # fmt: skip
    try:
        read_rubric(own.text)
    except RuleViolation as fault:
        raise InvalidInput(
            "rubric.unfinished",
            msg("评分标准 %(key)s 还没有写完，不能使用：请在“评分标准”里打开它，改好指出的问题。"),
            where="rubrics",
            key=key,
        ) from fault
    return own.text


def _new(
    actor: Actor, code: str, version: int, mapping: dict[str, Any], institution: Institution, *, now: datetime
) -> OwnRubric:
    require(actor, Permission.RUBRIC_EDIT)
    if not actor.is_command_line and actor.institution_id != institution.id:
        raise WrongState("rubric.other_body", msg("只能为自己所在的机构建立评分标准。"), where="institution")
    if code in CODES:
        raise InvalidInput(
            "rubric.shipped", msg("“%(value)s”是随产品提供的标准的代码，请另取一个代码。"), where="code", value=code
        )  # fmt: skip
    theirs = select(OwnRubric.id).where(OwnRubric.code == code, OwnRubric.institution_id != institution.id)
    if db.session.execute(theirs.limit(1)).first():
        raise InvalidInput(
            "rubric.code_taken",
            msg("代码“%(value)s”已被别的机构使用，请另取一个。"),
            where="code",
            value=code,
        )
    own = OwnRubric(
        code=code, version=version, institution_id=institution.id, text=_written(mapping), saved_at=now
    )
    db.session.add(own)
    try:
        db.session.flush()
    except IntegrityError as fault:
        raise InvalidInput(
            "rubric.version_taken", msg("“%(key)s”已经有了：改动要用新的版本号。"), where="version",
            key=f"{code}@{version}",
        ) from fault  # fmt: skip
    audit.record(actor, "rubric.created", now=now, object_type="rubric", object_id=own.public_id, key=own.key)
    return own


def _refuse_used(own: OwnRubric) -> None:
    if own.key in queries.used_of([own.code]):
        raise WrongState(
            "rubric.used",
            msg("%(key)s 已有批次使用，不能再改。请复制为新的版本。"),
            where="state",
            key=own.key,
        )


def _written(mapping: dict[str, Any]) -> str:
    text = dump_text(mapping)
    if len(text) > LONGEST:
        raise InvalidInput("rubric.too_long", msg("评分标准太长。请精简常用语和评分参照。"), where="rubric")
    return text
