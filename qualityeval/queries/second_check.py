"""The second checker of a deal: re-reads the stored rows and the raw rules in its own way.

It shares no code with dealing or `core.recusal`, so that one mistake can't hide in both.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from qualityeval.clock import office_date
from qualityeval.database import db
from qualityeval.models import (
    Appointment,
    Assignment,
    Case,
    Expert,
    FileAnswer,
    FrameCase,
    Institution,
    Interest,
    Leave,
    Practitioner,
    Provider,
    Round,
    SampledCase,
    TargetedTrack,
)


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
class _Party:
    """An expert or a drawn case with what the other side must not, or has to, share."""

    name: str
    firm: str
    licence: str
    seat: int | None
    above: frozenset[str]  # its places at the level of the round's rule
    kinds: frozenset[str]


def broken_rules(
    round_: Round,
    *,
    region: str,
    provider: bool,
    specialty: str = "ignore",
    only: Collection[str] | None = None,
) -> list[Broken]:
    """Every rule that the round's assignments (or those of some hundred keys) break as the registers stand now."""
    here = _at_level(region)
    experts, cases = _experts(here), _cases(round_, here, only)
    found: list[Broken] = []
    together: Counter[tuple[int, str]] = Counter()
    for sampled, reader in _pairs(round_):
        case, expert = cases.get(sampled), experts[reader]
        if case is None:
            continue
        if expert.firm:
            together[sampled, expert.firm] += 1
        if provider and expert.firm and expert.firm == case.firm:
            found.append(Broken(case.name, expert.name, "provider"))
        if expert.licence and expert.licence == case.licence:
            found.append(Broken(case.name, expert.name, "own_case"))
        if expert.seat is not None and expert.seat == case.seat:
            found.append(Broken(case.name, expert.name, "institution"))
        if not expert.above.isdisjoint(case.above):
            found.append(Broken(case.name, expert.name, "region"))
        if specialty == "required" and expert.kinds.isdisjoint(case.kinds):
            found.append(Broken(case.name, expert.name, "specialty"))
    found += _told_to_stay_away(round_, only)
    found += _not_serving(round_, cases, experts)
    found += _met_too_often(round_, cases, experts)
    return found + [
        Broken(cases[sampled].name, "", "same_provider")
        for (sampled, _firm), count in together.items()
        if count > 1
    ]


def _told_to_stay_away(round_: Round, only: Collection[str] | None) -> list[Broken]:
    """Pairs that a recorded interest in force, or a shared matter before a court, forbids: the database compares.

    And who reads a file that they gave up.
    """
    above = aliased(Institution)
    pairs = (
        select(FrameCase.key, Expert.code)
        .select_from(Assignment)
        .join(Expert, Assignment.expert_id == Expert.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .where(Assignment.round_id == round_.id)
    )
    if only is not None:
        pairs = pairs.where(FrameCase.key.in_(only))
    told = (
        pairs.add_columns(Interest.kind)
        .join(Interest, Interest.expert_id == Assignment.expert_id)
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(above, Interest.institution_id == above.id)
        .where(
            Interest.lifted_at.is_(None),
            # few experts have any: the database looks up their files alone, not everybody's
            Assignment.expert_id.in_(select(Interest.expert_id).where(Interest.lifted_at.is_(None))),
            (Interest.case_id == Case.id)
            | (Interest.practitioner_id == Case.practitioner_id)
            | ((Interest.provider != "") & (Interest.provider == Provider.name))
            | (func.substr(Institution.path, 1, func.length(above.path)) == above.path),
        )
    )
    again = pairs.join(
        FileAnswer,
        (FileAnswer.sampled_case_id == SampledCase.id) & (FileAnswer.expert_id == Expert.id),
    ).where(
        FileAnswer.answer != "accepted",
        Assignment.sampled_case_id.in_(
            select(FileAnswer.sampled_case_id).where(FileAnswer.answer != "accepted")
        ),
    )
    found = {(key, expert, kind) for key, expert, kind in db.session.execute(told)}
    if handled := _handled():
        in_court = pairs.add_columns(Case.court_number).where(
            Case.court_number != "", Expert.code.in_({expert for expert, _number in handled})
        )
        rows = db.session.execute(in_court)
        found |= {(key, expert, "same_case") for key, expert, number in rows if (expert, number) in handled}
    found |= {(key, expert, "gave_up") for key, expert in db.session.execute(again)}
    return [Broken(*one) for one in sorted(found)]


def _not_serving(round_: Round, cases: Mapping[int, _Party], experts: Mapping[int, _Party]) -> list[Broken]:
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


def _met_too_often(round_: Round, cases: Mapping[int, _Party], experts: Mapping[int, _Party]) -> list[Broken]:
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
        )
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .order_by(Assignment.dealt_at, Assignment.id)
    )  # fmt: skip
    met, found = Counter[tuple[object, ...]](), []
    for row in db.session.execute(rows):
        for kind in limits:
            if (whom := getattr(row, kind)) is None:
                continue
            pair = row.expert_id, kind, whom, office_date(row.dealt_at).year
            met[pair] += 1
            if met[pair] > limits[kind] and row.round_id == round_.id and row.sampled_case_id in cases:
                found.append(Broken(cases[row.sampled_case_id].name, experts[row.expert_id].name, "meetings"))
    return found


def _led(round_: Round, cases: Mapping[int, _Party], experts: Mapping[int, _Party]) -> list[Broken]:
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


def _handled() -> set[tuple[str, str]]:
    """(expert, number before the court) of every case that an expert handled, by licence."""
    own = select(Expert.code, Practitioner.id).join(Practitioner, Practitioner.licence == Expert.licence)
    experts = dict[int, list[str]]()
    for code, person in db.session.execute(own.where(Expert.licence != "")):
        experts.setdefault(person, []).append(code)
    if not experts:
        return set()
    cases = select(Case.practitioner_id, Case.court_number).where(Case.court_number != "")
    rows = db.session.execute(cases.where(Case.practitioner_id.in_(experts)))
    return {(code, number) for person, number in rows if person is not None for code in experts[person]}


def _at_level(region: str) -> frozenset[str]:
    rows = db.session.execute(select(Institution.id).where(Institution.level == region)).scalars()
    return frozenset(str(id_) for id_ in rows)


def _pairs(round_: Round) -> list[tuple[int, int]]:
    query = select(Assignment.sampled_case_id, Assignment.expert_id).where(Assignment.round_id == round_.id)
    return [(sampled, expert) for sampled, expert in db.session.execute(query)]


def _experts(here: frozenset[str]) -> dict[int, _Party]:
    query = select(
        Expert.id, Expert.code, Expert.provider, Expert.licence, Institution.id, Institution.path,
        Expert.specialties,
    ).outerjoin(Institution, Expert.institution_id == Institution.id)  # fmt: skip
    return {
        id_: _Party(code, firm, licence, seat, here & set((path or "").split("/")), _kinds_known(words or ()))
        for id_, code, firm, licence, seat, path, words in db.session.execute(query)
    }


def _cases(round_: Round, here: frozenset[str], only: Collection[str] | None) -> dict[int, _Party]:
    query = (
        select(
            SampledCase.id, FrameCase.key, Provider.name, Practitioner.licence, Case.institution_id,
            Institution.path, Case.case_type, Case.aid_form, Case.sealed,
        )
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
        .where(SampledCase.round_id == round_.id)
    )  # fmt: skip
    if only is not None:
        query = query.where(FrameCase.key.in_(only))
    above: dict[str, frozenset[str]] = {}
    kinds: dict[tuple[str, str, bool], frozenset[str]] = {}
    found = {}
    for id_, key, firm, licence, seat, path, case_type, aid_form, sealed in db.session.execute(query):
        if path not in above:
            above[path] = here & set(path.split("/"))
        if (asked := (case_type, aid_form, sealed)) not in kinds:
            kinds[asked] = _kinds_of(*asked)
        found[id_] = _Party(key, firm or "", licence or "", seat, above[path], kinds[asked])
    return found


# how the words for a kind of case begin, in the register's Chinese and in English
_BEGINNINGS = {
    "criminal": ("刑", "criminal"),
    "civil": ("民", "civil"),
    "administrative": ("行政", "administrative"),
    "labour": ("劳动", "labour", "labor"),
    "juvenile": ("未成年", "少年", "juvenile"),
}


def _kinds_known(words: Collection[str]) -> frozenset[str]:
    plain = [unicodedata.normalize("NFKC", word).strip().casefold() for word in words]
    return frozenset(
        kind for kind, start in _BEGINNINGS.items() if any(word.startswith(start) for word in plain)
    )


def _kinds_of(case_type: str, aid_form: str, sealed: bool) -> frozenset[str]:
    """A labour arbitration may go to a labour specialist too, a minor's sealed case to one for juveniles."""
    wider = {"labour": aid_form == "arbitration", "juvenile": sealed}
    return frozenset([case_type, *(kind for kind, applies in wider.items() if applies)])
