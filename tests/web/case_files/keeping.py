"""A county with a case and the browsers of those who keep its papers."""

import io

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Case
from qualityeval.queries import case_files as queries
from tests import factories
from tests.structure.objects import sign_in, token_of

NUMBER = "2026-00418"


class Keeping:
    """Browser, case, and what its file holds."""

    def __init__(self, app, role=Role.LIAISON):
        self.county = factories.create_institution()
        self.case_id = factories.create_case(institution=self.county, number=NUMBER).id
        self.public_id = self.case.public_id
        self.client = app.test_client()
        sign_in(self.client, token_of(factories.create_account(role=role, institution=self.county)))

    @property
    def case(self):
        return db.session.get_one(Case, self.case_id)

    @property
    def papers(self):
        return queries.papers_of(self.case)

    def add(self, content, code="judgment", name="判决.pdf", **more):
        sent = {"code": code, "file": (io.BytesIO(content), name), **more}
        return self.client.post(f"/papers/case/{self.public_id}", data=sent)

    def offer(self, *named):
        return self.client.post("/papers/", data={"files": [(io.BytesIO(c), name) for name, c in named]})
