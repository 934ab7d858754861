"""Which weights are in force: they change between periods only, announced before, and never inside one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qualityeval.core.composite import Weights
from qualityeval.core.errors import InvalidInput, msg

QUARTER_MONTHS = (1, 4, 7, 10)


@dataclass(frozen=True, slots=True)
class Declared:
    """Weights and the first day they count for."""

    since: date
    weights: Weights


def refuse_unfit(declared: Sequence[Declared], new: Declared, *, today: date) -> None:
    """Refuse weights that don't begin a quarter, bear a name that is taken, or would change a period that has begun.

    The first version alone may begin in the past: there is nothing that it changes.
    """
    if new.since.day != 1 or new.since.month not in QUARTER_MONTHS:
        raise InvalidInput("composite.since", msg("权重从一个季度的第一天起用。"), where="since")
    if any(one.weights.version == new.weights.version for one in declared):
        raise InvalidInput(
            "composite.version", msg("已有版本“%(version)s”。"), where="version", version=new.weights.version
        )
    if declared and (new.since <= today or new.since <= max(one.since for one in declared)):
        raise InvalidInput(
            "composite.begun",
            msg("权重只能在时期之间改：起用日要在今天和上一版的起用日之后。"),
            where="since",
        )


def in_force(
    declared: Sequence[Declared], first: date, last: date
) -> tuple[Declared | None, Declared | None]:
    """The weights of a period and those before them (None where there are none).

    Refuses a period inside which they change: it has no one index.
    """
    earlier = sorted((one for one in declared if one.since <= last), key=lambda one: one.since)
    if not earlier or earlier[-1].since > first:
        changed = bool(earlier) and len(earlier) > 1
        if changed:
            raise InvalidInput(
                "composite.changes",
                msg("权重在 %(day)s 改变：请分别查看这一天以前和以后的时期。"),
                where="period",
                day=earlier[-1].since.isoformat(),
            )
        return None, None
    return earlier[-1], earlier[-2] if len(earlier) > 1 else None
