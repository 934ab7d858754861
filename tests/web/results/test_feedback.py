"""Feedback pages: a list for the body, one's own for an institution; quarters and years with their circulars."""

from qualityeval.core.codes import Role
from tests import factories
from tests.services.test_circulars import release, world  # noqa: F401 -- the same story
from tests.web.actor_browser import text_of
from tests.web.signed_in import browser_of


def test_the_body_finds_all_and_an_institution_its_own(world, app):  # noqa: F811
    release(world)
    base = f"/rounds/{world.round().public_id}"
    first, second = world.counties
    client = world.browser()
    assert f"{base}/feedback" in client.get(f"{base}/results").text
    assert first.name in text_of(client.get(f"{base}/feedback"))
    assert client.get(f"{base}/feedback/docx").data.startswith(b"PK")

    own = browser_of(app, factories.create_account(role=Role.LIAISON, institution=first, name="liaison"))
    assert f"{base}/feedback/of/{first.code}" in own.get(f"{base}/results").text
    assert "四、整改要求" in text_of(own.get(f"{base}/feedback/of/{first.code}"))
    assert own.get(f"{base}/feedback/of/{first.code}/pdf").data.startswith(b"%PDF")
    assert own.get(f"{base}/feedback/of/{second.code}").status_code == 404


def test_a_period_is_listed_with_its_circular(world):  # noqa: F811
    release(world)
    client = world.browser()
    page = client.get("/results")
    assert "季度和年度" in page.text
    assert "/results/circular?codes=R2026" in page.text
    assert "七、工作要求" in text_of(client.get("/results/circular?codes=R2026"))
    assert client.get("/results/circular/xlsx?codes=R2026").data.startswith(b"PK")
    assert client.get("/results/circular?codes=").status_code == 422
