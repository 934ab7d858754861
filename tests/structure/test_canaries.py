"""Canaries (threat list PR1, PR2, PR3): an ID and a telephone number of their own in every case, and nobody sees one.

Everything that every persona can ask with GET is asked: pages, exports, searches for the whole number and for parts.
Then every log line, the outbox, the audit log and the temporary files are searched. A number is shown by two POSTs
alone, each with an event of its own: a caller's dialling, and a manager's reveal with a reason.
"""

import io
import logging
import re
import zipfile

import pytest
from sqlalchemy import inspect, select, text

from qualityeval import clock
from qualityeval.adapters.person_numbers import normal_id, normal_phone
from qualityeval.database import blind_index, db, transaction
from qualityeval.models import Case
from qualityeval.queries.search import ID_PURPOSE, PHONE_PURPOSE
from qualityeval.services import audit
from tests import personas
from tests.structure import crawler
from tests.structure import paired_worlds as past
from tests.structure.crawler import Crawl
from tests.web.actor_browser import client_of, text_of

ID, PHONE = re.compile(r"33010219[0-9]{9}[0-9X]"), re.compile(r"1399999[0-9]{4}")


def plant():
    """Numbers of its own for every case of the world, sealed and indexed as an import does it."""
    with transaction():
        cases = db.session.execute(select(Case).order_by(Case.id)).scalars().all()
        for place, case in enumerate(cases):
            case.recipient_id_number, case.recipient_phone = f"3301021990{place:07d}X", f"1399999{place:04d}"
            case.recipient_id_index = blind_index(ID_PURPOSE, normal_id(case.recipient_id_number))
            case.recipient_phone_index = blind_index(PHONE_PURPOSE, normal_phone(case.recipient_phone))
        audit.record(past.actor("manager"), "world.changed", now=clock.now(), object_type="case")
    return len(cases)


def read(answer):
    """The answer's text; of a workbook its sheets' texts too."""
    if answer.body[:2] != b"PK":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
        return answer.text + "".join(book.read(name).decode(errors="replace") for name in book.namelist())


def seen_in(texts):
    return {hit for one in texts for rule in (ID, PHONE) for hit in rule.findall(one)}


@pytest.mark.arranging
@pytest.mark.proof("canaries", heavy=True)
def test_nobody_sees_a_number_and_no_log_keeps_one(
    app, session, monkeypatch, caplog, tmp_path, record_property
):
    monkeypatch.setattr(app, "request_class", crawler.ListeningRequest)
    caplog.set_level(logging.DEBUG)
    tokens = past.build()
    planted = plant()
    unseen = [kind for kind, ids in past.inventory().items() if not ids]
    assert unseen == [], (
        f"make one of each in paired_worlds._channels(), or its pages aren't looked at: {unseen}"
    )
    asked, leaks = 0, {}
    # typed as a search: a whole number finds its case and isn't said back by it; parts find nothing
    crawl = Crawl(("王", "139 9999"), full=False, inventory=past.inventory(most=3))
    for name in (*personas.PERSONAS, personas.ANONYMOUS, "below"):
        for address, answer in crawl.answers(app, name, past.role_of(name), tokens[name]):
            asked += 1
            if seen := seen_in([read(answer)]):
                leaks[name, address] = seen
    assert leaks == {}
    assert asked > 300
    kept = [
        caplog.text,
        *(path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()),
    ]
    assert seen_in(kept) == set()
    tables = inspect(db.engine).get_table_names()
    for table in tables:
        rows = db.session.execute(text(f'SELECT * FROM "{table}"')).all()
        assert seen_in([repr(rows)]) == set(), table
    seen_nowhere = f"{planted} cases with canaries, {asked} answers, {len(tables)} tables, 0 numbers seen"
    record_property("canaries", seen_nowhere)


@pytest.mark.arranging
@pytest.mark.proof("canaries", heavy=True)
def test_a_whole_number_finds_its_case_and_a_part_finds_none(app, session):
    past.build()
    plant()
    manager = client_of(app, past.actor("manager"))

    def found(typed):
        page = text_of(manager.get("/cases", query_string={"text": typed}))
        return len(re.findall(r'href="/cases/[0-9a-f]{20}"', page))

    whole = (f"3301021990{7:07d}X", f"1399999{7:04d}", f"+86 139 9999 {7:04d}")
    assert [found(one) for one in whole] == [1, 1, 1]
    parts = ("33010219900000", "13999990", "9999", "3301021990", f"1399999{7:04d}"[:-1], f"330102199{7:07d}X")
    assert [found(one) for one in parts] == [0] * len(parts)
