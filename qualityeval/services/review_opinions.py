"""Making the 评估意见书 of a case: from its stored sheets and results, recorded."""

from datetime import datetime
from pathlib import Path

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, NotFound, WrongState, msg
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import read_content
from qualityeval.database import instance_folder
from qualityeval.models import Round, SampledCase
from qualityeval.queries import notified
from qualityeval.queries.case_review import CaseReview, review_of, sampled_by_key
from qualityeval.reports.review_opinion import Facts, ReviewOpinion, SheetFacts, review_opinion
from qualityeval.reports.review_opinion_case import case_lines
from qualityeval.reports.review_opinion_files import KINDS, opinion_file
from qualityeval.services import audit
from qualityeval.services.rounds import read_spec
from qualityeval.services.scoring import frozen_rubric
from qualityeval.words.moments import OFFICE
from qualityeval.words.rounds import stratum

TEMPLATE = Path("templates") / "review_opinion.docx"


def find_case(*, actor: Actor, round_: Round, key: str) -> SampledCase:
    """The drawn case of this key in a round whose results the actor may read; NotFound otherwise."""
    require(actor, Permission.ROUND_ASSIGN, round_)
    found = sampled_by_key(round_, key)
    if found is None:
        raise NotFound(where="case")
    return found


def make_opinion(*, actor: Actor, round_: Round, sampled: SampledCase, kind: str, now: datetime) -> bytes:
    """The office's copy as `docx` or `pdf`, once the case has a result; experts stand by their codes.

    The office's own Word template is taken from `templates/review_opinion.docx` of the instance folder.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    return _file(actor, round_, sampled, kind=kind, for_institution=False, now=now)


def make_own_opinion(*, actor: Actor, public_id: str, kind: str, now: datetime) -> bytes:
    """The copy of the institution whose case it is, after the release: without anything about the experts."""
    round_, sampled, case = notified.sampled_for(actor, public_id)
    require(actor, Permission.OBJECTION_RAISE, case)
    if round_.state not in notified.RELEASED:
        raise WrongState("opinion.not_released", msg("结果发布以后才能下载评估意见书。"), where="round")
    return _file(actor, round_, sampled, kind=kind, for_institution=True, now=now)


def read_opinion(
    *, round_: Round, sampled: SampledCase, for_institution: bool, now: datetime
) -> ReviewOpinion:
    """The text as it would be written now. Rights are the caller's to have checked."""
    review = review_of(round_, sampled)
    if not review.results:
        raise WrongState("opinion.no_result", msg("这件案件还没有结果，不能生成评估意见书。"), where="case")
    return review_opinion(_facts(review, for_institution=for_institution, now=now))


def _file(
    actor: Actor, round_: Round, sampled: SampledCase, *, kind: str, for_institution: bool, now: datetime
) -> bytes:
    if kind not in KINDS:
        raise InvalidInput("opinion.kind", msg("格式只能是docx或pdf。"), where="format")
    made = read_opinion(round_=round_, sampled=sampled, for_institution=for_institution, now=now)
    own = instance_folder() / TEMPLATE
    content = opinion_file(made, kind=kind, made_at=now, template=own if own.is_file() else None)
    audit.record(
        actor, "review_opinion.made", now=now, object_type="drawn_file", object_id=sampled.public_id, kind=kind,
        copy="institution" if for_institution else "office",
    )  # fmt: skip
    return content


def _facts(review: CaseReview, *, for_institution: bool, now: datetime) -> Facts:
    round_, rubric = review.round_, frozen_rubric(review.frame_case.rubric)
    objection, spec = review.objection, read_spec(round_.spec)
    return Facts(
        round_title=round_.title, round_code=round_.code, owner=round_.institution.name, key=review.frame_case.key,
        made_on=now.astimezone(OFFICE).date(), is_released=round_.state in notified.RELEASED,
        for_institution=for_institution, case=case_lines(review.case), spec=spec, rubric=rubric,
        stratum=_stratum(review, spec), place=review.sampled.place,
        handed_in_on=review.handed_in_on, pages=review.pages,
        sheets=[
            SheetFacts(
                slot, code, read_content(sheet.content, rubric), sheet.total, sheet.grade,
                sheet.submitted_at.astimezone(OFFICE).date(),
            )
            for slot, code, sheet in review.sheets
        ],
        results=[(one.step, one.total, one.grade, tuple(one.vetoes), one.by) for one in review.results],
        reasons=review.reasons,
        agreed=_agreed(review, rubric),
        objection=(objection.state, objection.reason, objection.answer) if objection else None,
    )  # fmt: skip


def _agreed(review: CaseReview, rubric: Rubric) -> dict[str, str] | None:
    """Grades by indicator of the last result; what no majority agreed on is left out."""
    return (review.results[-1].marks or {}) if rubric.method == "indicator" else None


def _stratum(review: CaseReview, spec: RoundSpec) -> str:
    home = review.case.institution
    return stratum(review.sampled.stratum, spec.strata_fields, "zh", places={home.code: home.name})
