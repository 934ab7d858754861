"""What was typed comes back whole, however long it is."""

import hashlib

from flask import Flask

from tests.personas import ANONYMOUS, client_for

# 650,000 characters that don't compress: a specification may have a million
LONG = "\n".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(10_000))


def test_a_long_form_that_met_an_old_page_comes_back(app: Flask, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    sent = client_for(app, "manager").post("/rounds/new", data={"spec": LONG})
    assert sent.status_code == 400
    assert LONG in sent.get_data(as_text=True).replace("\r\n", "\n")


def test_a_long_form_that_met_an_ended_session_is_carried(app: Flask) -> None:
    sent = client_for(app, ANONYMOUS).post("/rounds/new", data={"spec": LONG})
    assert sent.status_code == 401
    assert len(sent.data) > 400_000
