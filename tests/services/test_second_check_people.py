"""The second checker sees what was dealt to likely doubles and to experts withdrawn; on both databases."""

from datetime import timedelta

import pytest

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import transaction
from qualityeval.models import IdentityProposal, WatchProposal
from qualityeval.services import audit
from tests.factories import NOW
from tests.services.dealt import dealt_round

EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)


def store(*rows) -> None:
    with transaction() as session:
        session.add_all(rows)
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")


def rules(world, code: str) -> set[str]:
    return {rule for _case, expert, rule in world.broken() if expert == code}


@pytest.mark.arranging
def test_doubles_and_withdrawn_as_they_stood_when_files_were_dealt(session) -> None:
    world = dealt_round()
    ids = {code: world.expert(code).id for code in ("E0", "E1", "E2", "E3", "E4")}

    def doubt(one, other, **more):
        return IdentityProposal(expert_id=ids[one], other_id=ids[other], ground="name", **more)

    def withdrawal(one, at, act="withdraw"):
        return WatchProposal(
            expert_id=ids[one], act=act, reason="r", state="agreed", proposed_at=at, decided_at=at,
            proposed_by_id=world.first.account_id, decided_by_id=world.second.account_id,
        )  # fmt: skip

    store(
        doubt("E0", "E1", found_at=EARLIER),
        doubt("E0", "E2", found_at=EARLIER, state="different", decided_at=EARLIER),
        doubt("E1", "E4", found_at=LATER),
        withdrawal("E3", EARLIER),
        withdrawal("E4", LATER),
    )
    assert {code: rules(world, code) for code in ids} == {
        "E0": {"identity"}, "E1": {"identity"}, "E2": set(), "E3": {"withdrawn"}, "E4": set()
    }  # fmt: skip
    store(withdrawal("E3", EARLIER, "admit"))
    assert rules(world, "E3") == set()
