"""Sealed numbers are shown a day's honest work at a time (threat list PR2)."""

from datetime import timedelta

import pytest

from qualityeval.core.errors import WrongState
from qualityeval.database import transaction
from qualityeval.services import audit
from qualityeval.services.case_access import MOST_A_DAY, REVEALED, reveal_number
from tests.factories import NOW, create_actor, create_case, create_institution


def test_after_fifty_numbers_the_day_is_over_and_tomorrow_is_another(session):
    county = create_institution()
    manager, colleague = create_actor(institution=county), create_actor(institution=county)
    case = create_case(institution=county, recipient_phone="13800138000")

    def reveal(actor, now=NOW):
        with transaction():
            return reveal_number(actor=actor, case=case, field="recipient_phone", reason="电话核实", now=now)

    with transaction():
        for _ in range(MOST_A_DAY - 1):
            audit.record(manager, REVEALED, now=NOW - timedelta(minutes=1), object_type="case")
    assert reveal(manager) == "13800138000"  # the fiftieth
    with pytest.raises(WrongState) as refusal:
        reveal(manager)
    assert refusal.value.code == "case.most_a_day"
    assert (
        reveal(colleague) == reveal(manager, NOW + timedelta(hours=14)) == "13800138000"
    )  # past midnight here
