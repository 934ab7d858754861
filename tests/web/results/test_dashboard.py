"""The dashboard: cards with numerator and denominator, tiles to step down into, the trend; suppression as everywhere."""

import pytest

from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")


def text(answer):
    return answer.get_data(as_text=True)


def test_from_the_whole_down_to_an_institution(app):
    world = released(app)
    round_ = world.round()
    address = f"/rounds/{round_.public_id}/results/dashboard"
    page = text(world.browser().get(address))
    for county in world.counties:
        assert f"{address}?place={county.code}" in page
    assert "15 / 15" in page or "样本中优良 15 件" in page
    below = text(world.browser().get(f"{address}?place={world.counties[0].code}"))
    assert "样本中优良 6 件" in below
    assert round_.code in below.partition("历次发布的优良率")[2]
    own = text(world.browser("liaison0").get(address))
    assert "样本中优良 6 件" in own
    assert world.counties[1].name not in own
    assert world.browser("liaison0").get(f"{address}?place={world.counties[1].code}").status_code == 404
