"""Who may read what, who reads what, and whether it is as the rules say."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from qualityeval.core.recusal import Handler, Judge, Matter, Tie
from qualityeval.core.specialties import asked_of
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    Case,
    Expert,
    FrameCase,
    Institution,
    Practitioner,
    Provider,
    Round,
    SampledCase,
)
from qualityeval.queries import call_in, interests, staff_parts

FIRST_ROUND = tuple(str(number) for number in range(1, 10))


@dataclass(frozen=True)
class DrawnFile:
    """A drawn case as dealing sees it, with the facts for recusal."""

    sampled_id: int
    key: str
    rubric: str
    matter: Matter
    specialties: frozenset[str] = frozenset()  # those that fit the case


@dataclass(frozen=True)
class AssignmentRow:
    """A line of `assignments`."""

    case: str
    expert: str
    slot: str
    state: str


def places(only: Collection[int] | None = None) -> dict[int, dict[str, str]]:
    """For each institution (or these, their ancestors among them) the codes by level from the root down."""
    query = select(Institution.id, Institution.code, Institution.level, Institution.path)
    rows = db.session.execute(query if only is None else query.where(Institution.id.in_(only))).all()
    named = {row.id: (row.level, row.code) for row in rows}
    return {row.id: dict(named[int(part)] for part in row.path.split("/") if part) for row in rows}


def judges(
    at: Mapping[int, Mapping[str, str]] | None = None, *, without: Collection[int] = ()
) -> list[tuple[Expert, Judge]]:
    """The active experts but those `without`, in the byte order of their codes."""
    at = places() if at is None else at
    rows = db.session.execute(
        select(Expert).options(joinedload(Expert.institution)).where(Expert.active)
    ).scalars()
    ties = interests.ties()
    pool = [(one, _judge(one, at, ties.get(one.id, ()))) for one in rows if one.id not in without]
    return sorted(pool, key=lambda pair: pair[0].code.encode())


def _judge(one: Expert, at: Mapping[int, Mapping[str, str]], ties: tuple[Tie, ...]) -> Judge:
    return Judge(
        code=one.code, provider=one.provider, licence=one.licence,
        institution=one.institution.code if one.institution else "",
        places=at.get(one.institution_id or 0, {}), ties=ties,
    )  # fmt: skip


def drawn_files(
    round_: Round,
    at: Mapping[int, Mapping[str, str]] | None = None,
    *,
    only: int | Collection[int] | None = None,
) -> list[DrawnFile]:
    """The drawn cases of a round whose files are there (or those of these keys) by the bytes of their case key."""
    at = places() if at is None else at
    second, firm = aliased(Practitioner), aliased(Provider)
    query = (
        select(
            SampledCase.id, FrameCase.key, FrameCase.rubric, Institution.id, Institution.code, Provider.name,
            Practitioner.licence, Case.case_type, Case.aid_form, Case.sealed, Case.id, Practitioner.id,
            Institution.path, Case.court_number, second.id, second.licence, firm.name,
        )
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
        .outerjoin(second, Case.second_practitioner_id == second.id)
        .outerjoin(firm, second.provider_id == firm.id)
        .where(SampledCase.round_id == round_.id)
    )  # fmt: skip
    query = query.where(call_in.there(round_) if only is None else SampledCase.id.in_(_listed(only)))

    @cache  # a few kinds of case, many cases
    def asked(case_type: str, aid_form: str, sealed: bool) -> frozenset[str]:
        return asked_of(case_type, aid_form, minor=sealed)

    files = [
        DrawnFile(
            id_,
            key,
            rubric,
            Matter(
                key, code, provider or "", licence or "", at.get(place, {}), str(case), str(person or ""), path, court,
                beside(*other),
            ),
            asked(case_type, aid_form, sealed),
        )
        for id_, key, rubric, place, code, provider, licence, case_type, aid_form, sealed, case, person, path, court, *other
        in db.session.execute(query)
    ]  # fmt: skip
    return sorted(files, key=attrgetter("key"))  # code points stand in the order of their UTF-8 bytes


def beside(person: int | None, licence: str | None, provider: str | None) -> tuple[Handler, ...]:
    """A case's second practitioner for the rules, as the registers have them; nobody where there is none."""
    return () if person is None else (Handler(provider or "", licence or "", str(person)),)


def parties(assignment: Assignment) -> tuple[Judge, Matter]:
    """The expert and the case of one assignment as the registers have them now."""
    round_ = db.session.get_one(Round, assignment.round_id)
    seat = db.session.execute(
        select(Institution.path)
        .join(Case, Case.institution_id == Institution.id)
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.id == assignment.sampled_case_id)
    ).scalar_one()
    expert = assignment.expert
    paths = seat + (expert.institution.path if expert.institution else "")
    at = places({int(part) for part in paths.split("/") if part})
    (file,) = drawn_files(round_, at, only=assignment.sampled_case_id)
    return _judge(expert, at, interests.ties([expert.id]).get(expert.id, ())), file.matter


def judge_of(expert: Expert) -> Judge:
    """One expert as the rules see them."""
    path = expert.institution.path if expert.institution else ""
    at = places({int(part) for part in path.split("/") if part})
    return _judge(expert, at, interests.ties([expert.id]).get(expert.id, ()))


def _listed(keys: int | Collection[int]) -> Collection[int]:
    return (keys,) if isinstance(keys, int) else keys


def readers_of(
    round_: Round, *, only: int | Collection[int] | None = None
) -> dict[int, list[tuple[str, int]]]:
    """For each drawn case of the round (or those of these keys) its (slot, expert) pairs."""
    query = select(Assignment.sampled_case_id, Assignment.slot, Assignment.expert_id).where(
        Assignment.round_id == round_.id
    )
    if only is not None:
        query = query.where(Assignment.sampled_case_id.in_(_listed(only)))
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for sampled, slot, expert in db.session.execute(query):
        found[sampled].append((slot, expert))
    return found


def providers_of(round_: Round) -> dict[int, str]:
    """The provider of every expert who reads in the round, of those who have left the pool too."""
    rows = db.session.execute(
        select(Expert.id, Expert.provider)
        .join(Assignment, Assignment.expert_id == Expert.id)
        .where(Assignment.round_id == round_.id)
        .distinct()
    )
    return dict(rows.all())


def loads_of(round_: Round) -> dict[int, int]:
    """How many files each expert has in the round, arbitrations too."""
    rows = db.session.execute(
        select(Assignment.expert_id, func.count())
        .where(Assignment.round_id == round_.id)
        .group_by(Assignment.expert_id)
    )
    return dict(rows.all())


def rows_of(round_: Round) -> Iterator[AssignmentRow]:
    """The lines of `assignments`, by case key and slot."""
    rows = db.session.execute(
        select(FrameCase.key, Expert.code, Assignment.slot, staff_parts.standing())
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .where(Assignment.round_id == round_.id)
    ).all()
    for row in sorted(rows, key=lambda one: (one[0].encode(), one[2])):
        yield AssignmentRow(*row)


def by_pair(round_: Round, *, only: Collection[str] | None = None) -> dict[tuple[str, str], Assignment]:
    """The round's assignments (or those of some hundred case keys) by (case key, expert code)."""
    query = (
        select(FrameCase.key, Expert.code, Assignment)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .where(Assignment.round_id == round_.id)
    )
    if only is not None:
        query = query.where(FrameCase.round_id == round_.id, FrameCase.key.in_(only))
    return {(key, code): assignment for key, code, assignment in db.session.execute(query)}


def rubrics_of(sampled_ids: Sequence[int]) -> dict[int, str]:
    """The rubric key of each drawn case, in portions that every database takes."""
    found: dict[int, str] = {}
    for start in range(0, len(sampled_ids), 500):
        rows = db.session.execute(
            select(SampledCase.id, FrameCase.rubric)
            .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
            .where(SampledCase.id.in_(sampled_ids[start : start + 500]))
        )
        found |= dict(rows.all())
    return found
