"""Former providers come with the import of experts, go out with the export's text, and keep from their cases."""

from datetime import date

import pytest

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.recusal import Tie
from qualityeval.database import db, transaction
from qualityeval.models import Expert
from qualityeval.queries import interests
from qualityeval.services.expert_import import import_experts
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("session")


def bring(history, code="E1"):
    lines = [(2, {"code": code, "name": "张三", "provider_history": history})]
    with transaction():
        return import_experts(actor=COMMAND_LINE, lines=lines, now=NOW)


def test_each_former_provider_is_an_interest_once():
    text = "甲所@2010-01-01..2015-12-31;乙所@..2018-06-30;丙所"
    assert bring(text).created == 1
    assert interests.past_providers() == {"E1": text}
    assert bring(text).unchanged == 1
    assert bring(text + "；丁所").updated == 1
    expert = db.session.execute(db.select(Expert)).scalar_one()
    ties = interests.ties()[expert.id]
    assert ties == tuple(Tie("past_provider", "provider", name) for name in ("甲所", "乙所", "丙所", "丁所"))
    stored = (
        db.session.execute(db.select(interests.Interest).order_by(interests.Interest.id)).scalars().first()
    )
    assert (stored.since, stored.until, stored.source) == (date(2010, 1, 1), date(2015, 12, 31), "import")


@pytest.mark.parametrize(
    "wrong", ["甲所@2015", "甲所@2015-13-01..", "@2010-01-01..", "甲所@2016-01-01..2015-01-01"]
)
def test_what_cannot_be_read_is_refused_with_its_column(wrong):
    (refused,) = bring(wrong).rejected
    assert (refused.row, refused.column, refused.refusal.code) == (2, "provider_history", "expert.history")
    assert interests.ties() == {}
