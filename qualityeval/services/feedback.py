"""Making the feedback on a released round to one of its institutions, and to all of them in one file."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from sqlalchemy import select

from qualityeval.authz import COMMAND_LINE, Actor, Permission, may, require
from qualityeval.clock import office_date
from qualityeval.core.errors import InvalidInput, NotFound, WrongState, msg
from qualityeval.database import db, instance_address
from qualityeval.models import Institution, Round
from qualityeval.queries import feedback as queries
from qualityeval.queries import result_pages
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.results import RELEASED
from qualityeval.queries.rubric_texts import grades_of
from qualityeval.reports.feedback import FeedbackFacts, feedback
from qualityeval.reports.paper import Paper
from qualityeval.reports.paper_files import KINDS, paper_file
from qualityeval.services import audit
from qualityeval.services.circulars import own_template


def institution_for(*, actor: Actor, round_: Round, code: str) -> Institution:
    """The institution of this code that has evaluated cases in the round; NotFound where the actor may not read on."""
    is_own = may(actor, Permission.OBJECTION_RAISE) and queries.own_code(actor, round_) == code
    listed = {one for one, _name in queries.institutions_of(round_)}
    if code not in listed or not (is_own or may(actor, Permission.ROUND_RELEASE, round_)):
        raise NotFound(where="institution")
    return db.session.execute(select(Institution).where(Institution.code == code)).scalar_one()


def read_feedback(*, actor: Actor, round_: Round, code: str, now: datetime) -> Paper:
    """The feedback's text and tables; refused before the release, NotFound for somebody else's institution."""
    institution = institution_for(actor=actor, round_=round_, code=code)
    if round_.state not in RELEASED:
        raise WrongState(
            "feedback.early", msg("发布之后才能生成反馈意见。"), where="round", state=round_.state
        )
    return feedback(_facts(round_, institution, now))


def make_feedback(*, actor: Actor, round_: Round, code: str, kind: str, now: datetime) -> bytes:
    """The feedback as `docx`, `pdf` or `xlsx`; the log notes that it was made."""
    _refuse_kind(kind)
    made = read_feedback(actor=actor, round_=round_, code=code, now=now)
    content = paper_file(made, kind=kind, made_at=now, template=own_template())
    _record(actor, round_, code, kind, now)
    return content


def make_all(*, actor: Actor, round_: Round, kind: str, now: datetime) -> bytes:
    """A ZIP with one file an institution, named by code and name; for the round's own body."""
    _refuse_kind(kind)
    require(actor, Permission.ROUND_RELEASE, round_)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as whole:
        for code, name in queries.institutions_of(round_):
            made = read_feedback(actor=actor, round_=round_, code=code, now=now)
            whole.writestr(
                f"{code}-{_plain(name)}.{kind}",
                paper_file(made, kind=kind, made_at=now, template=own_template()),
            )
    _record(actor, round_, "", kind, now)
    return buffer.getvalue()


def _refuse_kind(kind: str) -> None:
    if kind not in KINDS:
        raise InvalidInput("circular.kind", msg("格式只能是docx、pdf或xlsx。"), where="format")


def _record(actor: Actor, round_: Round, code: str, kind: str, now: datetime) -> None:
    audit.record(
        actor,
        "feedback.made",
        now=now,
        object_type="round",
        object_id=round_.code,
        kind=kind,
        institution=code,
    )


def _plain(name: str) -> str:
    """A name that a file system takes."""
    return "".join("_" if letter in '\\/:*?"<>|' or letter < " " else letter for letter in name)


def _facts(round_: Round, institution: Institution, now: datetime) -> FeedbackFacts:
    found = queries.items_of(round_, institution)
    cases = queries.cases_of(round_, institution)
    grades = grades_of({one.rubric for one in cases})
    certificate: dict[str, Any] = json.loads(round_queries.certificate_text(round_))
    return FeedbackFacts(
        title=round_.title, code=round_.code, body=round_.institution.name, institution=institution.name,
        overall=result_pages.results_for(COMMAND_LINE, round_, by=())["overall"],
        grades=[grade.name for grade in grades], good=frozenset(grade.name for grade in grades if grade.good),
        cases=cases, sheets=found.sheets, items=found.items,
        item_titles={code: title.zh for code, title in found.titles.items()},
        certificate=certificate,
        address=f"{instance_address()}/verify", made_on=office_date(now),
    )  # fmt: skip
