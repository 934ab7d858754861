"""Text that no database column takes is refused at the door, on both databases, and never a crash."""

import pytest
from flask import Flask

from qualityeval.core.codes import Role
from tests.factories import PASSWORD, create_account
from tests.personas import client_for

# PostgreSQL has no NUL in text; SQLite cuts or keeps it, so the same press would differ between the two.
NUL = "a\0b"


def test_a_nul_in_a_form_is_a_bad_request(app: Flask) -> None:
    sent = app.test_client().post("/sign-in", data={"name": NUL, "password": "x"})
    assert sent.status_code == 400


@pytest.mark.parametrize("address", ["/rounds?text=%00", "/rounds/%00", "/jobs/a%00"])
def test_a_nul_in_an_address_is_a_bad_request(app: Flask, address: str) -> None:
    assert client_for(app, "manager").get(address).status_code == 400


def test_a_nul_in_a_browsers_name_is_kept_out_of_the_database(app: Flask) -> None:
    with app.app_context():
        create_account(name="reader", role=Role.EXPERT, expert_code="E1")
    sent = app.test_client().post(
        "/sign-in",
        data={"name": "reader", "password": PASSWORD},
        environ_overrides={"HTTP_USER_AGENT": NUL},
    )
    assert sent.status_code == 302


@pytest.mark.parametrize("text", ["张三\r\n换行", "\U0001f600", "a\u2028b"])
def test_ordinary_odd_text_still_passes(app: Flask, text: str) -> None:
    assert app.test_client().post("/sign-in", data={"name": text, "password": "x"}).status_code == 422
