"""Interests of an expert: recorded by one manager, lifted by two."""

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Level, Role
from qualityeval.database import db
from qualityeval.models import Interest
from tests.factories import create_account, create_expert, create_institution
from tests.web.signed_in import browser_of

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def page(app):
    root = create_institution(code="330000", level=Level.PROVINCE)
    expert = create_expert(code="E1", institution=root)
    browsers = [browser_of(app, create_account(role=Role.MANAGER, institution=root)) for _ in range(2)]
    return f"/experts/{expert.public_id}/interests", browsers


def record(page, **fields):
    given = {
        "kind": "past_provider",
        "source": "own",
        "about": "provider",
        "whom": "正大所",
        "reason": "2015年前在该所",
    }
    return page[1][0].post(page[0], data={f"new-{name}": value for name, value in (given | fields).items()})


def stored():
    db.session.expire_all()
    return list(db.session.execute(select(Interest)).scalars())


def test_it_is_recorded_and_shown(page):
    assert record(page, since="2010-01-01", until="2015-12-31").status_code == 303
    (one,) = stored()
    assert (one.provider, one.source, str(one.until)) == ("正大所", "own", "2015-12-31")
    assert "2015年前在该所" in page[1][1].get(page[0]).get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"kind": "x"}, {"about": "case"}, {"since": "2016-01-01", "until": "2015-01-01"}],
)
def test_what_is_wrong_is_refused_at_its_field(page, wrong):
    answer = record(page, **wrong)
    assert answer.status_code == 422
    assert "qe-err" in answer.get_data(as_text=True)
    assert stored() == []


def test_two_managers_lift_it(page):
    record(page)
    lifting = {"interest": stored()[0].public_id, "lift_reason": "同名的另一家"}
    assert page[1][0].post(page[0], data={**lifting, "lift_reason": ""}).status_code == 422
    assert page[1][0].post(page[0], data=lifting).status_code == 303
    assert stored()[0].lifted_at is None
    assert page[1][0].post(page[0], data=lifting).status_code == 422
    assert page[1][1].post(page[0], data=lifting).status_code == 303
    assert stored()[0].lifted_at is not None
    assert page[1][1].post(page[0], data={**lifting, "interest": "0" * 20}).status_code == 404
