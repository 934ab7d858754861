"""The completeness report: gaps in the series, late cases, a list of payments brought in two steps."""

import io

import pytest
from openpyxl import load_workbook

from tests import factories
from tests.kept import kept
from tests.services import stories
from tests.web.clients import client_of, text_of

LIST = "机构编码,案号,补贴金额（元）\n{code},（2026）民字第001号,800\n{code},(2026)民字第1号,800\n{code},(2026)民字第9号,1200.50\n"


@pytest.fixture
@kept
def world(app, session):
    root, (county, _other) = stories.bureau(cases=(0, 1))
    first, _second = stories.managers(root)
    for number in (1, 2, 5):
        factories.create_case(institution=county, number=f"(2026)民字第{number}号", subsidy=80_000)
    round_ = stories.frozen(first, stories.spec(root.code))
    factories.create_case(
        institution=county, number="(2026)民字第6号", registered_at=factories.NOW.replace(month=12)
    )
    return county, client_of(app, first), f"/rounds/{round_.public_id}"


def test_gaps_and_cases_that_came_after_the_freeze(world):
    _county, client, path = world
    page = text_of(client.get(path + "/completeness"))
    assert "1 至 6 之间缺 3–4" in page
    assert "还没有补贴清单" in page
    book = load_workbook(io.BytesIO(client.get(path + "/completeness.xlsx").data))
    places, series = book.worksheets[:2]
    # of four cases of the period three are in the frame, one came after it; two serials are missing
    assert [cell.value for cell in places[2]][2:] == [4, 3, 0, 1, 2]
    assert [cell.value for cell in series[2]][2:] == [1, 6, 4, 2, "3–4"]


def test_a_list_is_checked_first_and_then_compared(world):
    county, client, path = world
    upload = {"file": (io.BytesIO(LIST.format(code=county.code).encode()), "补贴.csv")}
    answer = client.post(path + "/subsidies", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 303
    check = answer.headers["Location"]
    assert "现在还没有存入" in text_of(client.get(check))
    assert "还没有补贴清单" in text_of(client.get(path + "/completeness"))
    assert client.post(check).status_code == 303
    page = text_of(client.get(path + "/completeness"))
    for said in ("发了补贴没有登记", "1,200.50", "发了多次", "1,600.00", "没有发补贴"):
        assert said in page
    book = load_workbook(io.BytesIO(client.get(path + "/completeness.xlsx").data))
    assert [sheet.title for sheet in book.worksheets][3:] == [
        "发了补贴没有登记",
        "发了多次",
        "没有发补贴",
        "金额不同",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("机构编码,案号\n,1\n", "缺机构编码"),
        ("机构编码,案号,补贴\nA,1,很多\n", "不能导入的行"),
        ("a,b\n1,2\n", "缺机构编码"),
    ],
)
def test_a_line_that_cannot_be_read_keeps_nothing(world, text, said):
    _county, client, path = world
    upload = {"file": (io.BytesIO(text.encode()), "list.csv")}
    check = client.post(path + "/subsidies", data=upload, content_type="multipart/form-data").headers[
        "Location"
    ]
    assert said in text_of(client.get(check))
    assert client.post(check).status_code == 422
    assert "还没有补贴清单" in text_of(client.get(path + "/completeness"))


def test_no_file_and_no_such_file(world):
    _county, client, path = world
    assert client.get(path + "/subsidies").status_code == 200
    assert client.post(path + "/subsidies", data={}).status_code == 422
    assert client.get(path + "/subsidies/check?file=" + "0" * 20).status_code == 404
    assert client.get(path + "/subsidies/check").status_code == 404
