"""The dashboard: cards with numerator and denominator, tiles to step down into, the trend; suppression as everywhere."""

import pytest

from qualityeval.queries.trends import TrendPoint
from qualityeval.web.results.dashboard import _trend
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


def test_the_trend_is_not_drawn_over_a_gap(app):
    """Four rounds, the second under another rubric set: only the last two are joined."""
    figures = {"good_rate": 0.5, "interval": (0.4, 0.6), "good": 5, "n": 10, "N": 20}
    points = [TrendPoint(f"R{at}", "", None, None if at == 1 else figures, at == 1) for at in range(4)]
    with app.test_request_context("/"):
        trend = _trend(points)
    assert [one["code"] for one in trend["drawn"]] == ["R0", "R2", "R3"]
    assert [(one["code"], two["code"]) for one, two in trend["joined"]] == [("R2", "R3")]
