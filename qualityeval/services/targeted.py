"""The targeted track: cases marked beside the sample, and their own frame when dealing begins."""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.clock import office_date
from qualityeval.core.allocation import StratumSize
from qualityeval.core.case_keys import case_key, sealed_key
from qualityeval.core.digests import digest
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.frame import build_frame
from qualityeval.core.plan import build_plan
from qualityeval.core.rubric import resolve_rubric
from qualityeval.core.targeted import BY_FACTS, RULES, Limits, rules_met
from qualityeval.core.workflow import RoundState
from qualityeval.database import db, new_public_id
from qualityeval.models import (
    Case,
    FrameCase,
    Institution,
    Round,
    RoundSeed,
    RoundStratum,
    SampledCase,
    TargetedCase,
    TargetedTrack,
)
from qualityeval.queries import targeted as queries
from qualityeval.services import audit
from qualityeval.services.rounds import read_spec
from qualityeval.services.rubric_versions import store_rubrics
from qualityeval.services.seeds import lock

STRATUM = "targeted"
MARKING = frozenset({RoundState.DRAFT, RoundState.FROZEN, RoundState.DRAWN, RoundState.CALLED_IN})
MOST, LONGEST_NOTE = 2_000, 400


@dataclass(frozen=True)
class Lead:
    """A case that a rule marks, not yet stored."""

    case_id: int
    rule: str


def leads(
    *, actor: Actor, round_: Round, rules: Collection[str], limits: Limits, now: datetime
) -> list[Lead]:
    """The cases of the round's period that these rules mark and nobody marked yet; reads only."""
    require(actor, Permission.ROUND_PLAN, round_)
    for rule in rules:
        if rule not in BY_FACTS:
            raise InvalidInput("targeted.rule", msg("没有“%(rule)s”这条规则。"), where="rules", rule=rule)
    known, today = queries.marked_ids(round_), office_date(now)
    return [
        Lead(case_id, rule)
        for case_id, facts in queries.facts_of(round_, read_spec(round_.spec))
        for rule in rules_met(facts, limits=limits, today=today)
        if rule in rules and rule not in known.get(case_id, ())
    ]


def mark_by_rules(
    *, actor: Actor, round_: Round, rules: Collection[str], limits: Limits, now: datetime
) -> Mapping[str, int]:
    """Mark what the rules find; how many by rule. Refuses more than 2,000 cases and a round that is being read."""
    _may_mark(actor, round_)
    found = leads(actor=actor, round_=round_, rules=rules, limits=limits, now=now)
    return _store(actor, round_, [(one.case_id, one.rule) for one in found], "", now)


def mark_cases(
    *, actor: Actor, round_: Round, keys: Sequence[str], rule: str, note: str, now: datetime
) -> Mapping[str, int]:
    """Mark cases by their key (institution code `:` number) for one rule, all or none.

    Refuses an unknown rule, a key that names no case of the body's subtree, a note beyond 400 characters.
    """
    _may_mark(actor, round_)
    if rule not in RULES:
        raise InvalidInput("targeted.rule", msg("没有“%(rule)s”这条规则。"), where="rule", rule=rule)
    if len(note) > LONGEST_NOTE:
        raise InvalidInput("targeted.note", msg("说明最多%(most)s个字符。"), where="note", most=LONGEST_NOTE)
    known = queries.marked_ids(round_)
    ids = [_case_id(actor, round_, key) for key in dict.fromkeys(keys)]
    return _store(actor, round_, [(id_, rule) for id_ in ids if rule not in known.get(id_, ())], note, now)


def unmark(*, actor: Actor, round_: Round, case_public_id: str, now: datetime) -> None:
    """Take a mark back, for every rule, before the files are dealt."""
    _may_mark(actor, round_)
    id_ = db.session.execute(select(Case.id).where(Case.public_id == case_public_id)).scalar_one_or_none()
    if id_ is None or id_ not in queries.marked_ids(round_):
        raise InvalidInput("targeted.not_marked", msg("这件案件没有标记。"), where="case")
    db.session.execute(
        delete(TargetedCase).where(TargetedCase.round_id == round_.id, TargetedCase.case_id == id_)
    )
    audit.record(
        actor, "targeted.unmarked", now=now, object_type="round", object_id=round_.code, case=case_public_id
    )


def _may_mark(actor: Actor, round_: Round) -> None:
    require(actor, Permission.ROUND_PLAN, round_)
    lock(round_)
    if round_.state not in MARKING or queries.track_of(round_) is not None:
        raise WrongState("targeted.dealt", msg("派案以后不能再标记专项案件。"), where="state")


def _case_id(actor: Actor, round_: Round, key: str) -> int:
    place, _colon, number = key.strip().partition(":")
    found = db.session.execute(
        select(Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .where(
            Institution.code == place, Case.number == number, scope.cases(actor),
            Institution.path.startswith(round_.institution.path, autoescape=True),
        )
    ).scalar_one_or_none()  # fmt: skip
    if found is None:
        raise InvalidInput(
            "targeted.case",
            msg("台账里没有“%(key)s”。请写成 机构编码:案号，一行一件。"),
            where="cases",
            key=key,
        )
    return found


def _store(
    actor: Actor, round_: Round, pairs: Sequence[tuple[int, str]], note: str, now: datetime
) -> Mapping[str, int]:
    counts = Counter(rule for _case, rule in pairs)
    cases = {*queries.marked_ids(round_), *(case_id for case_id, _rule in pairs)}
    if len(cases) > MOST:
        raise InvalidInput(
            "targeted.most", msg("专项案件最多%(most)s件，这样会有%(count)s件。请收紧规则。"), where="rules",
            most=MOST, count=len(cases),
        )  # fmt: skip
    if pairs:
        db.session.execute(
            insert(TargetedCase),
            [
                {"round_id": round_.id, "case_id": case_id, "rule": rule, "note": note, "marked_at": now}
                for case_id, rule in pairs
            ],
        )
    audit.record(
        actor, "targeted.marked", now=now, object_type="round", object_id=round_.code, cases=dict(counts)
    )
    return counts


def open_track(round_: Round, *, now: datetime) -> Round | None:
    """The track of a round whose files are being dealt, made at the first call; None where nothing is marked.

    A round of its own, taken whole: its frame are the marked cases that the draw didn't take, its deal has secrets
    of its own, so that the sample's deal is byte for byte what it would be without. It has the round's title and
    state, so that the desk shows both alike, no plan digest, so that it is never published, and no list shows it.
    """
    track = queries.track_of(round_)
    wanted = set(queries.marked_ids(round_)) - queries.drawn_ids(round_)
    if track is not None or not wanted:
        return track
    salt, secret, deal_secret = (secrets.token_hex(32) for _ in range(3))
    spec = read_spec(round_.spec)
    entries = {}
    for case, place in _cases(wanted):
        key = sealed_key(place, case.number, salt=salt) if case.sealed else case_key(place, case.number)
        rubric = resolve_rubric(
            spec.rubrics, case_type=case.case_type, aid_form=case.aid_form, stage=case.stage
        )
        entries[key] = (case.id, rubric)
    frame = build_frame((key, STRATUM) for key in entries)
    plan = build_plan(
        code=round_.code, frame=frame, sizes=[StratumSize(STRATUM, len(frame), len(frame), STRATUM)], secret=secret,
        deal_secret=deal_secret, source=spec.source, more={
            **spec.as_plan(), "call_in": "none", "rubric_digests": store_rubrics({r for _, r in entries.values()}, institution=round_.institution, now=now),
        },
    )  # fmt: skip
    public_id = new_public_id()
    track = Round(
        public_id=public_id, code=f"{round_.code[:40]}-{public_id[:8]}", title=round_.title, kind=round_.kind,
        institution_id=round_.institution_id, state=round_.state, spec=round_.spec, plan=plan.text,
        frame_digest=frame.digest, frame_size=len(frame), salt=salt, secret=secret, deal_secret=deal_secret,
        created_at=now, frozen_at=now,
    )  # fmt: skip
    db.session.add(track)
    db.session.flush()
    _store_files(track, entries, seed=digest(plan.digest, secret), now=now)
    db.session.add(TargetedTrack(round_id=round_.id, track_id=track.id, opened_at=now))
    db.session.flush()
    return track


def _cases(ids: Collection[int]) -> list[tuple[Case, str]]:
    found: list[tuple[Case, str]] = []
    ordered = sorted(ids)
    for start in range(0, len(ordered), 500):
        rows = db.session.execute(
            select(Case, Institution.code)
            .join(Institution, Case.institution_id == Institution.id)
            .where(Case.id.in_(ordered[start : start + 500]))
        )
        found += [(case, code) for case, code in rows]
    return found


def _store_files(track: Round, entries: Mapping[str, tuple[int, str]], *, seed: str, now: datetime) -> None:
    db.session.add(
        RoundStratum(round_id=track.id, label=STRATUM, frame_size=len(entries), sample_size=len(entries))
    )
    db.session.execute(
        insert(FrameCase),
        [
            {
                "round_id": track.id,
                "case_id": id_,
                "key": key,
                "stratum": STRATUM,
                "rubric": rubric,
                "late": False,
            }
            for key, (id_, rubric) in entries.items()
        ],
    )
    db.session.add(RoundSeed(round_id=track.id, public="-", seed=seed, fixed_at=now))
    db.session.flush()
    rows = select(FrameCase.key, FrameCase.id).where(FrameCase.round_id == track.id)
    placed = sorted((digest(seed, "draw", key), id_) for key, id_ in db.session.execute(rows))
    db.session.execute(
        insert(SampledCase),
        [
            {
                "public_id": new_public_id(), "round_id": track.id, "frame_case_id": id_, "stratum": STRATUM,
                "place": place, "ticket": ticket, "weight_numerator": 1, "weight_denominator": 1,
            }
            for place, (ticket, id_) in enumerate(placed, start=1)
        ],
    )  # fmt: skip
