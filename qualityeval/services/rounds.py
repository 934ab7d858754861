"""Rounds before the draw: writing the specification, changing it, taking a round back."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from qualityeval.adapters.yaml_text import load_text
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, NotAllowed, Stale, msg
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.spec_reading import parse_round_spec
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import db
from qualityeval.models import Institution, LiveFrameCase, Round
from qualityeval.queries import frames
from qualityeval.services import audit, tracks
from qualityeval.services.seeds import lock

LONGEST_REASON = 400


@lru_cache(maxsize=64)
def read_spec(text: str) -> RoundSpec:
    """A specification in YAML, checked; every refusal names its place. The same text is read once."""
    spec = parse_round_spec(load_text(text))
    frames.refuse_secret(spec.fields)
    return spec


def create_round(*, actor: Actor, spec_text: str, now: datetime) -> Round:
    """A draft round from its specification, owned by the institution that the specification names.

    Refuses a code in use, an unknown institution, and one that isn't the actor's own body.
    """
    spec = read_spec(spec_text)
    owner = db.session.execute(
        select(Institution).where(Institution.code == spec.institution)
    ).scalar_one_or_none()
    if owner is None:
        raise InvalidInput(
            "institution.not_found", msg("没有编码为“%(given)s”的机构。"), where="institution",
            given=spec.institution,
        )  # fmt: skip
    round_ = Round(
        code=spec.code,
        title=spec.title,
        institution_id=owner.id,
        kind=spec.kind,
        spec=spec_text,
        created_at=now,
    )
    require(actor, Permission.ROUND_PLAN, round_)
    if db.session.execute(select(Round.id).where(Round.code == spec.code)).first() is not None:
        raise _used(spec.code)
    db.session.add(round_)
    try:
        db.session.flush()
    except IntegrityError as fault:  # somebody took the code since we looked
        raise _used(spec.code) from fault
    audit.record(
        actor,
        "round.created",
        now=now,
        object_type="round",
        object_id=spec.code,
        institution=spec.institution,
    )
    return round_


def _used(code: str) -> InvalidInput:
    return InvalidInput("round.exists", msg("批次代码“%(given)s”已经用过。"), where="code", given=code)


def update_spec(*, actor: Actor, round_: Round, spec_text: str, seen_version: int, now: datetime) -> None:
    """Replace the specification of a draft; Stale when somebody saved since `seen_version`.

    The code and the owning body stay what they were.
    """
    require(actor, Permission.ROUND_PLAN, round_)
    lock(round_)
    if round_.version != seen_version:
        raise Stale(where="spec")
    round_after(round_.state, RoundAct.EDIT)
    spec = read_spec(spec_text)
    if spec.code != round_.code or spec.institution != round_.institution.code:
        raise NotAllowed(
            "round.identity", msg("批次代码和所属机构不能改。需要改时请另建一批。"), where="code"
        )
    round_.spec, round_.title, round_.kind = spec_text, spec.title, spec.kind
    db.session.flush()
    audit.record(actor, "round.changed", now=now, object_type="round", object_id=round_.code, spec=spec_text)


def withdraw(*, actor: Actor, round_: Round, reason: str, now: datetime) -> None:
    """Take a round back for good, with a reason; its cases are free again, its evidence stays."""
    require(actor, Permission.ROUND_WITHDRAW, round_)
    lock(round_)
    text = reason.strip()
    if not text:
        raise InvalidInput("withdraw.reason", msg("请写明撤回的理由。"), where="reason")
    if len(text) > LONGEST_REASON:
        raise InvalidInput(
            "withdraw.long", msg("理由最多%(most)s个字符。"), where="reason", most=LONGEST_REASON
        )
    before = round_.state
    round_.state = round_after(before, RoundAct.WITHDRAW)
    round_.withdrawn_at, round_.withdrawn_because = now, text
    tracks.follow(round_)
    db.session.execute(delete(LiveFrameCase).where(LiveFrameCase.round_id == round_.id))
    db.session.flush()
    audit.record(
        actor,
        "round.withdrawn",
        now=now,
        object_type="round",
        object_id=round_.code,
        reason=text,
        before=before,
    )
