"""Model cases on their page: nominated, decided by another, read by institutions without the case."""

import pytest

from tests.services.test_model_cases import TEXT
from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")


def text(answer):
    return answer.get_data(as_text=True)


def test_nominated_by_one_listed_by_another_and_read_by_all(app):
    world = released(app)
    address = f"/rounds/{world.round().public_id}/model-cases/new"
    key = world.sampled().frame_case.key
    first, second, liaison = world.browser(), world.browser("second"), world.browser("liaison0")
    empty = first.post(address, data={**TEXT, "case": key, "title": ""})
    assert (empty.status_code, "请填写这一项" in text(empty)) == (422, True)
    assert first.post(address, data={**TEXT, "case": key}).status_code == 303
    assert "由另一位管理员决定" in text(first.get("/model-cases?state=nominated"))
    page = text(second.get("/model-cases?state=nominated"))
    assert key in page
    public_id = page.partition('<option value="')[2].partition('"')[0]
    own = first.post("/model-cases?state=nominated", data={"do": "list", "id": public_id})
    assert (own.status_code, "请另一位管理员决定" in text(own)) == (422, True)
    assert liaison.post("/model-cases", data={"do": "list", "id": public_id}).status_code == 404
    assert (
        second.post("/model-cases?state=nominated", data={"do": "list", "id": public_id}).status_code == 303
    )
    read = text(liaison.get("/model-cases"))
    assert TEXT["title"] in read
    assert key not in read
