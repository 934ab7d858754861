"""A record mended after it was handed in, and pictures: versions of the same id, small pictures without their place."""

import io
from datetime import time

import pytest
from PIL import Image
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.core.observation_versions import changed
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent, Observation, ObservationPhoto, ObservationVersion
from qualityeval.queries import observations
from qualityeval.queries.accounts import actor_of
from qualityeval.services import observations as services
from tests.channel_rows import FULL_MARKS, create_observation
from tests.factories import NOW, create_account, create_actor, create_case, create_institution
from tests.web.actor_browser import client_of, text_of

HEARING = {"court": "三庭", "mode": "on_site", "arrived_at": "9:00", "left_at": "11:00"}


@pytest.fixture
def handed_in(app, session):
    """A record of full marks that its observer has handed in."""
    county = create_institution(code="330102")
    account = create_account(role=Role.OBSERVER, institution=county, display_name="钱旁听")
    row = create_observation(
        case=create_case(institution=county), account=account, answers=dict(FULL_MARKS), arrived_at=time(9),
        left_at=time(11), court="三庭",
    )  # fmt: skip
    actor = actor_of(account)
    with transaction():
        services.submit_observation(
            actor=actor, observation=observations.get_for(actor, row.public_id), now=NOW
        )
    return app, client_of(app, actor), client_of(app, create_actor(institution=county)), row.public_id


def test_what_changed_is_named():
    before = {"court": "a", "answers": {"dress": "good", "care": "good"}, "notes": {"dress": "x"}}
    after = {"court": "b", "answers": {"dress": "fair"}, "notes": {"dress": "y"}}
    assert changed(before, after) == ("court", "dress", "care")
    assert changed(before, before) == ()


def test_a_record_is_mended_by_a_new_version_of_itself(handed_in):
    _app, observer, manager, public_id = handed_in
    page = f"/observations/{public_id}"
    assert "更正" in text_of(observer.get(page))
    assert 'id="q-dress-excellent" value="excellent" checked' in text_of(observer.get(f"{page}/amend"))
    new = {**FULL_MARKS, **HEARING, "dress": "poor", "note-dress": "没穿律师袍"}
    for broken in (
        {"reason": "错"}, {"reason": "记错了着装", "note-dress": ""}, {"reason": "记错了着装", "mode": "x"},
        {"reason": "记错了着装", "left_at": "8:00"}, {"reason": "记错了着装", "papers": ""},
    ):  # fmt: skip
        assert observer.post(f"{page}/amend", data={**new, **broken}).status_code == 422, broken
    same = observer.post(f"{page}/amend", data={**FULL_MARKS, **HEARING, "reason": "什么都没改"})
    assert (same.status_code, "内容没有变化" in text_of(same)) == (422, True)
    assert observer.post(f"{page}/amend", data={**new, "reason": "记错了着装"}).status_code == 303
    db.session.expire_all()
    row = db.session.execute(select(Observation)).scalar_one()
    kept = db.session.execute(select(ObservationVersion).order_by(ObservationVersion.number)).scalars().all()
    # dress is worth 3 of 100 and 差 earns 40 %: 3 - 1.2 are lost
    assert [(one.number, one.record["score"]) for one in kept] == [(1, 10000), (2, row.score)]
    assert (row.public_id, row.answers["dress"], row.score < 10000) == (public_id, "poor", True)
    for browser in (observer, manager):
        page_text = text_of(browser.get(page))
        assert "历次版本" in page_text
        assert "记错了着装" in page_text
    assert manager.get(f"{page}/amend").status_code == 403
    assert db.session.execute(select(AuditEvent).filter_by(action="observation.amended")).scalar_one()
    with pytest.raises(RuntimeError), transaction():
        db.session.execute(select(ObservationVersion)).scalars().first().reason = "x"


def test_only_a_record_that_was_handed_in_is_mended(handed_in):
    app, _observer, _manager, _public_id = handed_in
    county = db.session.execute(select(Observation)).scalar_one().case.institution
    account = create_account(role=Role.OBSERVER, institution=county)
    planned = create_observation(case=create_case(institution=county), account=account)
    assert (
        client_of(app, actor_of(account)).get(f"/observations/{planned.public_id}/amend").status_code == 404
    )


def phone_picture():
    """2,400 pixels wide, with the place in its EXIF."""
    buffer, picture = io.BytesIO(), Image.new("L", (2400, 1200), 200)
    picture.paste(Image.effect_noise((900, 600), 40), (0, 0))
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(buffer, "JPEG", quality=80, exif=exif)
    return buffer.getvalue()


def test_a_picture_is_small_and_says_no_place(handed_in):
    app, observer, manager, public_id = handed_in
    address, sent = f"/observations/{public_id}/photos", phone_picture()

    def post(content, name="IMG_1.jpg", **how):
        return observer.post(address, data={"photo": (io.BytesIO(content), name)}, **how)

    assert post(b"no picture").status_code == 422
    script = {"headers": {"Accept": "application/json"}}  # the queue of a page without a network
    assert post(b"no picture", **script).json["state"] == "refused"
    assert post(sent, **script).json["state"] == "kept"
    assert observer.post(address, data={}).status_code == 422
    assert post(sent).status_code == 303
    assert post(sent).status_code == 303  # the same once more is the one that is there
    (kept,) = db.session.execute(select(ObservationPhoto)).scalars()
    seen = manager.get(f"/observations/photos/{kept.public_id}")
    small = Image.open(io.BytesIO(seen.data))
    assert (small.format, small.size, len(small.getexif())) == ("JPEG", (1600, 800), 0)
    assert b"PhoneMaker" not in seen.data
    assert len(seen.data) < len(sent)
    assert f"/observations/photos/{kept.public_id}" in text_of(manager.get(f"/observations/{public_id}"))
    stranger = client_of(app, create_actor(institution=create_institution()))
    assert stranger.get(f"/observations/photos/{kept.public_id}").status_code == 404
