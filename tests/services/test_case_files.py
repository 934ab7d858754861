"""Papers of a case: filed once, never overwritten, one digest over them all."""

import pytest

from qualityeval.adapters.pdf_pages import PaperReader
from qualityeval.core.codes import Role
from qualityeval.core.digests import digest
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import CaseFile, StoredFile
from qualityeval.queries import case_files as queries
from qualityeval.services import case_files as services
from qualityeval.services.case_files import NewPaper
from qualityeval.services.files import open_stored
from tests import factories, papers
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("session")
FIRST, SECOND = papers.pdf("first", "second"), papers.pdf("another")


@pytest.fixture(scope="module")
def reader():
    with PaperReader() as made:
        yield made


@pytest.fixture
def keeping(session, reader):
    return Keeping(reader)


class Keeping:
    """A county with a case, and those who keep its papers."""

    def __init__(self, reader):
        self.reader = reader
        self.county = factories.create_institution()
        self.case_id = factories.create_case(institution=self.county).id
        self.manager = factories.create_actor(institution=self.county)

    @property
    def case(self):
        return db.session.get_one(factories.Case, self.case_id)

    def add(self, content=FIRST, code="meeting-note", actor=None, name="张三会见.pdf"):
        with transaction():
            return services.add_paper(
                actor=actor or self.manager, case=self.case, paper=NewPaper(name, content, code), now=NOW,
                reader=self.reader,
            ).public_id  # fmt: skip

    def paper(self, public_id):
        return queries.paper_for(self.manager, public_id)

    def replace(self, public_id, content=SECOND, reason="原扫描件不清楚"):
        with transaction():
            return services.replace_paper(
                actor=self.manager, earlier=self.paper(public_id), paper=NewPaper("new.pdf", content, "meeting-note"),
                reason=reason, now=NOW, reader=self.reader,
            ).public_id  # fmt: skip


def test_papers_stand_in_filing_order(keeping):
    keeping.add(code="judgment")
    keeping.add(content=SECOND, code="application")
    keeping.add(code="meeting-note")
    keeping.add(content=SECOND, code="meeting-note")
    shown = [(p.volume, p.code, p.number, p.pages) for p in queries.papers_of(keeping.case)]
    assert shown == [
        ("institution", "application", 1, 1),
        ("undertaker", "meeting-note", 1, 2),
        ("undertaker", "meeting-note", 2, 1),
        ("undertaker", "judgment", 1, 2),
    ]


def test_the_bytes_are_kept_as_they_came_and_once(keeping):
    keeping.add(code="judgment")
    keeping.add(code="meeting-note")
    stored = db.session.execute(db.select(StoredFile).filter_by(purpose="paper")).scalar_one()
    with open_stored(stored) as file:
        assert file.read() == FIRST


def test_the_digest_follows_from_the_files(keeping):
    assert queries.papers_digest(keeping.case).digest == digest("papers")
    keeping.add(code="judgment")
    keeping.add(content=SECOND, code="application")
    found = queries.papers_digest(keeping.case)
    sums = [p.sha256 for p in queries.papers_of(keeping.case)]
    fields = ("papers", "institution", "application", sums[0], "undertaker", "judgment", sums[1])
    assert (found.papers, found.pages, found.digest) == (2, 3, digest(*fields))


def test_a_replaced_paper_stays_with_its_reason(keeping):
    first = keeping.add()
    second = keeping.replace(first)
    assert [p.public_id for p in queries.papers_of(keeping.case)] == [second]
    (gone,) = queries.removed_from(keeping.case)
    assert (gone.public_id, gone.removed_because) == (first, "原扫描件不清楚")
    assert keeping.paper(second).replaces_id == gone.id
    with pytest.raises(WrongState):
        keeping.replace(first)


def test_a_paper_leaves_only_with_a_reason(keeping):
    public_id = keeping.add()
    for reason in ("", "  ", "短", "长" * 201):
        with pytest.raises(InvalidInput), transaction():
            services.remove_paper(
                actor=keeping.manager, paper=keeping.paper(public_id), reason=reason, now=NOW
            )
    with transaction():
        services.remove_paper(
            actor=keeping.manager, paper=keeping.paper(public_id), reason="放错了案卷", now=NOW
        )
    assert queries.papers_of(keeping.case) == []
    assert keeping.add(), "the same paper may come back"


def test_neither_twice_nor_under_an_unknown_line(keeping):
    keeping.add()
    for content, code, said in (
        (FIRST, "meeting-note", "paper.same"),
        (SECOND, "nothing", "paper.code"),
        (b"x", "judgment", "paper.kind"),
    ):
        with pytest.raises(InvalidInput) as caught:
            keeping.add(content=content, code=code)
        assert caught.value.code == said
    assert len(queries.papers_of(keeping.case)) == 1


def test_what_came_after_the_draw_is_marked_and_stands_last(keeping):
    keeping.add(code="judgment")
    round_ = factories.create_round(institution=keeping.county, state="scoring")
    factories.create_assignment(expert=factories.create_expert(), case=keeping.case, round_=round_)
    keeping.add(content=SECOND, code="application")
    shown = [(p.code, p.after_draw) for p in queries.papers_of(keeping.case)]
    assert shown == [("judgment", False), ("application", True)]


def test_the_row_of_a_paper_never_changes(keeping):
    public_id = keeping.add()
    for change in ({"sha256": "0" * 64}, {"pages": 9}, {"code": "judgment"}):
        with pytest.raises(RuntimeError), transaction():
            for name, value in change.items():
                setattr(keeping.paper(public_id), name, value)
    with pytest.raises(RuntimeError), transaction() as session:
        session.delete(keeping.paper(public_id))
    assert db.session.query(CaseFile).count() == 1


@pytest.mark.parametrize("role", [Role.LIAISON, Role.MANAGER])
def test_the_institution_itself_keeps_papers(keeping, role):
    keeping.add(actor=factories.create_actor(role=role, institution=keeping.county))
    elsewhere = factories.create_actor(role=role, institution=factories.create_institution())
    with pytest.raises(NotAllowed):
        keeping.add(content=SECOND, actor=elsewhere)
    with pytest.raises(NotFound):
        queries.case_for(elsewhere, keeping.case.public_id)


def test_a_liaison_of_the_city_does_not_keep_the_countys_papers(keeping):
    city = factories.create_institution()
    below = factories.create_institution(parent=city)
    case = factories.create_case(institution=below)
    liaison = factories.create_actor(role=Role.LIAISON, institution=city)
    with pytest.raises(NotFound):
        queries.case_for(liaison, case.public_id)
    assert queries.case_for(factories.create_actor(institution=city), case.public_id).id == case.id


def test_an_expert_keeps_no_papers(keeping):
    expert = factories.create_actor(role=Role.EXPERT, institution=keeping.county)
    with pytest.raises(NotAllowed):
        keeping.add(actor=expert)
