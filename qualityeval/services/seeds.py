"""The public value of a draw: typed by two managers, or thrown by the machine; fixed once."""

import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.ceremony import (
    TYPED_BY_TWO,
    SeedKind,
    SeedSource,
    check_typing_day,
    public_value,
    take_typing,
)
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.sampling import seed_from
from qualityeval.core.two_people import Agreement, Word
from qualityeval.database import db
from qualityeval.models import Round, RoundSeed, SeedTyping
from qualityeval.queries import rounds as queries
from qualityeval.services import audit

WAITING, MISMATCH, FIXED = "waiting", "mismatch", "fixed"


@dataclass(frozen=True)
class SeedOutcome:
    """What a typing led to: waiting for the second, both discarded, or the seed is fixed."""

    state: str


def type_seed(*, actor: Actor, round_: Round, public: str | None, now: datetime, today: date) -> SeedOutcome:
    """Take one account's reading of the public value; `public=None` asks the machine for 32 random bytes.

    Dice and lottery need two managers of the owning body; their texts are compared after NFC and
    trimming. If they differ both are discarded. A fixed seed is never replaced.
    """
    require(actor, Permission.ROUND_SEED, round_)
    lock(round_)
    if round_.state != "frozen" or queries.seed_of(round_) is not None:
        raise WrongState(
            "seed.not_now",
            msg("现在不能录入种子：要在方案冻结以后、种子确定以前。种子只能确定一次。"),
            where="public",
        )
    source = source_of(round_)
    if public is None:
        return _machine(actor, round_, source, now)
    if source.kind is SeedKind.MACHINE:
        raise InvalidInput("seed.machine", msg("方案写明由机器产生种子，不能录入。"), where="public")
    return _typed(actor, round_, source, public_value(public), now=now, today=today)


def source_of(round_: Round) -> SeedSource:
    """The source named in the frozen plan."""
    raw = json.loads(str(round_.plan))["seed_source"]
    day = date.fromisoformat(raw["date"]) if "date" in raw else None
    return SeedSource(SeedKind(raw["kind"]), raw.get("name", ""), day)


def lock(round_: Round) -> None:
    """Hold the round's row until the commit, so that two at once become one after the other."""
    db.session.execute(
        select(Round).where(Round.id == round_.id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def _machine(actor: Actor, round_: Round, source: SeedSource, now: datetime) -> SeedOutcome:
    if source.kind is not SeedKind.MACHINE:
        raise InvalidInput(
            "seed.public_needed", msg("方案写明种子来自现场或开奖号码，请录入公开的数值。"), where="public"
        )
    return _fix(actor, round_, secrets.token_hex(32), now=now, typed_by=[actor.name])


def _typed(
    actor: Actor, round_: Round, source: SeedSource, value: str, *, now: datetime, today: date
) -> SeedOutcome:
    check_typing_day(source, today=today)
    TYPED_BY_TWO.account(actor.account_id)
    standing = next(iter(queries.open_typings(round_)), None)
    first = Word(standing.actor, standing.value) if standing else None
    outcome = take_typing(first, Word(actor.name, value), source=source, today=today)
    typing = SeedTyping(round_id=round_.id, actor=actor.name, value=value, typed_at=now)
    db.session.add(typing)
    db.session.flush()
    if standing is None:
        audit.record(actor, "seed.typed", now=now, object_type="round", object_id=round_.code)
        return SeedOutcome(WAITING)
    typed_by = [standing.actor, actor.name]
    if outcome.agreement is Agreement.AGREED and outcome.public is not None:
        return _fix(actor, round_, outcome.public, now=now, typed_by=typed_by)
    standing.discarded_at = typing.discarded_at = now
    audit.record(
        actor, "seed.mismatch", now=now, object_type="round", object_id=round_.code, typed_by=typed_by
    )
    return SeedOutcome(MISMATCH)


def _fix(actor: Actor, round_: Round, public: str, *, now: datetime, typed_by: list[str]) -> SeedOutcome:
    seed = seed_from(plan_digest=str(round_.plan_digest), secret=str(round_.secret), public=public)
    db.session.add(RoundSeed(round_id=round_.id, public=public, seed=seed, fixed_at=now))
    db.session.flush()
    audit.record(
        actor,
        "seed.fixed",
        now=now,
        object_type="round",
        object_id=round_.code,
        typed_by=typed_by,
        public=public,
    )
    return SeedOutcome(FIXED)
