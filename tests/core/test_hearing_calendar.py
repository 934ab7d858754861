"""Lines of courts' calendars as courts and offices write them."""

from datetime import date

import pytest

from qualityeval.core.dates import DateReader
from qualityeval.core.errors import InvalidInput
from qualityeval.core.hearing_calendar import FORMS, Entry, entry

DAY = date(2026, 12, 3)


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        ({"援助案号": " 2026-7 ", "开庭日期": "2026-12-03"}, Entry("", "2026-7", "", DAY)),
        (
            {"法院案号": "（2026）浙01刑初7号", "开庭时间": "2026年12月3日 9:30"},
            Entry("", "", "（2026）浙01刑初7号", DAY),
        ),
        (
            {"机构代码": "330102", "案号": "2026-7", "开庭日期": "2026/12/3", "法庭": "第三法庭"},
            Entry("330102", "2026-7", "", DAY),
        ),
    ],
)
def test_headings_of_courts_and_offices(cells, read):
    assert entry(cells, DateReader(FORMS)) == read


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"开庭日期": "2026-12-03"}, "number"),
        ({"援助案号": "2026-7", "开庭日期": ""}, "hearing_on"),
        ({"援助案号": "2026-7", "开庭日期": "2026-13-03"}, "hearing_on"),
        ({"援助案号": "2026-7"}, "hearing_on"),
    ],
)
def test_what_lacks_is_named(cells, where):
    with pytest.raises(InvalidInput) as refused:
        entry(cells, DateReader(FORMS))
    assert refused.value.where == where
