"""The freeze: from a specification and the register to a frame, a plan and their digests, for good."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, insert, select

from qualityeval.adapters.bulk_rows import add_rows
from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.allocation import StratumSize, allocate
from qualityeval.core.case_keys import case_key, sealed_key
from qualityeval.core.ceremony import check_source
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.frame import (
    PORTION,
    Frame,
    build_frame,
    one_per_series,
    stratum_label,
)
from qualityeval.core.plan import build_plan
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.rubric import resolve_rubric
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import db
from qualityeval.models import FrameCase, Institution, LiveFrameCase, Round, RoundStratum
from qualityeval.queries import frames, last_round, rechecks
from qualityeval.queries.frames import Candidate
from qualityeval.services import audit
from qualityeval.services.collection import collection_paused
from qualityeval.services.register_lock import wait_for_imports
from qualityeval.services.rounds import read_spec
from qualityeval.services.rubric_versions import store_rubrics
from qualityeval.services.seeds import lock

FRAME_CASES = cast("Table", FrameCase.__table__)  # no object a row
LIVE_CASES = cast("Table", LiveFrameCase.__table__)


class Entry(NamedTuple):
    """A case that enters the frame."""

    case_id: int
    key: str
    values: tuple[str, ...]
    series: str
    rubric: str
    late: bool


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


@dataclass(frozen=True)
class Planned:
    """What a freeze of this moment would fix."""

    spec: RoundSpec
    entries: tuple[Entry, ...]
    frame: Frame
    sizes: tuple[StratumSize, ...]
    left_out: LeftOut


def plan_round(*, actor: Actor, round_: Round, salt: str) -> Planned:
    """Frame, strata and sizes as a freeze would fix them now; reads only.

    Refuses: an empty frame, a field that no case has, an override without cases, cases without a rubric
    (with their counts).
    """
    require(actor, Permission.ROUND_PLAN, round_)
    spec = read_spec(round_.spec)
    left_out = LeftOut(exclusions=Counter({one.reason: 0 for one in spec.population.exclude}))
    entries = _entries(round_, spec, left_out, salt)
    entries = _of_series(entries, spec, left_out)
    left_out.late = sum(entry.late for entry in entries)
    label = cache(stratum_label)  # strata are few, cases many
    frame = build_frame((entry.key, label(entry.values)) for entry in entries)
    counts = Counter(entry.values for entry in entries)
    spread = last_round.spread_of(round_, spec.sizes)
    sizes = allocate(counts, fields=spec.strata_fields, rules=spec.sizes, spread=spread)
    return Planned(spec, tuple(entries), frame, sizes, left_out)


def new_secret() -> str:
    """64 hex characters that nobody can foresee."""
    return secrets.token_hex(32)


@collection_paused()
def freeze(*, actor: Actor, round_: Round, now: datetime, new_secret: Callable[[], str] = new_secret) -> None:
    """Make frame, plan, secrets and rubrics of a draft immutable and publish their digests.

    `new_secret` gives the salt and both secrets; only the demonstration, which hides nothing, names another.
    The owning body is locked, so that two rounds can't take the same case at once; and no import is
    half done meanwhile, so that each case is either in the frame or registered after the freeze.
    """
    require(actor, Permission.ROUND_PLAN, round_)
    wait_for_imports()
    db.session.execute(
        select(Institution.id).where(Institution.id == round_.institution_id).with_for_update()
    )
    lock(round_)
    state = round_after(round_.state, RoundAct.FREEZE)
    salt, secret, deal_secret = (new_secret() for _ in range(3))
    planned = plan_round(actor=actor, round_=round_, salt=salt)
    check_source(planned.spec.source, frozen_on=office_date(now))
    rubrics = store_rubrics({entry.rubric for entry in planned.entries}, now)
    plan = build_plan(
        code=round_.code, frame=planned.frame, sizes=planned.sizes, secret=secret, deal_secret=deal_secret,
        source=planned.spec.source,
        more={
            **planned.spec.as_plan(), "title": round_.title, "rubric_digests": rubrics,
            "left_out": planned.left_out.as_plan(), "frozen_on": office_date(now).isoformat(),
        },
    )  # fmt: skip
    round_.state, round_.frozen_at = state, now
    round_.plan, round_.plan_digest, round_.frame_digest = plan.text, plan.digest, planned.frame.digest
    round_.frame_size, round_.left_out = len(planned.frame), planned.left_out.as_plan()
    round_.salt, round_.secret, round_.deal_secret = salt, secret, deal_secret
    db.session.flush()
    _store_frame(round_, planned)
    audit.record(
        actor, "round.frozen", now=now, object_type="round", object_id=round_.code, plan_digest=plan.digest,
        frame_digest=planned.frame.digest, N=plan.N, n=plan.n,
    )  # fmt: skip


def _entries(round_: Round, spec: RoundSpec, left_out: LeftOut, salt: str) -> list[Entry]:
    held = frames.held_cases(round_)
    entries: list[Entry] = []
    rubrics = _Rubrics(spec.rubrics)
    extras = [name for name in spec.fields if not frames.known_field(name)]
    seen: set[str] = set()
    for candidate, late in _population(round_, spec):
        seen.update(name for name in extras if candidate.values[name])
        if not spec.includes(candidate.values):
            continue
        reason = spec.exclusion_of(candidate.values)
        if candidate.case_id in held:
            left_out.held += 1
        elif reason is not None:
            left_out.exclusions[reason] += 1
        else:
            entries.append(_entry(candidate, spec, rubrics, salt=salt, late=late))
    _refuse_unknown(spec, seen, any_case=bool(entries))
    _refuse_unresolved(rubrics.unresolved)
    return entries


class _Rubrics:
    """The rubric of each kind of case, found once; kinds without one are counted."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        self._known: dict[tuple[str, str, str], str] = {}
        self.unresolved: Counter[str] = Counter()

    def of(self, case_type: str, aid_form: str, stage: str) -> str:
        kind = (case_type, aid_form, stage)
        if kind not in self._known:
            self._known[kind] = self._found(*kind)
        if not self._known[kind]:
            self.unresolved["/".join(kind)] += 1
        return self._known[kind]

    def _found(self, case_type: str, aid_form: str, stage: str) -> str:
        try:
            return resolve_rubric(self._keys, case_type=case_type, aid_form=aid_form, stage=stage)
        except InvalidInput:
            return ""


def _population(round_: Round, spec: RoundSpec) -> Iterator[tuple[Candidate, bool]]:
    asked = spec.population
    within = rechecks.evaluated(round_, spec.rounds) if spec.rounds else None
    for candidate in frames.population(
        round_, by=asked.by, since=asked.since, until=asked.until, fields=spec.fields, within=within
    ):
        yield candidate, False
    if within is not None:  # what was evaluated is never late
        return
    for candidate in frames.late_cases(round_, by=asked.by, since=asked.since, fields=spec.fields):
        yield candidate, True


def _entry(candidate: Candidate, spec: RoundSpec, rubrics: _Rubrics, *, salt: str, late: bool) -> Entry:
    values = candidate.values
    rubric = rubrics.of(values["case_type"], values["aid_form"], values["stage"])
    place, number = candidate.institution, candidate.number
    key = sealed_key(place, number, salt=salt) if candidate.sealed else case_key(place, number)
    series = f"{place}:{values['series']}" if values.get("series") else ""
    return Entry(
        case_id=candidate.case_id, key=key, values=tuple(values[name] for name in spec.strata_fields),
        series=series, rubric=rubric, late=late,
    )  # fmt: skip


def _of_series(entries: list[Entry], spec: RoundSpec, left_out: LeftOut) -> list[Entry]:
    if spec.series == "each":
        return entries
    chosen = one_per_series([entry.key for entry in entries], [entry.series for entry in entries])
    left_out.series = chosen.count(False)
    return [entry for entry, is_chosen in zip(entries, chosen, strict=True) if is_chosen]


def _refuse_unknown(spec: RoundSpec, seen: set[str], *, any_case: bool) -> None:
    for name in spec.fields:
        if any_case and not frames.known_field(name) and name not in seen:
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


def _store_frame(round_: Round, planned: Planned) -> None:
    db.session.execute(
        insert(RoundStratum),
        [
            {"round_id": round_.id, "label": one.label, "frame_size": one.N, "sample_size": one.n}
            for one in planned.sizes
        ],
    )
    label = cache(stratum_label)
    for start in range(0, len(planned.entries), PORTION):
        part = planned.entries[start : start + PORTION]
        cases = [entry.case_id for entry in part]
        columns: dict[str, list[Any]] = {
            "case_id": cases, "key": [entry.key for entry in part], "stratum": [label(entry.values) for entry in part],
            "rubric": [entry.rubric for entry in part], "late": [entry.late for entry in part],
        }  # fmt: skip
        add_rows(db.session.connection(), FRAME_CASES, columns, same={"round_id": round_.id})
        held = {"round_id": round_.id, "institution_id": round_.institution_id, "kind": round_.kind}
        add_rows(db.session.connection(), LIVE_CASES, {"case_id": cases}, same=held)
