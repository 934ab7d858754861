"""The pool on the page: filters, the file of the same rows, who may look."""

import csv
import io

import pytest

from qualityeval.core.codes import Level
from tests.factories import create_expert, create_institution
from tests.personas import institution_for
from tests.web.signed_in import browser_for


@pytest.fixture
def pool(session):
    near, far = institution_for("990102"), create_institution(code="880000", level=Level.PROVINCE)
    create_expert(code="E1", institution=near, provider="正衡律所", specialties=["刑事"], cap=12)
    create_expert(code="E2", provider="=HYPERLINK(1)", specialties=["民事", "刑事"])
    create_expert(code="E3", institution=far)
    create_expert(code="E4", active=False)


def text(answer):
    return answer.get_data(as_text=True)


def shown(page):
    return {code for code in ("E1", "E2", "E3", "E4") if f"专家{code}" in page}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"E1", "E2", "E4"}),  # E3 works in another province
        ("?text=正衡", {"E1"}),
        ("?text=e2", {"E2"}),
        ("?specialty=刑事", {"E1", "E2"}),
        ("?region=990100", {"E1"}),  # a county of the city
        ("?state=paused", {"E4"}),
        ("?state=active&specialty=民事", {"E2"}),
        ("?state=nonsense&page=99", {"E1", "E2", "E4"}),
        ("?text=nobody", set()),
    ],
)
def test_filters(app, pool, query, expected):
    answer = browser_for(app, "manager").get(f"/experts{query}")
    assert answer.status_code == 200
    assert shown(text(answer)) == expected


def test_the_file_holds_the_filtered_rows_and_runs_nothing(app, pool):
    client = browser_for(app, "manager")
    content = client.get("/experts/export.csv?specialty=刑事").get_data()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["code"], row["region"], row["cap"]) for row in rows] == [
        ("E1", "990102", "12"),
        ("E2", "", ""),
    ]
    assert rows[1]["provider"] == "'=HYPERLINK(1)"
    assert not {"email", "id_number", "licence"} & rows[0].keys()


def test_an_empty_pool_leads_to_the_import(app, session):
    page = text(browser_for(app, "manager").get("/experts"))
    assert "专家库还是空的" in page
    assert "/experts/import" in page


@pytest.mark.parametrize("persona", ["expert", "liaison", "viewer", "system", "audit"])
def test_others_are_refused(app, pool, persona):
    assert browser_for(app, persona).get("/experts").status_code == 403
    assert browser_for(app, persona).get("/experts/export.csv").status_code == 403
