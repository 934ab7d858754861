"""What may be set: bounds, one line of text, and stored nonsense that falls back to the default."""

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.settings import NAMES, NUMBERS, Settings, checked, read
from qualityeval.words.people import SETTINGS


def test_without_rows_the_defaults_hold():
    assert read({}) == Settings()


@pytest.mark.parametrize(("name", "bounds"), NUMBERS.items())
def test_both_bounds_are_allowed_and_nothing_beyond(name, bounds):
    assert checked(name, f" {bounds.least} ") == str(bounds.least)
    assert checked(name, str(bounds.most)) == str(bounds.most)
    for text in (str(bounds.least - 1), str(bounds.most + 1), "", "15.5", "-20", "２０", "1e1", "9" * 50):
        with pytest.raises(InvalidInput) as refusal:
            checked(name, text)
        assert refusal.value.where == name


def test_defaults_lie_inside_their_bounds():
    defaults = Settings()
    assert all(bounds.least <= getattr(defaults, name) <= bounds.most for name, bounds in NUMBERS.items())


def test_the_session_never_outlasts_what_the_standard_allows():
    """Idle 15 to 60 minutes, 12 hours in all."""
    assert (NUMBERS["session_idle_minutes"].least, NUMBERS["session_idle_minutes"].most) == (15, 60)
    assert NUMBERS["session_hours"].most == 12


def test_the_organisation_is_one_line():
    assert checked("organisation", " 临江省司法厅 ") == "临江省司法厅"
    for text in ("甲\n乙", "字" * 61):
        with pytest.raises(InvalidInput):
            checked("organisation", text)


def test_an_unknown_name_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        checked("secret_key", "x")
    assert refusal.value.code == "setting.unknown"


def test_stored_nonsense_counts_as_not_there():
    assert read({"session_idle_minutes": "9999", "lockout_failures": "4", "demo": "1"}) == Settings(
        lockout_failures=4
    )


def test_every_setting_has_its_words():
    assert set(SETTINGS) == set(NAMES)
