"""The list of cases on which channels differ: the rows, the filter, the file, the case's own page."""

import csv
import io

from tests.queries.test_four_channels import drawn, release, world  # noqa: F401 -- the same story
from tests.web.actor_browser import text_of

EVER = "?period_from=2000-01-01&period_to=2099-12-31"


def test_the_list_its_filter_and_its_file(world):  # noqa: F811
    release(world)
    client, case = world.browser(), drawn(world)[0]
    page = text_of(client.get(f"/coverage/apart{EVER}"))
    assert case.number in page
    assert "沉默案件" in page
    assert "没有相左的案件" in text_of(client.get(f"/coverage/apart{EVER}&kind=organ"))
    rows = list(csv.reader(io.StringIO(client.get(f"/coverage/apart.csv{EVER}").data.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["案号", case.number]
    assert rows[1][-2:] == ["满意", "沉默案件：同行评估不到良好，受援人却满意"]


def test_the_case_shows_its_four_channels(world):  # noqa: F811
    case = drawn(world)[0]
    before = text_of(world.browser().get(f"/cases/{case.public_id}"))
    assert "没有已发布的等次" in before
    assert "沉默案件" not in before
    release(world)
    assert "沉默案件" in text_of(world.browser().get(f"/cases/{case.public_id}"))
