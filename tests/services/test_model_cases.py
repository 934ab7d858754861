"""Model cases: good grades only, no names in the text, two people, listed for readers without the case."""

import pytest

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import ModelCase
from qualityeval.queries import model_cases as queries
from qualityeval.services import model_cases
from tests.services.test_objections import OVER
from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")
TEXT = {
    "title": "及时会见、取证充分",
    "story": "承办律师三次会见，收集到关键证据。",
    "merits": "会见笔录完整。",
}


@pytest.fixture
def world(app):
    return released(app)


def nominated(world, **more):
    with transaction():
        words = {**TEXT, **more}
        return model_cases.nominate(actor=world.actor(), sampled=world.sampled(), now=OVER, **words).public_id


def decide(world, public_id, who, *, agrees=True, decision=""):
    with transaction():
        row = queries.get_for(world.actor(who), public_id)
        model_cases.decide(actor=world.actor(who), row=row, agrees=agrees, decision=decision, now=OVER)


def test_from_the_nomination_to_the_list_and_off_it_again(world):
    public_id = nominated(world)
    assert queries.list_for(world.liaison()) == []
    with pytest.raises(WrongState) as own:
        decide(world, public_id, "first")
    assert own.value.code == "model_case.own"
    decide(world, public_id, "second")
    (row,) = queries.list_for(world.liaison())
    assert (row.title, row.key) == (TEXT["title"], ""), "readers see the story, never the case"
    assert queries.count_for(world.liaison()) == 1
    assert queries.list_for(world.liaison(), state="nominated") == []
    with transaction():
        model_cases.withdraw(
            actor=world.actor(), row=queries.get_for(world.actor(), public_id), reason="有新情况", now=OVER
        )
    assert queries.list_for(world.liaison()) == []
    with pytest.raises(NotFound):
        queries.get_for(world.actor("county"), public_id)


def test_the_command_line_is_neither_of_the_two(world):
    with pytest.raises(NotAllowed) as shell, transaction():
        model_cases.nominate(actor=COMMAND_LINE, sampled=world.sampled(), now=OVER, **TEXT)
    assert (shell.value.code, shell.value.where) == ("model_case.account_needed", "--as")
    assert db.session.execute(db.select(ModelCase)).first() is None


def test_a_name_in_the_text_is_refused_by_field(world):
    number = world.sampled().frame_case.key.partition(":")[2]
    with pytest.raises(InvalidInput) as named:
        nominated(world, story=f"案号 {number} 的承办律师……")
    assert (named.value.code, named.value.where) == ("model_case.names", "story")
    for change in ({"title": " "}, {"merits": "长" * 4001}):
        with pytest.raises(InvalidInput):
            nominated(world, **change)
    assert db.session.execute(db.select(ModelCase)).first() is None


def test_turning_down_needs_a_reason_and_a_case_is_nominated_once(world):
    public_id = nominated(world)
    with pytest.raises(InvalidInput):
        decide(world, public_id, "second", agrees=False)
    decide(world, public_id, "second", agrees=False, decision="事迹一般")
    with pytest.raises(WrongState):
        decide(world, public_id, "second")
    with pytest.raises(WrongState) as twice:
        nominated(world)
    assert twice.value.code == "exists"
    with pytest.raises(NotAllowed), transaction():
        model_cases.nominate(actor=world.actor("county"), sampled=world.sampled(1), now=OVER, **TEXT)
