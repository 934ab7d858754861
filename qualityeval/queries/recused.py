"""Files that were dealt to an expert who must not read them any more: the registers changed since.

Such a file is not there for the expert: in no list, no count, at no address. The owning body sees it in the
round's status and deals it to somebody else.
"""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from qualityeval.core.recusal import Judge, Matter, RecusalRules, Tie, reasons
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
from qualityeval.queries import assignments, interests


def lines_of(expert_code: str) -> list[int]:
    """Keys of the expert's assignments that fall under a rule of their round as the registers stand now."""
    rows = _rows(expert_code)
    paths = {row.seat_path for row in rows} | {row.place_path or "" for row in rows}
    at = assignments.places({int(part) for path in paths for part in path.split("/") if part})
    ties = interests.ties({row.expert for row in rows})
    return [
        row.id
        for row in rows
        if reasons(_judge(row, at, ties.get(row.expert, ())), _matter(row, at), _rules(row.plan))
    ]


def _rules(plan: str | None) -> RecusalRules:
    """The rules that the freeze fixed."""
    return RecusalRules(**json.loads(plan)["recusal"]) if plan else RecusalRules()


def _judge(row: Any, at: dict[int, dict[str, str]], ties: tuple[Tie, ...]) -> Judge:
    return Judge(
        code=row.code, provider=row.firm, licence=row.licence, institution=row.place_code or "",
        places=at.get(row.place or 0, {}), ties=ties,
    )  # fmt: skip


def _matter(row: Any, at: dict[int, dict[str, str]]) -> Matter:
    return Matter(
        "", row.seat_code, row.handler_firm or "", row.handler_licence or "", at[row.seat], str(row.case),
        str(row.handler or ""), row.seat_path, row.court_number,
        assignments.beside(row.second, row.second_licence, row.second_firm),
    )  # fmt: skip


def _rows(expert_code: str) -> list[Any]:
    place, seat = aliased(Institution), aliased(Institution)
    second, firm = aliased(Practitioner), aliased(Provider)
    query = (
        select(
            Assignment.id, Round.plan, Expert.id.label("expert"), Expert.code, Expert.provider.label("firm"), Expert.licence,
            Provider.name.label("handler_firm"), Practitioner.licence.label("handler_licence"),
            Case.id.label("case"), Practitioner.id.label("handler"), Case.court_number,
            place.id.label("place"), place.code.label("place_code"), place.path.label("place_path"),
            second.id.label("second"), second.licence.label("second_licence"), firm.name.label("second_firm"),
            seat.id.label("seat"), seat.code.label("seat_code"), seat.path.label("seat_path"),
        )
        .select_from(Assignment)
        .join(Round, Assignment.round_id == Round.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(seat, Case.institution_id == seat.id)
        .outerjoin(place, Expert.institution_id == place.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
        .outerjoin(second, Case.second_practitioner_id == second.id)
        .outerjoin(firm, second.provider_id == firm.id)
        .where(Expert.code == expert_code)
    )  # fmt: skip
    return list(db.session.execute(query).all())
