"""The register's pages: what a manager sees, masked numbers, a reason before one is shown, the export."""

import io
import json
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event, select

from qualityeval.core.codes import Level, Role
from qualityeval.database import db
from qualityeval.models import AuditEvent
from qualityeval.queries.accounts import actor_of
from qualityeval.services.case_import_values import search_text
from tests.factories import create_account, create_case, create_institution
from tests.services.registers import ID, PHONE, bring, line, write
from tests.structure.objects import sign_in, token_of

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def county(session):
    return create_institution(code="330102", level=Level.COUNTY, name="上城区法律援助中心")


@pytest.fixture
def account(county):
    return create_account(role=Role.MANAGER, institution=county)


@pytest.fixture
def signed_in(client, account):
    sign_in(client, token_of(account))
    return client


def case_of(county, number="A1", **fields):
    values = {"number": number, "cause": "盗窃罪", "recipient_name": "王小明", **fields}
    return create_case(institution=county, search_text=search_text(values), **values)


def text(answer):
    return answer.get_data(as_text=True)


def test_an_empty_register_says_what_to_do(signed_in):
    page = text(signed_in.get("/cases"))
    assert "还没有登记案件" in page
    assert "/cases/import" in page


def test_the_list_shows_what_the_address_asks_for(signed_in, county):
    case_of(county, "A1")
    case_of(county, "B2", cause="离婚纠纷", recipient_name="赵六", case_type="civil")
    page = text(signed_in.get("/cases?text=盗窃"))
    assert "A1" in page
    assert "B2" not in page
    assert "含“盗窃”" in page
    page = text(signed_in.get("/cases?case_type=civil&sort=number"))
    assert "B2" in page
    assert 'aria-sort="ascending"' in page
    assert "没有符合条件的案件" in text(signed_in.get("/cases?text=抢劫"))


@pytest.mark.parametrize(
    "query", ["page=99999", "page=x", "closed_from=昨天", "sort=;drop", "institution=%27", "stage=nowhere", "text=%F0%9F%98%80"]
)  # fmt: skip
def test_a_senseless_address_is_answered_all_the_same(signed_in, county, query):
    case_of(county)
    assert signed_in.get(f"/cases?{query}").status_code == 200


def statements(client, path):
    count = []
    listener = lambda *_: count.append(1)  # noqa: E731
    event.listen(db.engines[None].engine, "before_cursor_execute", listener)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.engines[None].engine, "before_cursor_execute", listener)
    return len(count)


def test_the_list_asks_the_database_as_often_for_40_cases_as_for_one(signed_in, county):
    case_of(county, "N0")
    signed_in.get("/cases")
    few = statements(signed_in, "/cases")
    for number in range(1, 40):
        case_of(county, f"N{number}")
    signed_in.get("/cases")  # the rows of the reader's own account are fresh again
    assert few == statements(signed_in, "/cases")
    assert few > 0


def test_a_case_shows_its_groups_and_masks_its_numbers(signed_in, county):
    case = case_of(
        county, recipient_id_number=ID, recipient_phone=PHONE, defaulted=["closed_on"], subsidy=123_450,
        extra={"备注": "<b>加急</b>"},
    )  # fmt: skip
    page = text(signed_in.get(f"/cases/{case.public_id}"))
    assert ID not in page
    assert PHONE not in page
    assert "110105********002X" in page
    assert "138****8000" in page
    assert "1,234.50 元" in page
    assert "缺省值，不作核查" in page
    assert "&lt;b&gt;加急" in page


def test_a_number_is_shown_with_a_reason_and_logged(signed_in, county, account):
    case = case_of(county, recipient_phone=PHONE)
    path = f"/cases/{case.public_id}/reveal/recipient_phone"
    assert PHONE not in text(signed_in.get(path))
    refused = signed_in.post(path, data={"reason": "看看"})
    assert (refused.status_code, PHONE in text(refused)) == (422, False)
    shown = signed_in.post(path, data={"reason": "电话回访核实"})
    assert (shown.status_code, PHONE in text(shown)) == (200, True)
    assert shown.headers["Cache-Control"] == "no-store"
    assert PHONE not in text(signed_in.get(f"/cases/{case.public_id}"))
    logged = (
        db.session.execute(select(AuditEvent).where(AuditEvent.action == "case.revealed")).scalars().all()
    )
    assert [(row.actor, json.loads(row.detail)) for row in logged] == [
        (account.name, {"field": "recipient_phone", "reason": "电话回访核实"})
    ]
    assert "电话回访核实" in text(signed_in.get(f"/cases/{case.public_id}"))


@pytest.mark.parametrize("field", ["cause", "recipient_id_index", "password"])
def test_only_sealed_numbers_can_be_revealed(signed_in, county, field):
    case = case_of(county)
    assert (
        signed_in.post(f"/cases/{case.public_id}/reveal/{field}", data={"reason": "电话回访核实"}).status_code
        == 404
    )


def test_a_number_that_is_not_there_says_so(signed_in, county):
    case = case_of(county)
    answer = signed_in.post(
        f"/cases/{case.public_id}/reveal/recipient_phone", data={"reason": "电话回访核实"}
    )
    assert "没有登记这个号码" in text(answer)


def test_the_trail_names_the_import(signed_in, account, tmp_path):
    bring(actor_of(account), write(tmp_path, line("A1"), name="一季度.csv"))
    listed = text(signed_in.get("/cases"))
    public_id = re.search(r'href="/cases/([0-9a-f]{20})"', listed)[1]
    assert "一季度.csv" in text(signed_in.get(f"/cases/{public_id}"))


def test_the_export_is_exactly_the_filtered_rows(signed_in, county):
    case_of(county, "A1", recipient_phone=PHONE, recipient_name="=1+1")
    case_of(county, "B2", case_type="civil")
    answer = signed_in.get("/cases/export.csv?case_type=criminal")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "A1" in lines[1]
    assert "'=1+1" in lines[1]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert PHONE not in text(answer)
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(signed_in.get("/cases/export.xlsx?case_type=civil").get_data())
    )
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows] == ["援助案号", "B2"]
    assert rows[1][0] == "330102"


def test_the_pages_are_in_english_too(signed_in, county):
    case = case_of(county, recipient_phone=PHONE)
    signed_in.post("/language", data={"locale": "en"})
    for path in ("/cases", f"/cases/{case.public_id}", "/cases/import"):
        assert 'lang="en"' in text(signed_in.get(path))
    assert "Number, name or initials" in text(signed_in.get("/cases"))
