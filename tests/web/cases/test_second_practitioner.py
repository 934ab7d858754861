"""The second practitioner stands on the case's page with licence and provider (BL-040)."""

import pytest

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.database import transaction
from qualityeval.services import audit
from tests import factories
from tests.factories import NOW
from tests.web.signed_in import browser_of

pytestmark = pytest.mark.usefixtures("session")


def test_both_practitioners_are_shown(app):
    root = factories.create_institution(level="province")
    with transaction():
        _firm, first = factories.handler("张三", "L-1", "甲所", now=NOW)
        _other, second = factories.handler("李四", "L-2", "乙所", now=NOW)
        audit.record(COMMAND_LINE, "case.people", now=NOW, object_type="case")
        ids = first.id, second.id
    case = factories.create_case(institution=root, practitioner_id=ids[0], second_practitioner_id=ids[1])
    page = browser_of(app, factories.create_account(role=Role.MANAGER, institution=root)).get(
        f"/cases/{case.public_id}"
    )
    for words in ("张三", "李四", "L-2", "乙所", "第二承办人"):
        assert words in page.text
    assert page.text.count("李四") == 1
