"""One-time links under attack, organ's and recipient's alike (threat list TK2, TK5 to TK9, PR1)."""

import html
import logging
import re
from itertools import permutations

import pytest
from sqlalchemy.exc import IntegrityError

from qualityeval.core.self_service import Way
from qualityeval.database import db, transaction
from qualityeval.extensions import limiter
from qualityeval.models import AuditEvent, Callback, Outbox, PractitionerLink, RecipientLink
from qualityeval.queries.link_marks import marks_for
from qualityeval.services import audit, opinions, practitioner_links, recipient_links
from qualityeval.web import errors
from tests.channel_rows import CONTENT, PRAISE, create_callback
from tests.factories import NOW, create_actor, create_case, create_institution, create_round, handler
from tests.web.actor_browser import client_of, text_of
from tests.web.practitioners.test_pages import settled

CANARY = {"recipient_name": "珈栗儿", "cause": "珈栗罪", "number": "JL-2026-7", "recipient_phone": "13899997777",
          "court_number": "（2026）珈01刑初7号", "organ": "珈栗法院", "position": "珈栗地位", "effect": "珈栗效果"}  # fmt: skip


@pytest.fixture
def county(app, session):
    return create_institution(code="330102", name="雁汀区法律援助中心")


@pytest.fixture
def manager(county):
    return create_actor(institution=county)


def recipients_link(manager, case):
    row = create_callback(case=case)
    with transaction():
        link = recipient_links.send(
            actor=manager, callback=db.session.get_one(Callback, row.id), way=Way.LETTER, days=30, guardian=False,
            now=NOW,
        )  # fmt: skip
        return recipient_links.token_of(link.public_id)


def organs_link(manager, case):
    with transaction():
        return opinions.ask(
            actor=manager, case=case, organ="", officer="", days=15, now=NOW
        )[1]  # fmt: skip


def practitioners_link(manager, county):
    with transaction():
        _firm, person = handler("张律师", "L1", "张所", now=NOW)
        id_ = person.id
        audit.record(manager, "case.people", now=NOW, object_type="case")
    round_ = create_round(institution=county, code="R1", state="released")
    settled(manager, create_case(institution=county, number="P-1", practitioner_id=id_), round_)
    with transaction():
        practitioner_links.send(actor=manager, round_=round_, days=15, now=NOW)
    return practitioner_links.token_of(db.session.execute(db.select(PractitionerLink.public_id)).scalar_one())


@pytest.fixture
def tokens(manager, county):
    """A token of each kind; the first two about one case with canaries in it."""
    case = create_case(institution=county, **CANARY)
    return {
        "/r/": recipients_link(manager, case),
        "/o/": organs_link(manager, case),
        "/p/": practitioners_link(manager, county),
    }


@pytest.mark.parametrize("door", ["/r/", "/o/", "/p/"])
def test_guessing_is_slowed_after_twenty_and_every_answer_is_the_same(app, tokens, door, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    thief = app.test_client()
    right = tokens[door]
    near = [right[:-1] + sign for sign in "AbCdEf" if sign != right[-1]] + [right.swapcase(), right + "A", ""]
    answers = [thief.post(door, data={"token": one}) for one in (near * 4)[:21]]
    limiter.reset()
    assert {one.status_code for one in answers[:20]} == {404}
    assert len({re.sub(r'value="[^"]*"', "", text_of(one)) for one in answers[:20]}) == 1
    assert answers[20].status_code == 429


def test_a_hundred_previews_use_nothing_up(app, tokens):
    """The organ's link meets its hundred in tests/web/opinions."""
    scanner = app.test_client()
    for door in ("/r/", "/p/"):
        token = tokens[door]
        for method in (scanner.get, scanner.head) * 50:
            assert method(f"{door}{token}").status_code == 200
        assert app.test_client().post(door, data={"token": token}).status_code == 303


def test_no_token_is_in_any_log_header_or_table(app, tokens, caplog):
    caplog.set_level(logging.DEBUG)
    for door, given in (("/r/", CONTENT), ("/o/", PRAISE), ("/p/", {"statement": "页码有误"})):
        token = tokens[door]
        with app.test_request_context(door + token):
            errors.crashed(RuntimeError("x"))
        visitor = app.test_client()
        pages = [visitor.get(door + token), visitor.post(door, data={"token": token})]
        assert pages[0].headers["Referrer-Policy"] == "no-referrer"
        pages += [
            visitor.get(f"{door}form"),
            visitor.post(f"{door}form", data=given),
            visitor.get(f"{door}form"),
        ]
        assert [one.status_code for one in pages] == [200, 303, 200, 303, 200]
        for page in pages[1:]:
            assert token not in text_of(page)
            assert token not in str(page.headers)
    told = caplog.text + repr(db.session.execute(db.select(AuditEvent.detail)).scalars().all())
    assert "unhandled error on GET /r/…" in told
    for token in tokens.values():
        assert token not in told


def test_a_token_opens_its_own_door_only(app, tokens):
    for door, other in permutations(tokens, 2):
        assert app.test_client().post(door, data={"token": tokens[other]}).status_code == 404
    judge = app.test_client()
    judge.post("/o/", data={"token": tokens["/o/"]})
    assert judge.get("/r/form").status_code == judge.get("/p/form").status_code == 404
    assert judge.post("/r/form", data=CONTENT).status_code == 404


def words_of(page):
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", "\n", page, flags=re.DOTALL)
    return {line.strip() for line in html.unescape(text).splitlines() if line.strip()}


def test_the_page_says_nothing_but_what_is_allowed(app, manager, county, tokens):
    """Two pages about two cases that differ in everything: the words in which they differ are the allowed ones."""
    other = create_institution(code="330105", name="另一中心")
    plain = create_case(institution=other, recipient_name="李", organ="别的法院", court_number="9号")
    away = create_actor(institution=other)
    second = {"/r/": recipients_link(away, plain), "/o/": organs_link(away, plain)}
    allowed = {
        "/r/": {"珈○○", "雁汀区法律援助中心", "李○", "另一中心"},
        "/o/": {"珈○○", "李○", "（2026）珈01刑初7号", "9号", "珈栗法院", "别的法院"},
    }
    for door, words in allowed.items():
        pages = []
        for token in (tokens[door], second[door]):
            visitor = app.test_client()
            visitor.post(door, data={"token": token})
            pages.append(words_of(text_of(visitor.get(f"{door}form"))))
        assert pages[0] ^ pages[1] == words


def test_answers_of_one_hand_are_flagged_and_kept(app, manager, county):
    """Two clients of one lawyer answer from one device, a third from another: all three count, two are flagged."""
    with transaction() as session:
        _firm, lawyer = handler("张律师", "L1", "所", now=NOW)
        session.flush()

        audit.record(manager, "case.people", now=NOW, object_type="case")
        lawyer_id = lawyer.id
    shared, alone = app.test_client(), app.test_client()
    for place, browser in enumerate((shared, shared, alone)):
        case = create_case(institution=county, practitioner_id=lawyer_id, recipient_name=f"人{place}")
        browser.post("/r/", data={"token": recipients_link(manager, case)})
        answer = browser.post("/r/form", data=CONTENT, environ_base={"REMOTE_ADDR": f"10.0.0.{place}"})
        assert answer.status_code == 303
    db.session.rollback()
    marked = marks_for(manager)
    assert sorted(marked.values()) == [("shared_device",), ("shared_device",)]
    stored = db.session.execute(db.select(RecipientLink.from_address, RecipientLink.from_device)).all()
    assert all(len(address) == len(device) == 64 for address, device in stored)
    page = text_of(client_of(app, manager).get("/callbacks/links"))
    assert page.count("多人同一设备") == 2
    assert "100.0% (3 / 3)" in page


def test_what_a_database_says_of_a_row_is_in_no_log(app, county, caplog):
    with app.test_request_context("/cases/"):
        fault = IntegrityError("INSERT", {"name": "珈栗儿"}, RuntimeError("Failing row contains (珈栗儿)"))
        errors.crashed(fault)
    assert "unhandled error on GET /cases/" in caplog.text
    assert "珈栗儿" not in caplog.text


def test_the_outbox_holds_neither_number_nor_token(app, manager, county):
    row = create_callback(case=create_case(institution=county, **CANARY))
    with transaction():
        recipient_links.send(
            actor=manager, callback=db.session.get_one(Callback, row.id), way=Way.SMS, days=30, guardian=False,
            now=NOW,
        )  # fmt: skip
    waiting = db.session.execute(db.select(Outbox)).scalar_one()
    assert (waiting.recipient, set(waiting.body)) == ("", {"subject", "text", "link_of"})
