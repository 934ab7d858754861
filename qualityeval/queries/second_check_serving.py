"""The part of the second checker that is about who served when: terms, leave, seats, meetings, doubts, withdrawals."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from qualityeval.clock import office_date
from qualityeval.database import db
from qualityeval.models import (
    Appointment,
    Assignment,
    Case,
    FrameCase,
    IdentityProposal,
    Institution,
    Leave,
    Round,
    SampledCase,
    TargetedTrack,
    WatchProposal,
)

Parties = Mapping[int, "Party"]


@dataclass(frozen=True)
class Broken:
    """A rule that a stored assignment breaks; no expert where two of one provider share a file."""

    case: str
    expert: str
    rule: str

    def __str__(self) -> str:
        """`case expert: rule`."""
        return f"{self.case} {self.expert}: {self.rule}".replace(" : ", ": ")


@dataclass(frozen=True)
class Party:
    """An expert or a drawn case with what the other side must not, or has to, share."""

    name: str
    firm: str
    licence: str
    seat: int | None
    above: frozenset[str]  # its places at the level of the round's rule
    kinds: frozenset[str]
    second_licence: str = ""  # of a case's second practitioner
    second_firm: str = ""


def not_serving(round_: Round, cases: Parties, experts: Parties) -> list[Broken]:
    """Files dealt outside the reader's term or round, or during leave, and those of a place that the reader leads.

    Leave that was entered after the dealing doesn't make the dealing wrong; sheets that are in stay in.
    """
    beside = select(TargetedTrack.round_id).where(TargetedTrack.track_id == round_.id)
    rounds = {round_.id, *db.session.execute(beside).scalars()}
    terms = {one.expert_id: one for one in db.session.execute(select(Appointment)).scalars()}
    leaves: dict[int, list[Leave]] = {}
    for away in db.session.execute(select(Leave)).scalars():
        leaves.setdefault(away.expert_id, []).append(away)
    if not terms and not leaves:
        return []
    lines = select(Assignment.sampled_case_id, Assignment.expert_id, Assignment.dealt_at).where(
        Assignment.round_id == round_.id,
        Assignment.state != "submitted",
        Assignment.expert_id.in_({*terms, *leaves}),
    )
    found = []
    for sampled, expert, at in db.session.execute(lines):
        day, term = office_date(at), terms.get(expert)
        broken = {
            "term": term and not (term.since or day) <= day <= (term.until or day),
            "other_round": term and term.round_id and term.round_id not in rounds,
            "leave": any(
                one.since <= day <= one.until and one.recorded_at <= at for one in leaves.get(expert, ())
            ),
        }
        if sampled in cases:
            who = cases[sampled].name, experts[expert].name
            found += [Broken(*who, rule) for rule, is_so in broken.items() if is_so]
    return found + (_led(round_, cases, experts) if terms else [])


def met_too_often(round_: Round, cases: Parties, experts: Parties) -> list[Broken]:
    """Files with which their reader met a practitioner or an institution more often in the year than the plan allows.

    All that was dealt is gone through in the order in which it was dealt, so that a later round makes no earlier deal wrong.
    """
    limits = json.loads(round_.plan or "{}").get("meetings")
    if not limits:
        return []
    rows = (
        select(
            Assignment.sampled_case_id, Assignment.expert_id, Assignment.round_id, Assignment.dealt_at,
            Case.practitioner_id.label("practitioner"), Case.institution_id.label("institution"),
            Case.second_practitioner_id.label("second"),
        )
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .order_by(Assignment.dealt_at, Assignment.id)
    )  # fmt: skip
    met, found = Counter[tuple[object, ...]](), []
    for row in db.session.execute(rows):
        for kind in limits:
            whom = {getattr(row, kind), row.second if kind == "practitioner" else None} - {None}
            pairs = [(row.expert_id, kind, one, office_date(row.dealt_at).year) for one in whom]
            met.update(pairs)
            is_over = any(met[pair] > limits[kind] for pair in pairs)
            if is_over and row.round_id == round_.id and row.sampled_case_id in cases:
                found.append(Broken(cases[row.sampled_case_id].name, experts[row.expert_id].name, "meetings"))
    return found


def _led(round_: Round, cases: Parties, experts: Parties) -> list[Broken]:
    """Files of an institution, or of one below it, that the reader leads or sits in, by the digits of the paths."""
    found = []
    for rule, column in (("head", Appointment.head_of_id), ("station", Appointment.station_id)):
        over, place = aliased(Institution), aliased(Institution)
        rows = (
            select(Assignment.sampled_case_id, Assignment.expert_id)
            .join(Appointment, Appointment.expert_id == Assignment.expert_id)
            .join(over, column == over.id)
            .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
            .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
            .join(Case, FrameCase.case_id == Case.id)
            .join(place, Case.institution_id == place.id)
            .where(
                Assignment.round_id == round_.id,
                func.substr(place.path, 1, func.length(over.path)) == over.path,
            )
        )
        found += [
            Broken(cases[sampled].name, experts[expert].name, rule)
            for sampled, expert in db.session.execute(rows)
            if sampled in cases
        ]
    return found


def not_to_be_dealt_to(round_: Round, cases: Parties, experts: Parties) -> list[Broken]:
    """Files dealt to somebody who may have been another entry's double, or who had been withdrawn, at that moment."""
    doubts = [
        (who, one.found_at, one.decided_at)
        for one in db.session.execute(select(IdentityProposal)).scalars()
        for who in (one.expert_id, one.other_id)
    ]
    agreed = select(WatchProposal).where(
        WatchProposal.state == "agreed", WatchProposal.expert_id.is_not(None)
    )
    decided = [
        (one.expert_id, one.decided_at, one.act)
        for one in db.session.execute(agreed.order_by(WatchProposal.id)).scalars()
    ]
    if not doubts and not decided:
        return []
    lines = select(Assignment.sampled_case_id, Assignment.expert_id, Assignment.dealt_at).where(
        Assignment.round_id == round_.id,
        Assignment.state != "submitted",
        Assignment.expert_id.in_({one[0] for one in (*doubts, *decided)}),
    )
    found = []
    for sampled, expert, at in db.session.execute(lines):
        acts = [act for who, since, act in decided if who == expert and since and since < at]
        broken = {
            "identity": any(
                who == expert and since < at and (until is None or until > at) for who, since, until in doubts
            ),
            "withdrawn": bool(acts) and acts[-1] == "withdraw",
        }
        if sampled in cases:
            who = cases[sampled].name, experts[expert].name
            found += [Broken(*who, rule) for rule, is_so in broken.items() if is_so]
    return found
