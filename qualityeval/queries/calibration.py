"""Anchors and hidden repeats: what an expert still has to score, and what it shows about them.

Nothing here reads or makes a result, and no query of results reads these tables.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, may
from qualityeval.core.errors import NotFound
from qualityeval.core.recusal import Judge, Matter, RecusalRules, reasons
from qualityeval.database import db, read_once
from qualityeval.models import (
    Anchor,
    Assignment,
    CalibrationSheet,
    Case,
    Expert,
    Practitioner,
    Round,
)
from qualityeval.queries import assignments, hearings, recused

ACTIVE = ("assigned", "scoring", "arbitration", "objection")
SUBMITTED = "submitted"
ANCHOR = "anchor"  # the slot of an anchor; a file that came back keeps the slot of the first reading


def parties(sheet: CalibrationSheet) -> tuple[Judge, Matter]:
    """The expert and the case of a sheet as the registers have them now."""
    return assignments.judge_of(sheet.expert), matter_of(db.session.get_one(Case, sheet.case_id))


def matter_of(case: Case) -> Matter:
    """A case that lies in no sample as the rules of recusal see it, with its places."""
    keys = {int(part) for part in case.institution.path.split("/") if part}
    return replace(hearings.matter_of(case), places=assignments.places(keys)[case.institution_id])


def _matters(cases: Collection[Case]) -> dict[int, Matter]:
    """The same of several cases, their places asked for at once."""
    keys = {int(part) for case in cases for part in case.institution.path.split("/") if part}
    at = assignments.places(keys)
    return {case.id: replace(hearings.matter_of(case), places=at[case.institution_id]) for case in cases}


def anchors_of(*round_ids: int) -> list[Anchor]:
    """The anchors of these rounds in the order in which they were chosen, with what the rules of recusal look at."""
    case = joinedload(Anchor.case)
    query = select(Anchor).options(
        case.joinedload(Case.institution), case.joinedload(Case.provider), case.joinedload(Case.practitioner),
        case.joinedload(Case.second_practitioner).joinedload(Practitioner.provider),
    )  # fmt: skip
    return list(db.session.execute(query.where(Anchor.round_id.in_(round_ids)).order_by(Anchor.id)).scalars())


def key_of(anchor: Anchor) -> str:
    """The case key of an anchor, for who keeps the register."""
    return f"{anchor.case.institution.code}:{anchor.case.number}"


def due(round_: Round, expert: Expert) -> list[Anchor]:
    """Anchors that the expert has yet to score: not one from whose case the round's rules keep them."""
    own = _own([round_], expert).get(round_.id, [])
    return [anchor for anchor, sheet in own if sheet is None or sheet.state != SUBMITTED]


def _own(
    rounds: Collection[Round], expert: Expert
) -> dict[int, list[tuple[Anchor, CalibrationSheet | None]]]:
    """By round the expert's anchors with the sheets that were begun."""
    ids = [one.id for one in rounds]
    found = anchors_of(*ids)
    if not found:
        return {}
    begun = {
        sheet.anchor_id: sheet
        for sheet in db.session.execute(
            select(CalibrationSheet).where(
                CalibrationSheet.round_id.in_(ids), CalibrationSheet.expert_id == expert.id,
                CalibrationSheet.anchor_id.is_not(None),
            )
        ).scalars()
    }  # fmt: skip
    judge, rules = assignments.judge_of(expert), {one.id: rules_of(one) for one in rounds}
    matters = _matters([anchor.case for anchor in found])
    own: dict[int, list[tuple[Anchor, CalibrationSheet | None]]] = defaultdict(list)
    for anchor in found:
        sheet = begun.get(anchor.id)
        if not reasons(judge, matters[anchor.case_id], rules[anchor.round_id]) and not (
            sheet and sheet.withdrawn_at
        ):
            own[anchor.round_id].append((anchor, sheet))
    return own


def rules_of(round_: Round) -> RecusalRules:
    """The rules of recusal that the freeze fixed."""
    return RecusalRules(**json.loads(round_.plan)["recusal"]) if round_.plan else RecusalRules()


def own_lines(actor: Actor, *, state: str = "") -> Select[Any]:
    """The expert's begun anchors and repeats as the desk lists them; `open` are those that wait for a sheet."""
    query = (
        select(CalibrationSheet)
        .join(Expert, CalibrationSheet.expert_id == Expert.id)
        .join(Round, CalibrationSheet.round_id == Round.id)
        .where(_mine(actor))
    )
    if state == "open":
        return query.where(CalibrationSheet.state != SUBMITTED, Round.state.in_(ACTIVE))
    return query.where(CalibrationSheet.state == state) if state else query


def _mine(actor: Actor) -> ColumnElement[bool]:
    if not may(actor, Permission.SHEET_WRITE) or actor.expert_code is None:
        return false()
    code = actor.expert_code
    own = (
        (Expert.code == code)
        & Round.state.in_((*ACTIVE, "released", "closed"))
        & CalibrationSheet.withdrawn_at.is_(None)
    )
    gone = read_once(("recused from calibration", code), lambda: _gone(code))
    return own & CalibrationSheet.id.not_in(gone) if gone else own


def _gone(code: str) -> list[int]:
    """Sheets of cases that the expert must not read any more."""
    rows = [
        (sheet, case, round_)
        for sheet, case, round_ in db.session.execute(
            select(CalibrationSheet, Case, Round)
            .join(Expert, CalibrationSheet.expert_id == Expert.id)
            .join(Case, CalibrationSheet.case_id == Case.id)
            .join(Round, CalibrationSheet.round_id == Round.id)
            .options(
                joinedload(Case.institution), joinedload(Case.provider), joinedload(Case.practitioner),
                joinedload(Case.second_practitioner).joinedload(Practitioner.provider),
            )
            .where(Expert.code == code)
        )
    ]  # fmt: skip
    if not rows:
        return []
    lost, judge = set(recused.lines_of(code)), assignments.judge_of(rows[0][0].expert)
    matters = _matters([case for _sheet, case, _round in rows])
    return [
        sheet.id
        for sheet, case, round_ in rows
        if sheet.repeat_of_id in lost or reasons(judge, matters[case.id], rules_of(round_))
    ]


@dataclass(frozen=True)
class OwnAnchor:
    """An anchor as its expert sees it: by number, never by name; `sheet` once begun, figures once submitted."""

    anchor: str
    round_title: str
    number: int
    kinds: tuple[str, str, str, str]  # cause, case type, form of aid, stage
    sheet: str
    state: str
    own: int | None
    reference: int | None
    required: bool

    @property
    def apart(self) -> int | None:
        """Own minus reference, once there are both."""
        return None if self.own is None or self.reference is None else self.own - self.reference


def own_anchors(actor: Actor) -> list[OwnAnchor]:
    """The anchors of the rounds in which this expert reads, rounds being scored and their anchors in order."""
    if not may(actor, Permission.SHEET_WRITE) or actor.expert_code is None:
        return []
    reads = exists().where(Assignment.round_id == Round.id, Assignment.expert_id == Expert.id)
    anchored = exists().where(Anchor.round_id == Round.id)
    pairs = db.session.execute(
        select(Round, Expert)
        .join(Expert, Expert.code == actor.expert_code)
        .where(reads, anchored, Round.state.in_((*ACTIVE, "released", "closed")))
        .order_by(Round.id.desc())
    ).all()
    if not pairs:
        return []
    own = _own([round_ for round_, _expert in pairs], pairs[0][1])
    return [
        _shown(round_, number, anchor, sheet)
        for round_, _expert in pairs
        for number, (anchor, sheet) in enumerate(own.get(round_.id, ()), start=1)
        if round_.state in ACTIVE or (sheet is not None and sheet.state == SUBMITTED)
    ]


def _shown(round_: Round, number: int, anchor: Anchor, sheet: CalibrationSheet | None) -> OwnAnchor:
    case = anchor.case
    is_in = sheet is not None and sheet.state == SUBMITTED
    return OwnAnchor(
        anchor.public_id, round_.title, number, (case.cause, case.case_type, case.aid_form, case.stage),
        sheet.public_id if sheet else "", sheet.state if sheet else "",
        sheet.total if sheet is not None and is_in else None,
        anchor.reference["total"] if is_in and anchor.reference else None, asks(round_),
    )  # fmt: skip


def asks(round_: Round) -> bool:
    """Whether own files open only after the anchors."""
    return bool(round_.plan) and "calibration" in json.loads(str(round_.plan)).get("require", ())


def anchor_for(actor: Actor, public_id: str) -> tuple[Anchor, Round, Expert]:
    """An anchor that is this expert's to score; NotFound for any other."""
    row = db.session.execute(
        select(Anchor, Round, Expert)
        .join(Round, Anchor.round_id == Round.id)
        .join(Expert, Expert.code == (actor.expert_code or ""))
        .where(
            Anchor.public_id == public_id, Round.state.in_(ACTIVE),
            exists().where(Assignment.round_id == Round.id, Assignment.expert_id == Expert.id),
        )
    ).one_or_none()  # fmt: skip
    if row is None or row[0].id not in {
        anchor.id for anchor, _sheet in _own([row[1]], row[2]).get(row[1].id, ())
    }:
        raise NotFound(where="anchor")
    return row[0], row[1], row[2]


def submitted_for(actor: Actor, public_id: str) -> CalibrationSheet:
    """A submitted anchor sheet of this expert; a repeat is not there, so that nobody learns of it."""
    sheet: CalibrationSheet | None = db.session.execute(
        own_lines(actor, state=SUBMITTED).where(
            CalibrationSheet.public_id == public_id, CalibrationSheet.anchor_id.is_not(None)
        )
    ).scalar_one_or_none()
    if sheet is None:
        raise NotFound(where="sheet")
    return sheet
