"""The circular's page and its downloads."""

from tests.services.test_circulars import release, world  # noqa: F401 -- the same story
from tests.web.actor_browser import text_of


def test_the_page_and_the_three_files(world):  # noqa: F811
    release(world)
    client, base = world.browser(), f"/rounds/{world.round().public_id}/circular"
    page = text_of(client.get(base))
    assert "七、工作要求" in page
    assert "附表 Excel" in page
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")):
        answer = client.get(f"{base}/{kind}")
        assert answer.data.startswith(start)
        assert f".{kind}" in answer.headers["Content-Disposition"]
    assert client.get(f"{base}/odt").status_code == 404


def test_too_early_is_a_plain_page(world):  # noqa: F811
    answer = world.browser().get(f"/rounds/{world.round().public_id}/circular")
    assert answer.status_code == 409
    assert "通知初评等次之后才能生成通报。" in answer.text
