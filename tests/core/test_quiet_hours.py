"""22:00 to 07:00 over midnight, a pause at noon, and none."""

from datetime import time

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.quiet_hours import QuietHours, read_quiet_hours


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("21:59", False), ("22:00", True), ("00:00", True), ("06:59", True), ("07:00", False), ("12:00", False)],
)
def test_over_midnight(at, quiet):
    assert QuietHours().holds_at(time.fromisoformat(at)) is quiet


def test_within_a_day_and_none():
    noon = read_quiet_hours("12:00", "14:00")
    assert [noon.holds_at(time(hour)) for hour in (11, 12, 13, 14)] == [False, True, True, False]
    none = read_quiet_hours("00:00", "00:00")
    assert not any(none.holds_at(time(hour)) for hour in range(24))


def test_what_is_no_time_is_named():
    with pytest.raises(InvalidInput) as refused:
        read_quiet_hours("22:00", "seven")
    assert refused.value.params["given"] == "seven"
