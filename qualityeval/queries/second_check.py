"""The second checker of a deal: re-reads the stored rows and the raw rules in its own way.

It shares no code with dealing or `core.recusal`, so that one mistake can't hide in both.
"""

import unicodedata
from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    Case,
    Expert,
    FileAnswer,
    FrameCase,
    Institution,
    Interest,
    Practitioner,
    Provider,
    Round,
    SampledCase,
)
from qualityeval.queries.second_check_serving import (
    Broken,
    Party,
    met_too_often,
    not_serving,
    not_to_be_dealt_to,
)


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
        if provider and expert.firm and expert.firm in (case.firm, case.second_firm):
            found.append(Broken(case.name, expert.name, "provider"))
        if expert.licence and expert.licence in (case.licence, case.second_licence):
            found.append(Broken(case.name, expert.name, "own_case"))
        if expert.seat is not None and expert.seat == case.seat:
            found.append(Broken(case.name, expert.name, "institution"))
        if not expert.above.isdisjoint(case.above):
            found.append(Broken(case.name, expert.name, "region"))
        if specialty == "required" and expert.kinds.isdisjoint(case.kinds):
            found.append(Broken(case.name, expert.name, "specialty"))
    found += _told_to_stay_away(round_, only)
    for check in (not_serving, met_too_often, not_to_be_dealt_to):
        found += check(round_, cases, experts)
    return found + [
        Broken(cases[sampled].name, "", "same_provider")
        for (sampled, _firm), count in together.items()
        if count > 1
    ]


def _told_to_stay_away(round_: Round, only: Collection[str] | None) -> list[Broken]:
    """Pairs that a recorded interest in force, or a shared matter before a court, forbids: the database compares.

    And who reads a file that they gave up.
    """
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
    found = {(key, expert, kind) for key, expert, kind in db.session.execute(_told(pairs))}
    if handled := _handled():
        in_court = pairs.add_columns(Case.court_number).where(
            Case.court_number != "", Expert.code.in_({expert for expert, _number in handled})
        )
        rows = db.session.execute(in_court)
        found |= {(key, expert, "same_case") for key, expert, number in rows if (expert, number) in handled}
    found |= {(key, expert, "gave_up") for key, expert in db.session.execute(_given_up(pairs))}
    return [Broken(*one) for one in sorted(found)]


def _told(pairs: Any) -> Any:
    """Those of the pairs that an interest in force forbids, with its kind."""
    above, second, firm = aliased(Institution), aliased(Practitioner), aliased(Provider)
    return (
        pairs.add_columns(Interest.kind)
        .join(Interest, Interest.expert_id == Assignment.expert_id)
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(second, Case.second_practitioner_id == second.id)
        .outerjoin(firm, second.provider_id == firm.id)
        .outerjoin(above, Interest.institution_id == above.id)
        .where(
            Interest.lifted_at.is_(None),
            # few experts have any: the database looks up their files alone, not everybody's
            Assignment.expert_id.in_(select(Interest.expert_id).where(Interest.lifted_at.is_(None))),
            (Interest.case_id == Case.id)
            | Interest.practitioner_id.in_([Case.practitioner_id, Case.second_practitioner_id])
            | ((Interest.provider != "") & Interest.provider.in_([Provider.name, firm.name]))
            | (func.substr(Institution.path, 1, func.length(above.path)) == above.path),
        )
    )


def _given_up(pairs: Any) -> Any:
    """Those of the pairs in which the expert reads a file that they gave up."""
    return pairs.join(
        FileAnswer,
        (FileAnswer.sampled_case_id == SampledCase.id) & (FileAnswer.expert_id == Expert.id),
    ).where(
        FileAnswer.answer != "accepted",
        Assignment.sampled_case_id.in_(
            select(FileAnswer.sampled_case_id).where(FileAnswer.answer != "accepted")
        ),
    )


def _handled() -> set[tuple[str, str]]:
    """(expert, number before the court) of every case that an expert handled, by licence."""
    own = select(Expert.code, Practitioner.id).join(Practitioner, Practitioner.licence == Expert.licence)
    experts = dict[int, list[str]]()
    for code, person in db.session.execute(own.where(Expert.licence != "")):
        experts.setdefault(person, []).append(code)
    if not experts:
        return set()
    found = set()
    for column in (Case.practitioner_id, Case.second_practitioner_id):
        rows = db.session.execute(
            select(column, Case.court_number).where(Case.court_number != "", column.in_(experts))
        )
        found |= {(code, number) for person, number in rows if person is not None for code in experts[person]}
    return found


def _at_level(region: str) -> frozenset[str]:
    rows = db.session.execute(select(Institution.id).where(Institution.level == region)).scalars()
    return frozenset(str(id_) for id_ in rows)


def _pairs(round_: Round) -> list[tuple[int, int]]:
    query = (  # by the files, in whose index the readers stand
        select(Assignment.sampled_case_id, Assignment.expert_id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .where(SampledCase.round_id == round_.id)
    )
    return [(sampled, expert) for sampled, expert in db.session.execute(query)]


def _experts(here: frozenset[str]) -> dict[int, Party]:
    query = select(
        Expert.id, Expert.code, Expert.provider, Expert.licence, Institution.id, Institution.path,
        Expert.specialties,
    ).outerjoin(Institution, Expert.institution_id == Institution.id)  # fmt: skip
    return {
        id_: Party(code, firm, licence, seat, here & set((path or "").split("/")), _kinds_known(words or ()))
        for id_, code, firm, licence, seat, path, words in db.session.execute(query)
    }


def _cases(round_: Round, here: frozenset[str], only: Collection[str] | None) -> dict[int, Party]:
    second, beside = aliased(Practitioner), aliased(Provider)
    query = (
        select(
            SampledCase.id, FrameCase.key, Provider.name, Practitioner.licence, Case.institution_id,
            Institution.path, Case.case_type, Case.aid_form, Case.sealed, second.licence, beside.name,
        )
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
        .outerjoin(second, Case.second_practitioner_id == second.id)
        .outerjoin(beside, second.provider_id == beside.id)
        .where(SampledCase.round_id == round_.id)
    )  # fmt: skip
    if only is not None:
        query = query.where(FrameCase.key.in_(only))
    above: dict[str, frozenset[str]] = {}
    kinds: dict[tuple[str, str, bool], frozenset[str]] = {}
    found = {}
    for id_, key, firm, licence, seat, path, case_type, aid_form, sealed, *other in db.session.execute(query):
        if path not in above:
            above[path] = here & set(path.split("/"))
        if (asked := (case_type, aid_form, sealed)) not in kinds:
            kinds[asked] = _kinds_of(*asked)
        found[id_] = Party(
            key, firm or "", licence or "", seat, above[path], kinds[asked], *(text or "" for text in other)
        )
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
