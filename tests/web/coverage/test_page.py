"""The page of rates: figures, dates, what isn't counted."""

from tests.channel_rows import create_opinion
from tests.factories import create_actor, create_case, create_institution
from tests.web.actor_browser import client_of, text_of


def test_rates_with_both_figures_and_reasons(app, session):
    county = create_institution(name="雁汀区法律援助中心")
    for organ in ("法院", "法院", ""):
        case = create_case(institution=county, organ=organ)
    create_opinion(case=case)
    client = client_of(app, create_actor(institution=county))
    page = text_of(client.get("/coverage/?period_from=2026-01-01&period_to=2026-12-31"))
    for words in (
        "雁汀区法律援助中心",
        "33.3%",
        "1 / 3",
        "征询 1 / 可征询 3 件",
        "抽取 0 / 结案 3 件",
        "没有电话号码 3 件",
    ):
        assert words in page
    assert "这一期没有案件" in text_of(client.get("/coverage/?period_from=2020-01-01&period_to=2020-12-31"))
    assert client.get("/coverage/?period_from=soon").status_code == 200


def test_in_english(app, session):
    county = create_institution()
    create_case(institution=county)
    client = client_of(app, create_actor(institution=county), locale="en")
    page = text_of(client.get("/coverage/?period_from=2026-01-01&period_to=2026-12-31"))
    assert "<h1>Coverage</h1>" in page
    assert "0 drawn of 1 closed" in page
