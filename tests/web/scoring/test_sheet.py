"""The scoring desk in a browser: list, draft, submission, running total, a stale window."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.core.rubric_parts import show_points
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Case, Expert, Sheet
from qualityeval.queries import rounds as round_queries
from qualityeval.services import dealing
from tests import factories
from tests.factories import NOW
from tests.services import chain, stories
from tests.structure.objects import sign_in, token_of


@pytest.fixture
def desk(app, session) -> tuple[FlaskClient, str]:
    """An expert's browser and the public id of a file dealt to them."""
    root, _ = stories.bureau(cases=(10,))
    first, second = stories.managers(root)
    factories.create_experts(range(4))
    stories.drawn(first, second, stories.spec(root.code))
    with transaction():
        dealing.assign(actor=first, round_=round_queries.by_code_for(first, "R2026"), now=NOW)
    line = session.execute(select(Assignment).join(Expert).where(Expert.code == "E0")).scalars().first()
    account = factories.create_account(role=Role.EXPERT, expert_code="E0")
    client = app.test_client()
    sign_in(client, token_of(account))
    return client, line.public_id


def form(points: int = 87, **more: str) -> dict[str, str]:
    earned = chain.marks(points)
    fields = {f"mark-{code}": f"{value // 100}.{value % 100:02d}" for code, value in earned.items()}
    return {"version": "0", **fields, **more}


def test_the_list_shows_codes_and_no_names(desk) -> None:
    client, public_id = desk
    text = client.get("/scoring/").get_data(as_text=True)
    assert public_id[:8].upper() in text
    numbers = db.session.execute(select(Case.number, Case.recipient_name)).all()
    assert not any(number in text or name in text for number, name in numbers)


def test_the_sheet_shows_every_item_and_no_names(desk) -> None:
    client, public_id = desk
    text = client.get(f"/scoring/{public_id}").get_data(as_text=True)
    assert all(f'name="mark-{code}"' in text for code in chain.RUBRIC.by_item)
    numbers = db.session.execute(select(Case.number, Case.recipient_name)).all()
    assert not any(number in text or name in text for number, name in numbers)


def test_a_draft_comes_back_as_it_was_typed(desk) -> None:
    client, public_id = desk
    item = next(iter(chain.RUBRIC.by_item))
    sent = {"version": "0", f"mark-{item}": "1.5", f"page-{item}": "37", "overall": "尚可", "do": "save"}
    answer = client.post(f"/scoring/{public_id}", data=sent)
    assert answer.status_code == 302
    text = client.get(f"/scoring/{public_id}").get_data(as_text=True)
    assert 'value="1.5"' in text
    assert 'value="37"' in text
    assert "尚可" in text
    assert 'name="version" value="1"' in text


def test_a_whole_sheet_is_submitted_and_closed(desk) -> None:
    client, public_id = desk
    answer = client.post(f"/scoring/{public_id}", data=form(87, do="submit"))
    assert answer.status_code == 302
    assert db.session.execute(select(Sheet.total)).scalar_one() == 8700
    text = client.get(f"/scoring/{public_id}").get_data(as_text=True)
    assert 'value="submit"' not in text
    again = client.post(f"/scoring/{public_id}", data=form(90, do="submit"))
    assert again.status_code == 422
    db.session.rollback()
    assert db.session.execute(select(Sheet.total)).scalar_one() == 8700


def test_what_is_missing_is_named_and_what_was_typed_stays(desk) -> None:
    client, public_id = desk
    sent = form(87, do="submit", overall="意见在此")
    missing = next(iter(chain.RUBRIC.by_item))
    del sent[f"mark-{missing}"]
    answer = client.post(f"/scoring/{public_id}", data=sent)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="mark-{missing}-error"' in text
    assert "意见在此" in text


@pytest.mark.parametrize("typed", ["zwölf", "1.234", "-1", "999"])
def test_a_mark_that_is_none_is_named_at_its_item(desk, typed: str) -> None:
    client, public_id = desk
    item = next(iter(chain.RUBRIC.by_item))
    answer = client.post(f"/scoring/{public_id}", data=form(87, do="submit", **{f"mark-{item}": typed}))
    assert answer.status_code == 422
    assert f'id="mark-{item}-error"' in answer.get_data(as_text=True)
    assert db.session.execute(select(Sheet)).first() is None


@pytest.mark.parametrize(("points", "shown"), [(87, "87 · 良好"), (95, "95 · 优秀")])
def test_the_running_total_is_the_servers(desk, points: int, shown: str) -> None:
    client, public_id = desk
    answer = client.post(f"/scoring/{public_id}/total", data=form(points)).get_json()
    assert answer["text"] == shown
    assert db.session.execute(select(Sheet)).first() is None


def test_the_running_total_counts_what_is_left(desk) -> None:
    client, public_id = desk
    sent = form(87)
    item = next(iter(chain.RUBRIC.by_item))
    del sent[f"mark-{item}"]
    told = client.post(f"/scoring/{public_id}/total", data=sent).get_json()
    assert (told["missing"], told["total"], told["text"]) == (1, None, "还差 1 项")
    assert told["figure"].startswith("暂计 ")


def test_each_part_says_what_it_holds_on_the_page_and_while_one_writes(desk) -> None:
    client, public_id = desk
    first, second = chain.RUBRIC.sections[:2]
    sent = {f"mark-{one.code}": show_points(one.points) for one in first.items}
    told = client.post(f"/scoring/{public_id}/total", data=sent).get_json()
    whole, other = (show_points(one.points) for one in (first, second))
    assert told["parts"][first.code] == {"text": f"{whole} / {whole}", "state": "done"}
    assert told["parts"][second.code] == {"text": f"— / {other}", "state": "open"}
    assert (told["figure"], told["points"]) == ("暂计 100 · 优秀", 10_000)
    client.post(f"/scoring/{public_id}", data={"version": "0", "do": "save", **sent})
    page = client.get(f"/scoring/{public_id}").get_data(as_text=True)
    assert f"<small data-sum>{whole} / {whole}</small>" in page
    assert "暂计 100 · 优秀" in page
    bad = client.post(
        f"/scoring/{public_id}/total", data=sent | {f"mark-{first.items[0].code}": "99"}
    ).get_json()
    assert (bad["parts"], bad["total"]) == ({}, None)
    assert "须在 0 到" in bad["text"]


def test_a_stale_window_shows_both_texts_and_overwrites_nothing(desk) -> None:
    client, public_id = desk
    item = next(iter(chain.RUBRIC.by_item))
    client.post(f"/scoring/{public_id}", data={"version": "0", f"mark-{item}": "1", "do": "save"})
    answer = client.post(f"/scoring/{public_id}", data={"version": "0", f"mark-{item}": "2", "do": "save"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert ">1<" in text
    assert ">2<" in text
    kept = client.get(f"/scoring/{public_id}").get_data(as_text=True)
    assert f'name="mark-{item}" value="1"' in kept


def test_another_experts_file_is_not_there(desk, app) -> None:
    _client, public_id = desk
    other = app.test_client()
    sign_in(other, token_of(factories.create_account(role=Role.EXPERT, expert_code="E9")))
    for answer in (
        other.get(f"/scoring/{public_id}"),
        other.post(f"/scoring/{public_id}", data=form(87, do="submit")),
        other.post(f"/scoring/{public_id}/total", data=form(87)),
    ):
        assert answer.status_code == 404


def test_a_draft_is_kept_while_it_is_written(desk) -> None:
    client, public_id = desk
    item = next(iter(chain.RUBRIC.by_item))
    first = client.post(f"/scoring/{public_id}/draft", data={"version": "0", f"mark-{item}": "1"})
    assert (first.status_code, first.get_json()["version"]) == (200, 1)
    second = client.post(f"/scoring/{public_id}/draft", data={"version": "1", f"mark-{item}": "2"})
    assert second.get_json()["version"] == 2
    stale = client.post(f"/scoring/{public_id}/draft", data={"version": "1", f"mark-{item}": "3"})
    told = stale.get_json()
    assert (stale.status_code, told["version"], told["conflict"]) == (409, None, True)
    assert f'name="mark-{item}" value="2"' in client.get(f"/scoring/{public_id}").get_data(as_text=True)


def test_a_submitted_sheet_takes_no_draft(desk) -> None:
    client, public_id = desk
    client.post(f"/scoring/{public_id}", data=form(87, do="submit"))
    assert client.post(f"/scoring/{public_id}/draft", data=form(90)).status_code == 422
