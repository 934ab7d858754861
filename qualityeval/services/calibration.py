"""Calibration 统一尺度: anchors and their reference answers, hidden repeats, and sheets of both.

Sheets of anchors and repeats lie apart from all others: no case is settled by one, and no figure of a result
holds one. Everything that changes what experts have to score holds the round's row.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from qualityeval.adapters.rubric_files import read_rubric
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.calibration import NO_POINTS, is_repeated, points_of
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.rates import parse_rate
from qualityeval.core.recusal import reasons
from qualityeval.core.rubric import resolve_rubric
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import judge, mark_of, read_content, read_points
from qualityeval.core.staff_part import staff_items
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import (
    Anchor,
    Calibration,
    CalibrationSheet,
    Case,
    FrameCase,
    Round,
    RubricVersion,
    SampledCase,
)
from qualityeval.queries import calibration as queries
from qualityeval.queries import calibration_figures as figures
from qualityeval.queries import staff_parts
from qualityeval.services import audit
from qualityeval.services.deal_basis import deal_seed_of
from qualityeval.services.rounds import read_spec
from qualityeval.services.seeds import lock

BEFORE_SCORING = ("drawn", "called_in", "assigned")
REPEATING = ("scoring", "arbitration")
OVER = ("released", "closed", "withdrawn")
SOURCES = ("panel", "manager")
MOST_ANCHORS, MOST_DAYS, LONGEST, DAYS = 30, 365, 400, 7
NOT_APPLICABLE = "na"  # typed in place of points


def choose(*, actor: Actor, round_: Round, key: str, now: datetime) -> Anchor:
    """Make a case of the own registers an anchor of the round.

    Refused once scoring has begun, for a case that isn't closed, is sealed, or is drawn here or in a round that
    isn't over, and where the round has no rubric for it.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    lock(round_)
    _refuse_late(round_)
    case = figures.candidate(actor, key)
    _refuse_unfit(case)
    if len(queries.anchors_of(round_.id)) >= MOST_ANCHORS:
        raise InvalidInput("anchor.many", msg("定标卷最多%(most)s件。"), where="case", most=MOST_ANCHORS)
    anchor = Anchor(round_id=round_.id, case_id=case.id, rubric=_rubric_for(round_, case), chosen_at=now)
    db.session.add(anchor)
    try:
        db.session.flush()
    except IntegrityError as fault:
        raise InvalidInput("anchor.twice", msg("这件案件已经是定标卷。"), where="case") from fault
    _note(actor, "anchor.chosen", round_, now, case=queries.key_of(anchor))
    return anchor


def _refuse_unfit(case: Case) -> None:
    if case.closed_on is None or case.sealed:
        raise InvalidInput(
            "anchor.unfit", msg("定标卷要用已结案、未封存的案件：每位专家都会看到它。"), where="case"
        )
    live = (
        select(SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Round, SampledCase.round_id == Round.id)
        .where(FrameCase.case_id == case.id, Round.state.not_in(OVER))
    )
    if db.session.execute(live.limit(1)).first():
        raise InvalidInput("anchor.drawn", msg("这件案件正在评估批次的样本里，不能作定标卷。"), where="case")


def _rubric_for(round_: Round, case: Case) -> str:
    rubrics = read_spec(round_.spec).rubrics
    key = resolve_rubric(rubrics, case_type=case.case_type, aid_form=case.aid_form, stage=case.stage)
    code, _, version = key.partition("@")
    stored = select(RubricVersion.text).where(
        RubricVersion.code == code, RubricVersion.version == int(version)
    )
    text = db.session.execute(stored).scalar_one_or_none()
    if text is None:
        raise InvalidInput(
            "anchor.rubric", msg("本批次抽样框里没有用 %(rubric)s 的案件，这件不能作定标卷。"), where="case", rubric=key
        )  # fmt: skip
    rubric = read_rubric(text)
    if rubric.method == "indicator":
        raise InvalidInput("anchor.no_points", NO_POINTS, where="case")
    if staff_items(rubric):
        raise InvalidInput(
            "anchor.staff_part", msg("这件的评分标准有工作人员填写的部分，专家单独评不出总分，不能作定标卷。"), where="case"
        )  # fmt: skip
    return key


def drop(*, actor: Actor, round_: Round, anchor: Anchor, now: datetime) -> None:
    """The case is no anchor any more; refused once an expert has begun it."""
    require(actor, Permission.ROUND_ASSIGN, round_)
    lock(round_)
    begun = select(CalibrationSheet.id).where(CalibrationSheet.anchor_id == anchor.id).limit(1)
    if db.session.execute(begun).first():
        raise WrongState("anchor.begun", msg("已有专家打开这件定标卷，不能再取消。"), where="anchor")
    _note(actor, "anchor.dropped", round_, now, case=queries.key_of(anchor))
    db.session.delete(anchor)
    db.session.flush()


def set_repeats(*, actor: Actor, round_: Round, rate: str, days: int, now: datetime) -> None:
    """Which share of an expert's files comes back, and after how many days; "" or 0 for none.

    Files that have come back stay; a rate that rises adds others to them.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    lock(round_)
    text = rate.strip()
    share = parse_rate(text, where="rate") if text.strip("0.%") else None
    if not 0 <= days <= MOST_DAYS:
        raise InvalidInput("repeat.days", msg("间隔天数要在0到%(most)s之间。"), where="days", most=MOST_DAYS)
    row = figures.settings_of(round_)
    if share is None:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(Calibration(round_id=round_.id, rate=str(share), days=days))
    else:
        row.rate, row.days = str(share), days
    db.session.flush()
    _note(actor, "repeats.set", round_, now, rate=str(share or 0), days=days)


def set_reference(
    *,
    actor: Actor,
    round_: Round,
    anchor: Anchor,
    content: dict[str, Any],
    source: str,
    reason: str,
    rubric: Rubric,
    now: datetime,
) -> None:
    """The reference answer of an anchor: a complete sheet, agreed by a panel or set by the manager, with its grounds.

    Setting it anew replaces it, and with it the deviations that experts see; both stand in the audit log.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    if source not in SOURCES:
        raise InvalidInput("reference.source", msg("请选择参考答案由谁确定。"), where="source")
    ask = msg("请写明参考答案的依据。")
    grounds = written(reason, "reason", code="reference.reason", longest=LONGEST, ask=ask)
    lock(round_)
    sheet = read_content(content, rubric)
    total, grade = points_of(rubric, sheet), judge(rubric, sheet).grade.name
    anchor.reference = {
        "content": sheet.as_json(),
        "total": total,
        "grade": grade,
    }
    anchor.source, anchor.reason, anchor.set_at = source, grounds, now
    db.session.flush()
    _note(
        actor, "reference.set", round_, now, case=queries.key_of(anchor), total=total, source=source,
        reason=anchor.reason,
    )  # fmt: skip


def answer_of(typed: Mapping[str, str], rubric: Rubric) -> dict[str, Any]:
    """A reference answer from what was typed an item: points, or `na`; empty is missing, which the judging refuses."""
    marks: dict[str, Any] = {}
    for code, text in typed.items():
        if text.casefold() == NOT_APPLICABLE:
            marks[code] = {"na": True, "reason": NOT_APPLICABLE}
        elif text:
            marks[code] = {"earned": mark_of(read_points(text, where=code), rubric, where=code)}
    return {"marks": marks}


def open_anchor(*, actor: Actor, public_id: str, now: datetime) -> CalibrationSheet:
    """The expert's sheet of an anchor, begun if it wasn't; NotFound for one that isn't theirs to score."""
    require(actor, Permission.SHEET_WRITE)
    anchor, round_, expert = queries.anchor_for(actor, public_id)
    lock(round_)
    begun = select(CalibrationSheet).where(
        CalibrationSheet.anchor_id == anchor.id, CalibrationSheet.expert_id == expert.id
    )
    sheet = db.session.execute(begun).scalar_one_or_none()
    if sheet is None:
        sheet = CalibrationSheet(
            round_id=round_.id, expert_id=expert.id, case_id=anchor.case_id, anchor_id=anchor.id,
            rubric=anchor.rubric, slot=queries.ANCHOR, dealt_at=now,
        )  # fmt: skip
        db.session.add(sheet)
        db.session.flush()
        audit.record(actor, "anchor.opened", now=now, object_type="calibration", object_id=sheet.public_id)
    return sheet


def deal_repeats(*, actor: Actor, round_: Round, now: datetime) -> int:
    """Deal the files that are due again to their readers; how many. A second press at the same moment deals none.

    Due is a first-round sheet that was handed in so many days ago and that the secret of the deal picks at the rate.
    The reader finds it on the desk under a number of its own, like any other file.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    lock(round_)
    row = figures.settings_of(round_)
    if row is None or round_.state not in REPEATING:
        return 0
    rate, seed = parse_rate(row.rate), deal_seed_of(round_)
    rules, dealt = queries.rules_of(round_), 0
    divided = staff_parts.divided(round_)  # one expert alone gives no total to compare
    for one in figures.repeatable(round_, before=now - timedelta(days=row.days)):
        if one.rubric in divided or not is_repeated(seed, one.key, one.expert, rate):
            continue
        line = CalibrationSheet(
            round_id=round_.id, expert_id=one.assignment.expert_id, expert=one.assignment.expert,
            case_id=one.case_id, repeat_of_id=one.assignment.id, rubric=one.rubric, slot=one.assignment.slot,
            dealt_at=now,
        )  # fmt: skip
        if reasons(*queries.parties(line), rules):
            continue
        db.session.add(line)
        dealt += 1
    db.session.flush()
    _note(actor, "repeats.dealt", round_, now, files=dealt)
    return dealt


def _refuse_late(round_: Round) -> None:
    if round_.state not in BEFORE_SCORING:
        raise WrongState(
            "anchor.state", msg("定标卷要在抽取以后、评分开始以前选定。"), where="state", state=round_.state
        )


def _note(actor: Actor, action: str, round_: Round, now: datetime, **detail: object) -> None:
    audit.record(actor, action, now=now, object_type="round", object_id=round_.code, **detail)
