"""YAML written for people is read back as the same value."""

from hypothesis import given
from hypothesis import strategies as st

from qualityeval.adapters.yaml_text import load_text
from qualityeval.adapters.yaml_writing import dump_text

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufeff"),
    max_size=20,
)
VALUE = st.recursive(
    TEXT | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT.filter(bool), inner, max_size=3),
    max_leaves=8,
)


def test_it_reads_as_people_write():
    value = {
        "code": "LJ2026Q3", "from": "2026-07-01", "rates": {"default": "27.7%", "minimum": "2"},
        "strata": ["institution", "案件"], "provider": True, "word": "true", "nothing": "", "number": "007",
    }  # fmt: skip
    text = dump_text(value)
    assert text.splitlines()[:4] == ["code: LJ2026Q3", "from: 2026-07-01", "rates:", "  default: 27.7%"]
    assert "  - institution" in text
    assert "provider: true" in text
    assert "word: 'true'" in text
    assert load_text(text) == value


@given(st.dictionaries(TEXT.filter(bool), VALUE, min_size=1, max_size=4))
def test_what_was_written_is_read(value):
    assert load_text(dump_text(value)) == value
