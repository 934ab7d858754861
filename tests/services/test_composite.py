"""The index of a body on real rows: declared weights, measured and missing parts."""

from datetime import date

import pytest

from qualityeval.core.composite import PARTS
from qualityeval.core.errors import InvalidInput, NotAllowed
from qualityeval.database import db, transaction
from qualityeval.models import Institution
from qualityeval.queries.composite import index_for
from qualityeval.queries.coverage import Period
from qualityeval.services import releases
from qualityeval.services.composite import declare_weights
from tests.factories import NOW
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
PEER_ONLY = {**dict.fromkeys(PARTS, 0), "peer": 100}
EVEN = dict.fromkeys(PARTS, 20)


def declare(world, version, since, by_part):
    with transaction():
        declare_weights(
            actor=world.actor(), body=body(world), version=version, since=date.fromisoformat(since), by_part=by_part,
            reason="试行办法第八条", now=NOW,
        )  # fmt: skip


def body(world):
    return db.session.get(Institution, world.actor().institution_id)


def test_the_index_follows_the_declared_weights_and_says_what_is_missing(app):
    world = review_world(app)
    world.bring({"1": 90, "2": 80})
    assert index_for(world.actor(), body(world), YEAR).weights is None
    declare(world, "2026", "2026-01-01", PEER_ONLY)
    assert index_for(world.actor(), body(world), YEAR).rows == ()  # nothing is released
    world.notify()
    for name in ("first", "second"):
        with transaction():
            releases.release(
                actor=world.actor(name), round_=world.round(), now=NOW.replace(year=NOW.year + 1)
            )
    first, second = index_for(world.actor(), body(world), YEAR).rows
    # all good: 100, and p̃ = (6 + 2)/(6 + 4) on six cases (two experts a case, none shared by chance or ρ = 0)
    assert (first.index.value, first.index.covered, first.index.version) == (100.0, 1.0, "2026")
    assert (first.counts["peer"], second.counts["peer"], first.counts["hearing"]) == (6, 9, 0)
    assert first.index.lo < second.index.lo < 100
    assert first.before is None

    year = NOW.year + 1
    declare(world, "next", f"{year}-01-01", EVEN)
    with pytest.raises(InvalidInput, match="权重在"):
        index_for(world.actor(), body(world), Period(date(year - 1, 7, 1), date(year, 6, 30)))
    with pytest.raises(InvalidInput, match="已有版本"):
        declare(world, "next", f"{year + 1}-01-01", EVEN)
    with pytest.raises(NotAllowed):
        declare_weights(
            actor=world.actor("county"), body=body(world), version="x", since=date(2030, 1, 1), by_part=EVEN, reason="x", now=NOW
        )  # fmt: skip
