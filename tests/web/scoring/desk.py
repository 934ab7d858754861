"""An expert's browser and a dealt file with papers, for tests of the desk."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Case, Expert, FrameCase, SampledCase
from qualityeval.queries import rounds as round_queries
from qualityeval.services import audit, case_files, dealing, own_rubrics
from qualityeval.services.case_files import NewPaper
from tests import factories, papers
from tests.factories import NOW
from tests.services import stories
from tests.structure.objects import sign_in, token_of

NAME = "张三的会见笔录.pdf"


@dataclass(frozen=True)
class Desk:
    """One file of expert E0: browser, public id of the assignment, and its case."""

    client: FlaskClient
    public_id: str
    case_id: int

    @property
    def path(self):
        return f"/scoring/{self.public_id}"

    def file(self, content, code="meeting-note", name=NAME):
        with transaction():
            return case_files.add_paper(
                actor=COMMAND_LINE, case=db.session.get_one(Case, self.case_id), paper=NewPaper(name, content, code),
                now=NOW,
            ).public_id  # fmt: skip

    def dated(self, **days):
        """The case with these dates in the register."""
        with transaction() as session:
            case = session.get_one(Case, self.case_id)
            for name, day in days.items():
                setattr(case, name, day)
            audit.record(COMMAND_LINE, "case.updated", now=NOW, object_type="case", object_id=case.number)


def set_up(app):
    """A round being scored with one case that is dealt to E0; rows only, so that it costs little."""
    root = factories.create_institution(level="province")
    case = factories.create_case(institution=root)
    round_ = factories.create_round(institution=root, state="scoring", spec=stories.spec(root.code))
    line = factories.create_assignment(expert=factories.create_expert(code="E0"), case=case, round_=round_)
    return Desk(_browser(app), line.public_id, case.id)


def dealt(app, session, *, spec="", rubric=None):
    """The same out of a round that was really planned, drawn and dealt; `rubric` is one of the body's own."""
    root, _ = stories.bureau(cases=(10,))
    first, second = stories.managers(root)
    factories.create_experts(range(4))
    text = stories.spec(root.code) + spec
    if rubric:
        with transaction():
            own_rubrics.bring(actor=first, mapping=rubric, institution=root, now=NOW)
        text = text.replace("criminal-trial@1", f"{rubric['code']}@{rubric['version']}")
    stories.drawn(first, second, text)
    with transaction():
        dealing.assign(actor=first, round_=round_queries.by_code_for(first, "R2026"), now=NOW)
    line = session.execute(
        select(Assignment.public_id, FrameCase.case_id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(Expert.code == "E0")
    ).first()
    return Desk(_browser(app), line[0], line[1])


def _browser(app):
    client = app.test_client()
    sign_in(client, token_of(factories.create_account(role=Role.EXPERT, name="e0", expert_code="E0")))
    return client


def planted():
    """A PDF of two pages whose properties name somebody."""
    return papers.pdf("alpha one", "beta two", Author="Planted Author", Title="Planted Title")
