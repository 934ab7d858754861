"""From a specification and the register to the frame that a freeze of this moment would fix; reads only."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import compress

import numpy as np

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.allocation import StratumSize, allocate
from qualityeval.core.case_keys import case_keys, sealed_key
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.frame import Frame, FrameColumns, nothing_in_frame
from qualityeval.core.frame_choice import AnotherOrder, Choice, Kind, Row, in_order, without_repeated_series
from qualityeval.core.planner import counted
from qualityeval.core.round_spec import RoundSpec
from qualityeval.models import Round
from qualityeval.queries import frames, last_round, planner
from qualityeval.queries.frames import Portion
from qualityeval.services.rounds import read_spec


@dataclass
class LeftOut:
    """How many cases stay outside, by reason; published with the plan."""

    held: int = 0
    series: int = 0
    late: int = 0
    exclusions: Counter[str] = field(default_factory=Counter)

    def as_plan(self) -> dict[str, object]:
        """The counts as plan and status show them."""
        listed = [{"reason": reason, "cases": count} for reason, count in self.exclusions.items()]
        return {"held": self.held, "series": self.series, "late": self.late, "exclusions": listed}


@dataclass(frozen=True, eq=False)
class Planned:
    """What a freeze of this moment would fix; `cases` (their ids) and `of` (their kinds) stand beside the frame's rows."""

    spec: RoundSpec
    frame: Frame
    sizes: tuple[StratumSize, ...]
    left_out: LeftOut
    kinds: Sequence[Kind]
    cases: np.ndarray
    of: np.ndarray

    @property
    def counts(self) -> Counter[Kind]:
        """Cases of the frame by kind."""
        return _counts(self.kinds, self.of)

    @property
    def rubrics(self) -> set[str]:
        """The rubrics of the frame's cases."""
        return {kind.rubric for kind in self.counts}


def plan_round(*, actor: Actor, round_: Round, salt: str) -> Planned:
    """Frame, strata and sizes as a freeze would fix them now; reads only.

    A frame of ten million is held as columns. Refuses: an empty frame, a field that no case has, an override
    without cases, cases without a rubric (with their counts).
    """
    require(actor, Permission.ROUND_PLAN, round_)
    spec = read_spec(round_.spec)
    with suppress(AnotherOrder):  # as where a text isn't NFC; the register's own imports store nothing else
        return _planned(round_, spec, salt, ordered=True)
    return _planned(round_, spec, salt, ordered=False)


@dataclass(frozen=True)
class Foreseen:
    """What a freeze of this moment would fix, by counts alone."""

    spec: RoundSpec
    sizes: tuple[StratumSize, ...]
    left_out: dict[str, object]


def foreseen(*, actor: Actor, round_: Round) -> Foreseen:
    """The strata, sizes and counts of `plan_round` without a case being read: the database counts alike ones.

    For pages that show a plan before its freeze. Refuses what `plan_round` refuses of fields, rubrics and sizes.
    """
    require(actor, Permission.ROUND_PLAN, round_)
    spec = read_spec(round_.spec)
    alike = planner.combinations(actor, round_, spec)
    found = counted(spec, alike)
    _refuse_unknown(spec, [one.values for one in alike] if found.total else ())
    _refuse_unresolved(planner.unresolved(spec, found))
    if not found.total:
        raise nothing_in_frame()
    spread = last_round.spread_of(round_, spec.sizes)
    sizes = allocate(found.strata, fields=spec.strata_fields, rules=spec.sizes, spread=spread)
    return Foreseen(spec, sizes, found.left_out())


def _planned(round_: Round, spec: RoundSpec, salt: str, *, ordered: bool) -> Planned:
    choice = Choice(spec, frames.fields_of(spec))
    columns, cases = FrameColumns(), [np.empty(0, np.int64)]
    rows = in_order(*_sources(round_, spec, choice, salt, ordered=ordered))
    for portion in without_repeated_series(rows):
        columns.add([row.key for row in portion], [row.kind for row in portion])
        cases.append(np.array([row.case_id for row in portion], np.int64))
    _refuse_unknown(spec, [kind.values for kind in choice.kinds] if any(choice.inside) else ())
    _refuse_unresolved(choice.unresolved)
    frame = columns.frame([kind.label if kind.inside else "" for kind in choice.kinds])
    of = columns.numbers
    counts = _counts(choice.kinds, of)
    by_values: Counter[tuple[str, ...]] = Counter()
    for kind, count in counts.items():
        by_values[kind.strata] += count
    spread = last_round.spread_of(round_, spec.sizes)
    sizes = allocate(by_values, fields=spec.strata_fields, rules=spec.sizes, spread=spread)
    return Planned(
        spec, frame, sizes, _left_out(spec, choice, counts), choice.kinds, np.concatenate(cases), of
    )


def _sources(
    round_: Round, spec: RoundSpec, choice: Choice, salt: str, *, ordered: bool
) -> tuple[list[Row], Iterator[list[Row]]]:
    """What has to be put in order here (masked keys), and what the database puts in order."""
    if not ordered:
        everything = frames.population(round_, spec)
        return [row for part in everything for row in _rows(part, spec, choice, salt)], iter(())
    masked = frames.population(round_, spec, sealed=True)
    aside = [row for part in masked for row in _rows(part, spec, choice, salt)]
    plain = frames.population(round_, spec, sealed=False)
    return aside, (_rows(part, spec, choice, salt) for part in plain)


def _rows(part: Portion, spec: RoundSpec, choice: Choice, salt: str) -> list[Row]:
    """The portion's cases that enter the frame."""
    kinds = choice.of(part.cells)
    inside = [choice.inside[number] for number in kinds]
    places, numbers, series = (
        list(compress(column, inside)) for column in (part.institutions, part.numbers, part.series)
    )
    sealed = list(compress(part.sealed, inside))
    keys = case_keys(places, numbers)
    if any(sealed):
        keys = [
            sealed_key(place, number, salt=salt) if is_sealed else key
            for place, number, is_sealed, key in zip(places, numbers, sealed, keys, strict=True)
        ]
    if spec.series == "one_per_series":
        series = [f"{place}:{name}" if name else "" for place, name in zip(places, series, strict=True)]
    columns = (keys, compress(part.cases, inside), compress(kinds, inside), series)
    return list(map(Row._make, zip(*columns, strict=True)))


def _counts(kinds: Sequence[Kind], of: np.ndarray) -> Counter[Kind]:
    found = np.bincount(of, minlength=len(kinds)).tolist()
    return Counter({kind: count for kind, count in zip(kinds, found, strict=True) if count})


def _left_out(spec: RoundSpec, choice: Choice, counts: Counter[Kind]) -> LeftOut:
    found = LeftOut(exclusions=Counter({one.reason: 0 for one in spec.population.exclude}))
    for number, kind in enumerate(choice.kinds):
        if kind.inside:
            found.series += choice.counts[number] - counts[kind]
            found.late += kind.late * counts[kind]
        elif kind.asked and kind.held:
            found.held += choice.counts[number]
        elif kind.asked and kind.excluded is not None:
            found.exclusions[kind.excluded] += choice.counts[number]
    return found


def _refuse_unknown(spec: RoundSpec, population: Sequence[Mapping[str, str]]) -> None:
    """A field of the plan that no case has; an empty frame is refused by its own name."""
    for name in spec.fields:
        if frames.known_field(name) or not population:
            continue
        if not any(values[name] for values in population):
            raise InvalidInput(
                "spec.unknown_field",
                msg("没有一件案件有“%(field)s”这个字段。请检查字段名，或在导入映射的 extra 里加上它。"),
                where=name,
                field=name,
            )


def _refuse_unresolved(unresolved: Counter[str]) -> None:
    if unresolved:
        listed = "、".join(f"{kind} {count}" for kind, count in unresolved.most_common(10))
        raise InvalidInput(
            "rubric.unresolved_cases",
            msg("有%(count)s件案件没有适用的评分标准（%(listed)s）。请在 rubrics 里补上，或用 */*/*。"),
            where="rubrics", count=unresolved.total(), listed=listed,
        )  # fmt: skip
