"""What the dry run found good is filed; the same again changes nothing."""

from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import CaseFile, StoredFile
from tests import factories, papers
from tests.structure.objects import sign_in, token_of
from tests.web.case_files.keeping import NUMBER, Keeping

GOOD = papers.pdf("x")


def waiting():
    rows = db.session.execute(select(StoredFile.public_id).filter_by(purpose="paper.waiting")).scalars()
    return list(rows)


def test_filed_once_and_nothing_left_waiting(app, session):
    keeping = Keeping(app)
    for filed in (1, 1):
        keeping.offer((f"{NUMBER}_judgment_1.pdf", GOOD))
        assert keeping.client.post("/papers/store", data={"file": waiting()}).status_code == 302
        assert [paper.code for paper in keeping.papers] == ["judgment"] * filed
        assert waiting() == []


def test_what_somebody_else_brought_is_not_there(app, session):
    keeping = Keeping(app)
    keeping.offer((f"{NUMBER}_judgment_1.pdf", GOOD))
    other = app.test_client()
    sign_in(other, token_of(factories.create_account(role=Role.LIAISON, institution=keeping.county)))
    assert other.post("/papers/store", data={"file": waiting()}).status_code == 404
    assert db.session.execute(select(CaseFile)).first() is None
