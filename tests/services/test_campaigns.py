"""A campaign: a quota that holds the rest back, an end that kills its links (threat list TK3), whose it is."""

from datetime import date

import pytest

from qualityeval.core.coverage import Rate
from qualityeval.core.errors import NotFound, WrongState
from qualityeval.core.self_service import Way
from qualityeval.database import db, transaction
from qualityeval.models import Account, AuditEvent, Callback, Campaign
from qualityeval.queries import callbacks, campaigns
from qualityeval.queries.accounts import actor_of
from qualityeval.services import campaigns as services
from qualityeval.services import recipient_links
from qualityeval.services.one_time import LinkDead
from tests.channel_rows import CONTENT
from tests.factories import create_actor, create_case, create_institution
from tests.services.test_callbacks import MORNING, centre, dial, make, write

__all__ = ["centre"]


def only():
    db.session.expire_all()
    return db.session.execute(db.select(Campaign)).scalar_one()


def test_a_quota_holds_the_rest_back(centre):
    manager, callers = centre
    made = make(manager, callers, "1", quota=2, title="全量")
    assert made.listed == 8
    for caller in callers:
        actor = actor_of(db.session.get_one(Account, caller.id))
        row = callbacks.current_for(actor, now=MORNING)
        dial(actor, row.public_id)
        write(actor, row.public_id, "reached", answers=CONTENT)
    assert [callbacks.current_for(actor_of(one), now=MORNING) for one in callers] == [None, None]
    (stratum,) = campaigns.strata_of(campaigns.get_for(manager, made.campaign))
    assert (stratum.N, stratum.n, stratum.answered, stratum.held) == (8, 8, 2, 6)
    assert (stratum.response, callbacks.tally_for(manager).response) == (Rate(2, 2), Rate(2, 2))
    told = db.session.execute(db.select(AuditEvent.detail).filter_by(action="campaign.full")).scalar_one()
    assert '"held":6' in told


def test_a_call_under_way_goes_on_when_the_campaign_ends(centre):
    manager, callers = centre
    made = make(manager, callers, "1")
    actor = actor_of(callers[0])
    row = callbacks.current_for(actor, now=MORNING).public_id
    dial(actor, row)
    with transaction():
        held = services.close(actor=manager, campaign=campaigns.get_for(manager, made.campaign), now=MORNING)
    assert held == 7
    assert write(actor, row, "reached", answers=CONTENT) == "done"
    assert callbacks.current_for(actor, now=MORNING) is None
    with pytest.raises(WrongState), transaction():
        services.close(actor=manager, campaign=campaigns.get_for(manager, made.campaign), now=MORNING)
    assert [(one.title, one.listed, one.answered) for one in campaigns.list_for(manager)] == [
        ("2026.01.01–2026.12.31", 8, 1)
    ]


def test_links_die_with_the_campaign(centre):
    manager, callers = centre
    made = make(manager, callers, "1")
    with transaction():
        row = db.session.execute(db.select(Callback).order_by(Callback.place)).scalars().first()
        link = recipient_links.send(
            actor=manager, callback=row, way=Way.LETTER, days=30, guardian=False, now=MORNING
        )
        token = recipient_links.token_of(link.public_id)
    with transaction():
        services.close(actor=manager, campaign=campaigns.get_for(manager, made.campaign), now=MORNING)
    with pytest.raises(LinkDead), transaction():
        recipient_links.exchange(token=token, now=MORNING)


def test_strata_and_bounds_are_kept_for_whoever_draws_again(centre):
    manager, callers = centre
    make(manager, callers, "1/10", strata=("case_type",), minimum=2, maximum=3)
    row = only()
    assert (row.sizes, row.rate, row.left_out) == (
        [{"key": "330102|criminal", "N": 8, "n": 2}], "1/10", {"sealed": 1, "no_phone": 1},
    )  # fmt: skip


def test_campaigns_of_others_are_not_there(centre):
    manager, callers = centre
    made = make(manager, callers, "1")
    stranger = create_actor(institution=create_institution(code="999"))
    create_case(institution=create_institution(code="998"), closed_on=date(2026, 5, 1))
    assert campaigns.list_for(stranger) == []
    with pytest.raises(NotFound):
        campaigns.get_for(stranger, made.campaign)
