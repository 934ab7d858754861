"""Dealing again after the pool has changed."""

from sqlalchemy import update

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import Expert
from qualityeval.queries import rounds as round_queries
from qualityeval.services import audit, dealing
from tests import factories
from tests.factories import NOW
from tests.services import stories


def assign(code: str) -> dict:
    with transaction():
        dealing.assign(actor=COMMAND_LINE, round_=round_queries.by_code_for(COMMAND_LINE, code), now=NOW)
    return round_queries.status(round_queries.by_code_for(COMMAND_LINE, code))["assignment"]


def test_a_colleague_of_a_reader_who_left_the_pool_is_not_put_beside_them(session) -> None:
    """Two experts of one provider never read one case, whether or not the first is still in the pool."""
    root, _ = stories.bureau(cases=(4,))
    stories.drawn(*stories.managers(root), stories.spec(root.code))
    factories.create_expert(code="E1", provider="甲律所")
    assert assign("R2026")["filled"] == 2  # 27.7 % of 4, at least 2; one reader each
    with transaction():
        db.session.execute(update(Expert).values(active=False))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    factories.create_expert(code="E2", provider="甲律所")
    again = assign("R2026")
    assert (again["filled"], again["violations"], len(again["unfilled"])) == (2, 0, 2)
