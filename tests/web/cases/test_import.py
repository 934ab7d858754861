"""Importing on the pages: upload, columns, check, store, result; nothing half stored, nothing of others."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from qualityeval import clock
from qualityeval.adapters.queue import queue_in
from qualityeval.core.codes import Level, Role
from qualityeval.database import db, transaction
from qualityeval.jobs.runner import perform
from qualityeval.models import Case, Institution, Job
from qualityeval.services import jobs
from tests.factories import create_account, create_institution
from tests.structure.objects import sign_in, token_of

pytestmark = pytest.mark.usefixtures("session")
HEADER = "援助案号,机构代码,法律援助机构,案件类型,援助方式,受援人,联系电话,案由,结案日期,办案小时"
GOOD = "A1,330102,上城区法律援助中心,刑事,刑事辩护,王小明,13800138000,盗窃罪,2026-06-01,8"
BAD = "A2,330102,上城区法律援助中心,刑附民,刑事辩护,赵六,,抢劫罪,2026-06-31,9"


@pytest.fixture
def account(session):
    return create_account(
        role=Role.MANAGER, institution=create_institution(code="330102", level=Level.COUNTY)
    )


@pytest.fixture
def signed_in(client, account):
    sign_in(client, token_of(account))
    return client


def text(answer):
    return answer.get_data(as_text=True)


def upload(client, *lines, name="台账.csv", content=None, key="k"):
    body = content if content is not None else "\n".join([HEADER, *lines]).encode()
    return client.post(
        "/cases/import",
        data={"file": (io.BytesIO(body), name), "once": key * 32},
        content_type="multipart/form-data",
    )


def fields_of(page):
    """What a browser would send back untouched: chosen options, ticked boxes, texts."""
    found = {}
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', inside)
        found[name] = chosen[1] if chosen else ""
    ticked = re.findall(r'<input checked[^>]*name="dates"[^>]*value="(\w+)"', page)
    found["dates"] = ticked
    return found


def work(app, location):
    """Do the queued job as the worker would; its result."""
    public_id = location.rsplit("/", 1)[1]
    with transaction():
        claim = jobs.claim(public_id=public_id, worker="w", now=clock.now())
    perform(claim, queue=queue_in(app.config["HOME"]))
    db.session.expire_all()
    job = db.session.execute(select(Job).where(Job.public_id == public_id)).scalar_one()
    assert job.state == "done", job.error
    return public_id, job.result


def checked(app, client, *lines, **changes):
    mapping = upload(client, *lines).headers["Location"]
    answer = client.post(mapping, data={**fields_of(text(client.get(mapping))), "by": "form", **changes})
    assert answer.status_code == 303, text(answer)
    return work(app, answer.headers["Location"])


def count():
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(Case)).scalar_one()


def test_headings_are_known_and_the_first_rows_shown_with_masked_numbers(signed_in):
    page = text(signed_in.get(upload(signed_in, GOOD).headers["Location"]))
    chosen = fields_of(page)
    assert [chosen[f"column_{n}"] for n in range(10)] == [
        "number", "institution_code", "institution_name", "case_type", "aid_form", "recipient_name", "recipient_phone",
        "cause", "closed_on", "",
    ]  # fmt: skip
    assert "盗窃罪" in page
    assert "13800138000" not in page
    assert "138****8000" in page


def test_check_then_store_then_see(app, signed_in):
    job, result = checked(app, signed_in, GOOD, column_9="extra")
    assert (result["rows"], result["created"], result["is_stored"], count()) == (1, 1, False, 0)
    assert "检查通过" in text(signed_in.get(f"/cases/import/results/{job}"))
    answer = signed_in.post(f"/cases/import/results/{job}/store", data={"go": "store", "once": "s" * 32})
    stored, result = work(app, answer.headers["Location"])
    assert (result["created"], result["is_stored"], count()) == (1, True, 1)
    assert "台账已登记" in text(signed_in.get(f"/cases/import/results/{stored}"))
    assert db.session.execute(select(Case.extra)).scalar_one() == {"办案小时": "8"}
    mapping = text(signed_in.get(f"/cases/import/results/{stored}/mapping.yaml"))
    assert "number: 援助案号" in mapping or '"援助案号"' in mapping


def test_bad_rows_are_named_and_marked_and_nothing_is_stored(app, signed_in):
    job, result = checked(app, signed_in, GOOD, BAD)
    assert (result["rejected"], result["created"]) == (1, 1)
    page = text(signed_in.get(f"/cases/import/results/{job}"))
    assert "没有“2026-06-31”这一天" in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(signed_in.get(f"/jobs/{job}/file").get_data()))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["未收原因", "援助案号"]
    assert rows[1][0] == ""
    assert "2026-06-31" in rows[2][0]
    answer = signed_in.post(f"/cases/import/results/{job}/store", data={"go": "store", "once": "s" * 32})
    refused, result = work(app, answer.headers["Location"])
    assert (result["is_stored"], result["created"], count()) == (False, 0, 0)
    assert "一行也没有登记" in text(signed_in.get(f"/cases/import/results/{refused}"))
    again = signed_in.post(
        f"/cases/import/results/{refused}/store", data={"go": "store", "skip_rejected": "y", "once": "t" * 32}
    )
    assert (work(app, again.headers["Location"])[1]["is_stored"], count()) == (True, 1)


def test_an_unknown_word_can_be_explained_on_the_page(app, signed_in):
    bad = BAD.replace("06-31", "06-30")
    _job, result = checked(app, signed_in, GOOD, bad, word_case_type_0="criminal")
    assert (result["rejected"], result["created"]) == (0, 2)


def test_the_mapping_is_kept_and_fits_the_next_time(app, signed_in, account):
    checked(app, signed_in, GOOD, column_9="extra", remember="y")
    assert "办案小时" in db.session.get_one(Institution, account.institution_id).mapping
    page = text(signed_in.get(upload(signed_in, GOOD, name="二.csv", key="l").headers["Location"]))
    assert fields_of(page)["column_9"] == "extra"


def test_a_column_used_twice_is_refused_and_nothing_typed_is_lost(signed_in):
    mapping = upload(signed_in, GOOD).headers["Location"]
    answer = signed_in.post(
        mapping, data={**fields_of(text(signed_in.get(mapping))), "by": "form", "column_9": "cause"}
    )
    assert answer.status_code == 422
    assert "选了两列" in text(answer)
    assert fields_of(text(answer))["column_9"] == "cause"


def test_the_text_of_the_mapping_may_be_edited(app, signed_in):
    mapping = upload(signed_in, GOOD).headers["Location"]
    chosen = fields_of(text(signed_in.get(mapping)))
    wrong = signed_in.post(mapping, data={**chosen, "by": "text", "mapping_text": "columns: {number: 没有}"})
    assert (wrong.status_code, "没有" in text(wrong)) == (422, True)
    good = "columns: {number: 援助案号, institution: {code: 机构代码}, case_type: {value: civil}, aid_form: 援助方式}\n"
    answer = signed_in.post(mapping, data={**chosen, "by": "text", "mapping_text": good})
    assert work(app, answer.headers["Location"])[1]["created"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "空的"), (b"%PDF-1.7", "PDF"), (b"PK\x03\x04broken", "读不出"), (b"\xff\xfe\x00\xd8\x01", "编码")],
)
def test_what_is_no_table_is_refused_in_plain_words(signed_in, content, said):
    answer = signed_in.get(upload(signed_in, content=content).headers["Location"])
    assert answer.status_code == 422
    assert said in text(answer)


def test_without_a_file_the_page_says_so(signed_in):
    answer = signed_in.post("/cases/import", data={"once": "k" * 32}, content_type="multipart/form-data")
    assert (answer.status_code, "请选择文件" in text(answer)) == (422, True)


def test_the_same_press_twice_keeps_one_upload(signed_in):
    assert upload(signed_in, GOOD).headers["Location"] == upload(signed_in, GOOD).headers["Location"]
