"""The process checks of one case: for who keeps the register, and, dates only, for the expert it was dealt to."""

from sqlalchemy import select

from qualityeval.authz import Actor
from qualityeval.core.process_checks import Check, Facts, checks
from qualityeval.database import db
from qualityeval.models import Case, CaseFile
from qualityeval.queries import sheets
from qualityeval.queries.case_files import catalogue_of

FIELDS = (
    "applied_on", "decided_on", "noticed_on", "assigned_on", "named_on", "engaged_on", "met_on", "files_read_on",
    "hearing_on", "closed_on", "closing_paper_on", "submitted_on", "subsidy_on",
)  # fmt: skip


def checks_of(case: Case) -> list[Check]:
    """All twenty of a case that the caller may see."""
    codes = frozenset(
        db.session.execute(
            select(CaseFile.code).where(CaseFile.case_id == case.id, CaseFile.removed_at.is_(None)).distinct()
        ).scalars()
    )
    missing = catalogue_of(case).missing(codes) if codes else ()
    return checks(
        Facts(
            region=case.institution.code, case_type=case.case_type, aid_form=case.aid_form, stage=case.stage,
            dates={name: getattr(case, name) for name in FIELDS}, defaulted=tuple(case.defaulted or ()),
            hearing_held=case.hearing_held, papers=codes or None, missing=tuple(lines[0].code for lines in missing),
        )
    )  # fmt: skip


def checks_for(actor: Actor, public_id: str) -> list[Check]:
    """Those of a file dealt to this expert; NotFound for another's."""
    assignment = sheets.get_for(actor, public_id)
    return checks_of(db.session.get_one(Case, sheets.case_id_of(assignment)))
