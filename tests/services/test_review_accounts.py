"""Texts of an account that one database would keep and the other refuse."""

import pytest

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import InvalidInput
from qualityeval.database import transaction
from qualityeval.services import accounts
from tests.factories import NOW


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("display_name", "张" * 101),
        ("display_name", "张\n三"),
        ("display_name", "张\ud800"),
        ("expert", "E" * 65),
        ("expert", "E\0"),
    ],
    ids=["long-name", "line-break", "surrogate", "long-code", "nul"],
)
def test_a_text_that_no_column_takes_is_refused_on_its_field(session, field: str, text: str) -> None:
    with pytest.raises(InvalidInput) as refusal, transaction():
        accounts.create_account(actor=COMMAND_LINE, name="reader", role=None, now=NOW, **{field: text})
    assert (refusal.value.code, refusal.value.where) == ("account.text", field)


def test_the_longest_texts_pass(session) -> None:
    with transaction():
        made = accounts.create_account(
            actor=COMMAND_LINE, name="reader", role=None, now=NOW, display_name="张" * 100, expert="E" * 64
        )
        assert made.account.display_name == "张" * 100
