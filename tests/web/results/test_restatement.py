"""The page on which released results are restated, and the versions to take away."""

import io
import json

import pytest

from qualityeval.core.restatement import check_versions
from qualityeval.database import db
from qualityeval.models import Proof, ReleasedReview
from tests.papers import scan
from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def world(app):
    return released(app)


def text(answer):
    return answer.get_data(as_text=True)


def test_from_a_review_to_the_second_version(world):
    round_ = world.round()
    address = f"/rounds/{round_.public_id}/restatement"
    key = world.sampled().frame_case.key
    first, second = world.browser(), world.browser("second")
    bad = first.post(address, data={"do": "review", "case": key, "basis": "mood", "reason": ""})
    assert (bad.status_code, "请填写这一项" in text(bad)) == (422, True)
    paper = (io.BytesIO(scan(size=(60, 80), form="PNG")), "投诉信.png")
    asked = {"do": "review", "case": key, "basis": "complaint", "reason": "投诉查实", "files": paper}
    assert first.post(address, data=asked).status_code == 303
    proof = db.session.execute(db.select(Proof)).scalar_one()
    assert "投诉信.png" in text(first.get(address))
    picture = first.get(f"/follow-ups/proofs/{proof.public_id}/page?n=1")
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert world.browser("liaison0").get(f"/follow-ups/proofs/{proof.public_id}").status_code == 404
    world.bring({"review": 10}, slots=("review",))
    assert first.post(address, data={"do": "propose", "new-reason": "一件改为合格"}).status_code == 303
    assert "确认并发布更正" not in text(first.get(address))
    assert "确认并发布更正" in text(second.get(address))
    assert second.post(address, data={"do": "issue"}).status_code == 303
    files = [first.get(f"/rounds/{round_.public_id}/results/version.json?n={number}") for number in (1, 2)]
    assert all(check.ok for check in check_versions([one.data for one in files]))
    assert json.loads(files[1].data)["reason"] == "一件改为合格"
    assert "更正后" in text(first.get(f"/rounds/{round_.public_id}/results"))
    assert first.get(f"/rounds/{round_.public_id}/results/version.json?n=3").status_code == 404


def test_what_is_no_paper_is_refused_at_the_files_and_nothing_is_opened(world):
    address = f"/rounds/{world.round().public_id}/restatement"
    asked = {
        "do": "review", "case": world.sampled().frame_case.key, "basis": "error", "reason": "算错",
        "files": (io.BytesIO(b"MZ"), "x.exe"),
    }  # fmt: skip
    answer = world.browser().post(address, data=asked)
    assert (answer.status_code, 'href="#files"' in text(answer)) == (422, True)
    assert db.session.execute(db.select(ReleasedReview)).first() is None
    assert world.browser("county").get(address).status_code == 404
