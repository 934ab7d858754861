"""Contradictions by hand: each alone, several at once, and the cases that are none."""

import pytest

from qualityeval.core.four_channels import ALARM, HEARING, ORGAN, SILENT, UNHEARD, Heard, apart, majority


@pytest.mark.parametrize(
    ("heard", "kinds"),
    [
        (Heard(peer=False, satisfied=True), (SILENT,)),
        (Heard(peer=True, satisfied=True), ()),
        (Heard(peer=True, satisfied=False), (UNHEARD,)),
        (Heard(peer=False, satisfied=False), ()),
        (Heard(peer=True, satisfied=True, alarms=True), (ALARM,)),
        (Heard(peer=False, satisfied=True, alarms=True), ()),  # not silent: the recipient did say something
        (Heard(peer=True, organ=False), (ORGAN,)),
        (Heard(peer=False, organ=True), (ORGAN,)),
        (Heard(peer=True, hearing=59_99), (HEARING,)),
        (Heard(peer=True, hearing=60_00), ()),
        (Heard(peer=False, hearing=79_99), ()),
        (Heard(peer=False, hearing=80_00), (HEARING,)),
        (
            Heard(peer=True, satisfied=False, organ=False, hearing=0, alarms=True),
            (ALARM, UNHEARD, ORGAN, HEARING),
        ),
        (Heard(satisfied=False, organ=False, hearing=0, alarms=True), ()),  # the peers said nothing
    ],
)
def test_contradictions(heard, kinds):
    assert apart(heard) == kinds


@pytest.mark.parametrize(
    ("good", "judged", "verdict"), [(2, 3, True), (1, 3, False), (1, 2, None), (0, 0, None)]
)
def test_majority(good, judged, verdict):
    assert majority(good, judged) is verdict
