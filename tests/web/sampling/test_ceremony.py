"""Seed, draw, certificate through the pages: two people, one seed, one draw."""

import io
import json
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from qualityeval import clock
from qualityeval.core.verification import verify
from qualityeval.database import db
from qualityeval.models import AccountSession
from qualityeval.queries import rounds as queries
from tests.kept import kept
from tests.services import stories
from tests.web.clients import client_of, text_of

PUBLIC = "31415926535897932384"


@pytest.fixture
@kept
def world(app, session):
    root, _counties = stories.bureau(cases=(5, 13))
    first, second = stories.managers(root)
    return root, first, second


def test_two_accounts_type_the_same_and_the_seed_is_fixed(app, world):
    root, first, second = world
    made = stories.frozen(first, stories.spec(root.code))
    path = f"/rounds/{made.public_id}/seed"
    mine, theirs = client_of(app, first), client_of(app, second)
    assert 'name="public"' in text_of(mine.get(path))
    assert mine.post(path, data={"public": PUBLIC}).status_code == 302
    waiting = text_of(mine.get(path))
    assert 'name="public"' not in waiting
    assert "请另一位管理员" in waiting
    assert 'name="public"' in text_of(theirs.get(path))
    theirs.post(path, data={"public": f" {PUBLIC} "})
    page = text_of(mine.get(path))
    assert "种子已经确定" in page
    assert PUBLIC in page
    seed = queries.seed_of(made)
    assert seed.public == PUBLIC
    assert seed.seed[:8] in page


def test_the_same_account_twice_is_refused_on_the_page(app, world):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code))
    client, path = client_of(app, first), f"/rounds/{made.public_id}/seed"
    client.post(path, data={"public": PUBLIC})
    again = client.post(path, data={"public": PUBLIC})
    assert again.status_code == 422
    assert queries.seed_of(made) is None


def test_typings_that_differ_are_both_discarded_and_said(app, world):
    root, first, second = world
    made = stories.frozen(first, stories.spec(root.code))
    path = f"/rounds/{made.public_id}/seed"
    client_of(app, first).post(path, data={"public": PUBLIC})
    theirs = client_of(app, second)
    theirs.post(path, data={"public": PUBLIC[:-1] + "5"})
    page = text_of(theirs.get(path))
    assert "两次录入不一致，都已作废" in page
    assert 'name="public"' in page
    assert queries.open_typings(made) == []


@pytest.mark.parametrize("value", ["", "   ", "x" * 401, "1\x0b2"])
def test_a_value_that_is_none_is_refused_at_the_field(app, world, value):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code))
    page = client_of(app, first).post(f"/rounds/{made.public_id}/seed", data={"public": value})
    assert page.status_code == 422
    assert 'id="public-error-1"' in text_of(page)


def test_the_machine_throws_once(app, world):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code, source="machine"))
    client, path = client_of(app, first), f"/rounds/{made.public_id}/seed"
    assert "较弱" in text_of(client.get(path))
    assert client.post(path, data={"by": "machine"}).status_code == 302
    seed = queries.seed_of(made).seed
    assert client.post(path, data={"by": "machine"}).status_code == 409
    assert queries.seed_of(made).seed == seed


def test_nobody_gets_a_machine_seed_where_dice_were_promised(app, world):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code))
    page = client_of(app, first).post(f"/rounds/{made.public_id}/seed", data={"by": "machine"})
    assert page.status_code == 422
    assert queries.seed_of(made) is None


def test_a_lottery_waits_for_its_day(app, world):
    root, first, _second = world
    day = clock.office_today() + timedelta(days=3)
    made = stories.frozen(
        first,
        stories.spec(
            root.code,
            source=f"lottery, name: 双色球第2026140期, date: {max(day, stories.TODAY + timedelta(days=2))}",
        ),
    )
    client, path = client_of(app, first), f"/rounds/{made.public_id}/seed"
    assert "还没有到开奖日期" in text_of(client.get(path))
    assert client.post(path, data={"public": "01 02"}).status_code == 422


def test_the_draw_is_pressed_and_shown(app, world):
    root, first, second = world
    made = stories.seeded(first, second, stories.spec(root.code), PUBLIC)
    client, path = client_of(app, first), f"/rounds/{made.public_id}/draw/confirm"
    assert "从 18 件中抽取 6 件" in text_of(client.get(path))
    assert queries.draw_of(made) is None
    answer = client.post(path)
    assert answer.headers["Location"].endswith(f"/rounds/{made.public_id}/draw")
    page = text_of(client.get(answer.headers["Location"]))
    assert ">6<small>" in page
    drawn = queries.draw_of(made)
    again = client_of(app, second).post(path)
    assert again.status_code == 302
    assert queries.draw_of(made).id == drawn.id


def test_no_draw_without_a_seed(app, world):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code))
    client = client_of(app, first)
    assert client.get(f"/rounds/{made.public_id}/draw/confirm").status_code == 409
    assert client.post(f"/rounds/{made.public_id}/draw/confirm").status_code == 409
    for path in ("draw", "certificate.json", "certificate.pdf"):
        assert client.get(f"/rounds/{made.public_id}/{path}").status_code == 409


def test_the_files_verify_outside_and_the_paper_is_a_pdf(app, world):
    root, first, second = world
    made = stories.drawn(first, second, stories.spec(root.code))
    client = client_of(app, second)
    certificate = client.get(f"/rounds/{made.public_id}/certificate.json")
    frame = client.get(f"/rounds/{made.public_id}/frame.csv")
    assert verify(certificate.data, frame.data).ok
    assert not verify(certificate.data, frame.data.replace(b"2026-0001", b"2026-0009", 1)).ok
    assert "R2026-D1.json" in certificate.headers["Content-Disposition"]
    paper = client.get(f"/rounds/{made.public_id}/certificate.pdf")
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(paper.data)).pages)
    assert json.loads(certificate.data)["seed"] in text
    assert f"/verify/{made.code}" in text
    verifier = client.get("/verify_draw.py")
    assert verifier.data.startswith(b"#!") or b"import" in verifier.data


def test_the_check_on_the_page_repeats_the_draw(app, world):
    root, first, second = world
    made = stories.drawn(first, second, stories.spec(root.code))
    page = text_of(client_of(app, first).post(f"/rounds/{made.public_id}/draw/check"))
    assert "全部相符" in page
    assert page.count("qe-tag-ok") == 12


def test_the_sample_is_listed_by_stratum_and_page(app, world):
    root, first, second = world
    made = stories.drawn(first, second, stories.spec(root.code))
    rows = queries.sample_of(first, made)
    client = client_of(app, first)
    page = text_of(client.get(f"/rounds/{made.public_id}/draw"))
    assert all(row.key in page for row in rows)
    one = text_of(client.get(f"/rounds/{made.public_id}/draw", query_string={"stratum": rows[0].stratum}))
    assert all((row.key in one) == (row.stratum == rows[0].stratum) for row in rows)
    assert "王小明" not in page


def test_the_frame_is_there_from_the_freeze_on(app, world):
    root, first, _second = world
    draft = stories.draft(first, stories.spec(root.code))
    client = client_of(app, first)
    assert client.get(f"/rounds/{draft.public_id}/frame.csv").status_code == 409
    frozen = stories.frozen(first, stories.spec(root.code, code="R2"))
    assert client.get(f"/rounds/{frozen.public_id}/frame.csv").data.startswith(b"case_key,stratum\n")


def test_the_room_follows_without_showing_what_waits(app, world):
    root, first, second = world
    made = stories.frozen(first, stories.spec(root.code))
    screen, path = client_of(app, second), f"/rounds/{made.public_id}/room"
    page = text_of(screen.get(path))
    assert "请掷骰，由两位管理员录入点数" in page
    assert made.frame_digest[:8] in page
    assert f'data-refresh="{path}"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    stories.typed(first, made, "314159")
    page = text_of(screen.get(path))
    assert "已有一位录入，等第二位" in page
    assert first.display_name in page
    assert "314159" not in page
    stories.typed(second, made, "314158")
    page = text_of(screen.get(path))
    assert "两次录入不一致，都已作废" in page
    assert "31415" not in page
    for actor in (first, second):
        stories.typed(actor, made, PUBLIC)
    page = text_of(screen.get(path))
    assert "种子已经确定" in page
    assert PUBLIC in page
    assert queries.seed_of(made).seed[:8] in page
    for hidden in (made.secret, made.deal_secret, made.salt):
        assert hidden not in page


def test_the_room_ends_with_the_draw(app, world):
    root, first, second = world
    made = stories.drawn(first, second, stories.spec(root.code))
    page = text_of(client_of(app, first).get(f"/rounds/{made.public_id}/room"))
    assert "自 18 件中抽取 6 件" in page
    assert "data-refresh" not in page
    assert "http-equiv" not in page


def test_a_draft_has_no_room_and_no_announcement(app, world):
    root, first, _second = world
    made = stories.draft(first, stories.spec(root.code))
    for page in ("room", "announcement.pdf"):
        assert client_of(app, first).get(f"/rounds/{made.public_id}/{page}").status_code == 409


def test_the_plan_is_printed_before_the_seed(app, world):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code))
    answer = client_of(app, first).get(f"/rounds/{made.public_id}/announcement.pdf")
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.data)).pages)
    plan = json.loads(made.plan)
    for digest in (made.frame_digest, made.plan_digest, plan["secret_digest"], plan["deal_secret_digest"]):
        assert digest in text
    assert "抽取方案公告" in text
    assert f"/verify/{made.code}" in text
    for hidden in (made.secret, made.deal_secret, made.salt):
        assert hidden not in text


def test_a_screen_that_renews_itself_does_not_keep_the_session_alive(app, world, monkeypatch):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code))
    client = client_of(app, first)
    client.get(f"/rounds/{made.public_id}")
    later = clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)

    def last_seen():
        return (
            db.session.execute(select(AccountSession.seen_at).order_by(AccountSession.id.desc()))
            .scalars()
            .first()
        )

    before = last_seen()
    assert client.get(f"/rounds/{made.public_id}/room").status_code == 200
    assert last_seen() == before
    client.get(f"/rounds/{made.public_id}")
    assert last_seen() == later
