"""Nothing typed is lost: a form that met an expired token or an ended session is shown again, filled."""

from typing import Any

from flask import current_app, g, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer

from qualityeval.models import Account

LIMIT_SECONDS = 12 * 3600
LIMIT_LENGTH = 4 * 2**20  # a whole specification fits; the form that carries it may be twice as large
PRIVATE = frozenset({"password", "old", "new", "again", "csrf_token", "carried"})
PRIVATE_AT = {"/sign-in/code": frozenset({"code"})}  # elsewhere `code` is a round's or an institution's


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="carried form")


def pack() -> str:
    """The request's path, its fields and whose session it came from, signed.

    Passwords, codes of the second factor and files are left out.
    """
    text = str(_signer().dumps(_typed()))
    return text if len(text) <= LIMIT_LENGTH else ""


def _typed() -> dict[str, Any]:
    private = PRIVATE | PRIVATE_AT.get(request.path, frozenset())
    fields = [
        (name, value) for name, values in request.form.lists() if name not in private for value in values
    ]
    return {"path": request.full_path.rstrip("?"), "fields": fields, "of": getattr(g, "ended_for", "")}


def unpack(text: str) -> dict[str, Any] | None:
    """What `pack` packed, or None when it was tampered with or is older than a session may be."""
    try:
        content: dict[str, Any] = _signer().loads(text, max_age=LIMIT_SECONDS)
    except BadData:
        return None
    return content


def unpack_for(text: str, account: Account) -> dict[str, Any] | None:
    """The same, unless it was typed in somebody else's session: at a shared computer it stays theirs."""
    content = unpack(text)
    return content if content and content["of"] in {"", account.public_id} else None


def again_page() -> str:
    """The typed fields and a button that sends them once more with a fresh token."""
    return filled_page(_typed())


def filled_page(content: dict[str, Any]) -> str:
    """A page that shows carried fields and sends them to where they were going."""
    return render_template(
        "errors/form_again.html", action=content["path"], fields=content["fields"], files=bool(request.files)
    )


def sign_in_page() -> str:
    """The sign-in page, holding the form that was on its way."""
    from qualityeval.web.account.forms import SignInForm

    form = SignInForm(formdata=None)
    form.carried.data = pack()
    return render_template("account/sign_in.html", form=form, ended=True)
