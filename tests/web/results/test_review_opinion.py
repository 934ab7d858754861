"""The downloads of the opinion on a case: the office's from the drawn file, the institution's from its grade."""

from qualityeval.core.codes import Role
from tests import factories
from tests.services.test_circulars import release_only
from tests.services.test_review_opinions import first_case, world  # noqa: F401 -- the same story
from tests.web.actor_browser import text_of
from tests.web.review_world import review_world
from tests.web.signed_in import browser_of


def test_the_office_s_copy(world):  # noqa: F811
    client, case = world.browser(), first_case().public_id
    assert "评估意见书 Word" in text_of(client.get(f"/drawn-files/{case}"))
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = client.get(f"/drawn-files/{case}/review-opinion/{kind}")
        assert answer.data.startswith(start)
        assert f".{kind}" in answer.headers["Content-Disposition"]


def test_the_institution_s_copy_after_the_release(world):  # noqa: F811
    liaison = factories.create_account(role=Role.LIAISON, institution=world.counties[0])
    address, client = f"/grades/{first_case().public_id}", browser_of(world.app, liaison)
    world.notify()
    assert "评估意见书 Word" not in text_of(client.get(address))
    assert client.get(f"{address}/review-opinion/docx").status_code in {404, 409}
    release_only(world)
    assert "评估意见书 Word" in text_of(client.get(address))
    assert client.get(f"{address}/review-opinion/docx").data.startswith(b"PK")


def test_no_result_no_file(app, session):
    made = review_world(app, cases=(4, 4))
    case = first_case().public_id
    assert made.browser().get(f"/drawn-files/{case}/review-opinion/docx").status_code == 409
