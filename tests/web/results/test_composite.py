"""The page of the index and of its weights."""

import pytest

from qualityeval.core.composite import PARTS
from tests.web.results.test_detail import text
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")
EVEN = {f"part_{name}": "20" for name in PARTS}


def test_weights_are_declared_once_and_the_page_rests_on_them(app):
    browser = review_world(app, dealt=False).browser()
    assert "这个时期还没有权重" in text(
        browser.get("/five-parts?period_from=2026-01-01&period_to=2026-12-31")
    )
    form = {"version": "试行", "since": "2026-01-01", "reason": "试行办法第八条", **EVEN}

    def send(**more):
        return browser.post("/five-parts/weights", data={**form, **more})

    assert "合计 100" in text(send(part_peer="30"))
    assert send().status_code == 303
    assert "试行办法第八条" in text(browser.get("/five-parts/weights"))
    answer = send(version="再版", since="2026-04-01")
    assert (answer.status_code, "只能在时期之间改" in text(answer)) == (422, True)
    assert "这个时期没有可以列出的机构" in text(
        browser.get("/five-parts?period_from=2026-01-01&period_to=2026-12-31")
    )
    assert (
        browser.get("/five-parts/export.csv?period_from=2026-01-01&period_to=2026-12-31").status_code == 200
    )
