"""What may be wished for a token of a program."""

import pytest

from qualityeval.core.api_access import ApiScope, token_wish
from qualityeval.core.errors import InvalidInput


def test_scopes_come_once_and_in_their_order():
    assert token_wish(" 办案系统 ", ["results", "registers", "results"], 30) == (
        "办案系统",
        (ApiScope.REGISTERS, ApiScope.RESULTS),
    )


@pytest.mark.parametrize(
    ("title", "scopes", "days", "where"),
    [
        (" ", ["results"], 30, "title"),
        ("x" * 81, ["results"], 30, "title"),
        ("x", [], 30, "scopes"),
        ("x", ["results", "everything"], 30, "scopes"),
        ("x", ["results"], 0, "days"),
        ("x", ["results"], 367, "days"),
    ],
)
def test_what_is_no_wish_names_its_field(title, scopes, days, where):
    with pytest.raises(InvalidInput) as refusal:
        token_wish(title, scopes, days)
    assert refusal.value.where == where
