"""The audit administrator's page: filters, files, the verdict."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.audit_chain import GENESIS, seal
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent
from qualityeval.services import audit
from tests.factories import NOW
from tests.personas import client_for
from tests.tampering import lift_guard

DAY = timedelta(days=1)


@pytest.fixture
def auditor(app, session):
    client = client_for(app, "audit")
    with transaction():
        for number in range(6):
            audit.record(
                COMMAND_LINE, "round.created" if number % 2 else "round.changed", now=NOW + number * DAY,
                object_type="round", object_id=f"R%{number}", n=number,
            )  # fmt: skip
    return client


def rows(client, query, kind="csv"):
    answer = client.post(f"/admin/export/audit?{query}", data={"format": kind})
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    return [dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]]


QUERIES = {
    "object=R%25": 6,
    "object=R%253": 1,
    "action=round.created": 3,
    "actor=command line&action=round.changed": 3,
    "actor=command": 0,
    "object=R&at_from=2026-11-27": 4,
    "object=R&at_to=2026-11-26": 2,
    "object=R&at_from=2026-11-26&at_to=2026-11-27": 2,
    "object=R&at_from=nonsense&at_to=9999-12-31": 6,
}


@pytest.mark.parametrize("query", QUERIES)
def test_page_and_files_hold_exactly_the_filtered_events(auditor, query):
    page = auditor.get(f"/admin/audit?{query}").text
    assert page.count("<small>round.") == QUERIES[query]
    for kind in ("csv", "xlsx"):
        assert len(rows(auditor, query, kind)) == QUERIES[query], kind
    event = db.session.execute(db.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).scalar_one()
    assert (event.action, event.actor) == ("audit.exported", "audit")
    assert f'"rows":{QUERIES[query]}' in event.detail


def test_the_file_can_be_checked_without_us(auditor):
    """Re-computed from its own columns, first event to last."""
    previous = GENESIS
    for row in reversed(rows(auditor, "")):
        assert row["上一条摘要"] == previous
        previous = seal(
            seq=int(row["序号"]), at=datetime.fromisoformat(row["时间（UTC）"]), actor=row["操作人"], action=row["操作代码"],
            object_type=row["对象类别"], object_id=row["对象"], detail=row["内容"], previous=previous,
        )  # fmt: skip
        assert row["摘要"] == previous


def test_the_log_is_paged_newest_first(auditor):
    with transaction():
        for number in range(60):
            audit.record(COMMAND_LINE, "round.changed", now=NOW, object_type="round", object_id=f"P{number}")
    first, second = (auditor.get(f"/admin/audit?object=P&page={page}").text for page in (1, 2))
    assert ("P59" in first, "P0<" in first) == (True, False)
    assert ("P59" in second, "P0<" in second) == (False, True)


def verdict(client, data, query=""):
    return client.post(f"/admin/audit/verify?{query}", data=data, follow_redirects=True).text


def test_the_filter_survives_verifying(auditor):
    assert verdict(auditor, {"head": ""}, "object=R%253").count("<small>round.") == 1


def test_the_verdict_is_told_in_words(auditor):
    noted = audit.head()
    assert noted in auditor.get("/admin/audit").text
    whole = verdict(auditor, {"head": ""})
    assert "链条完整" in whole
    grouped = " ".join(noted[start : start + 8] for start in range(0, 64, 8)).upper()
    assert "链条完整" in verdict(auditor, {"head": grouped})
    assert "和记下的链尾对不上" in verdict(auditor, {"head": "f" * 64})


@pytest.mark.arranging
def test_a_broken_log_is_told_with_the_number(app, auditor):
    with transaction() as changes:
        lift_guard()
        changes.execute(text("UPDATE audit_event SET actor = 'x' WHERE seq = 3"))
    page = verdict(auditor, {"head": ""})
    assert "链条不对" in page
    assert "第 3 条" in page


def test_looking_adds_no_event_and_verifying_adds_one(auditor):
    before = len(rows(auditor, "action=audit.verified"))
    auditor.get("/admin/audit")
    auditor.get("/admin/audit?object=R")
    assert len(rows(auditor, "action=audit.verified")) == before
    auditor.post("/admin/audit/verify", data={"head": ""})
    assert len(rows(auditor, "action=audit.verified")) == before + 1
