"""The public results page: not there until two managers say so, then open to anybody, version by version."""

from qualityeval.core.digests import content_digest
from qualityeval.queries import public_results as queries
from tests.services.test_circulars import release, world  # noqa: F401 -- the same story
from tests.web.actor_browser import text_of


def test_from_two_managers_to_anybody(world, client):  # noqa: F811
    release(world)
    name = world.code
    assert client.get(f"/verify/{name}/results").status_code == 404
    address = f"/rounds/{world.round().public_id}/publish"
    for who in ("first", "second"):
        browser = world.browser(who)
        assert "公开不能撤回" in browser.get(address).text
        assert browser.post(address, data={"confirm": "wrong"}).status_code == 422
        assert browser.post(address, data={"confirm": name}).status_code == 303
    page = text_of(client.get(f"/verify/{name}/results"))
    assert "首次公布" in page
    assert "按机构" in page
    (version,) = queries.versions_of(name)
    answer = client.get(f"/verify/{name}/results.json?n=1")
    assert content_digest(answer.data) == version.digest
    assert client.get(f"/verify/{name}/results.json?n=2").status_code == 404
    assert f"/verify/{name}/results" in client.get("/verify").text
    assert f"/verify/{name}/results" in client.get(f"/verify/{name}").text
