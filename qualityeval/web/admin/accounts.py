"""The system administrator's accounts: list, file, one account, a new one."""

import base64
from dataclasses import asdict, replace
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.adapters.qr_codes import qr_svg
from qualityeval.adapters.second_factor import enrolment_address
from qualityeval.authz import Permission
from qualityeval.core.codes import Role
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.models import Account
from qualityeval.queries import accounts as queries
from qualityeval.queries import settings
from qualityeval.queries.accounts import AccountFilter, AccountRow
from qualityeval.services import accounts as services
from qualityeval.services import sessions
from qualityeval.web.admin import bp
from qualityeval.web.admin.exports import list_file, wanted_kind
from qualityeval.web.admin.forms import NewAccountForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words import people
from qualityeval.words.moments import moment

PER_PAGE = 30
LONGEST = 100
TONES = {"active": "ok", "waiting": "warn", "disabled": ""}


def asked_filter() -> AccountFilter:
    """The filter in the address; what isn't a code of ours counts as nothing."""
    role, state = request.args.get("role", ""), request.args.get("state", "")
    return AccountFilter(
        text=request.args.get("text", "").strip()[:LONGEST],
        role=role if role in {*Role, "none"} else "",
        state=state if state in people.ACCOUNT_STATES else "",
    )


def list_page(template: str, asked: AccountFilter) -> str:
    """The list of accounts for one of the two administrators who see it."""
    locale = choose_locale()
    total = queries.count_for(acting(), asked)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    rows = queries.list_for(acting(), asked, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return render_template(
        template, rows=rows, asked=asked, page=page, pages=pages, total=total, per_page=PER_PAGE,
        chips=_chips(asked, locale), role_text=lambda role: people.role_text(role, locale),
        state_of=lambda row: _state(row, locale), filters=_set(asked),
        role_choices=[
            ("", _("全部")), *((role, label.text(locale)) for role, label in people.ROLES.items()),
            ("none", people.NO_ROLE.text(locale)),
        ],
        state_choices=[("", _("全部")), *((code, label.text(locale)) for code, label in people.ACCOUNT_STATES.items())],
    )  # fmt: skip


def _set(asked: AccountFilter) -> dict[str, str]:
    return {name: value for name, value in asdict(asked).items() if value}


def _state(row: AccountRow, locale: str) -> tuple[str, str]:
    code = people.account_state(active=row.active, role=row.role)
    return people.ACCOUNT_STATES[code].text(locale), TONES[code]


def _chips(asked: AccountFilter, locale: str) -> list[tuple[str, str]]:
    words = {
        "text": asked.text,
        "role": people.role_text(None if asked.role == "none" else asked.role, locale) if asked.role else "",
        "state": people.ACCOUNT_STATES[asked.state].text(locale) if asked.state else "",
    }
    return [
        (text, url_for(str(request.endpoint), **_set(replace(asked, **{name: ""}))))
        for name, text in words.items()
        if text
    ]


@bp.get("/accounts")
@requires(Permission.ACCOUNTS_MANAGE)
def accounts() -> str:
    """All accounts, filtered by the address."""
    return list_page("admin/accounts.html", asked_filter())


@bp.post("/export/accounts")
@requires(Permission.ACCOUNTS_MANAGE)
def export_accounts() -> Response:
    """Exactly the filtered accounts, as a workbook or CSV; that it was taken is an event."""
    asked, kind, locale = asked_filter(), wanted_kind(), choose_locale()
    rows = queries.list_for(acting(), asked, limit=None)
    header = (_("账号"), _("姓名"), _("角色"), _("机构"), _("状态"), _("上次登录"), _("建立时间"))
    cells = [
        (
            row.name, row.display_name, people.role_text(row.role, locale), row.institution, _state(row, locale)[0],
            moment(row.last_signed_in_at), moment(row.created_at),
        )
        for row in rows
    ]  # fmt: skip
    with transaction():
        services.note_export(actor=acting(), rows=len(cells), filters=_set(asked), now=now())
    return list_file(kind, name=_("账号清单"), header=header, rows=cells)


@bp.get("/accounts/<public_id>")
@requires(Permission.ACCOUNTS_MANAGE)
def account(public_id: str) -> str:
    """One account: what it is, whether it can sign in, where it is signed in."""
    return account_page(queries.get_for(acting(), public_id))


def account_page(found: Account) -> str:
    """The page of one account."""
    locale = choose_locale()
    code = people.account_state(active=found.active, role=found.role)
    return render_template(
        "admin/account.html", account=found, role=people.role_text(found.role, locale),
        state=(people.ACCOUNT_STATES[code].text(locale), TONES[code]), locked=sessions.is_locked(found, now=now()),
        sessions=queries.sessions_of(found, now=now()), own=found.id == acting().account_id,
    )  # fmt: skip


@bp.route("/accounts/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE)
def new_account() -> Any:
    """A new account without a role; its one-time password and QR code are shown once, on the answer."""
    form = NewAccountForm()
    if not form.validate_on_submit():
        return render_template("admin/new_account.html", form=form), 422 if form.errors else 200
    try:
        with transaction():
            new = services.create_account(
                actor=acting(), name=form.name.data or "", role=None, now=now(),
                display_name=form.display_name.data or "", institution=(form.institution.data or "").strip() or None,
                expert=(form.expert.data or "").strip() or None,
            )  # fmt: skip
    except RuleViolation as refusal:
        place(form, refusal)
        return render_template("admin/new_account.html", form=form), 422
    return handed_over(new.account, password=new.password, secret=new.totp_secret)


def handed_over(found: Account, *, password: str, secret: str | None) -> str:
    """The page with what is shown once; it is stored nowhere and `no-store` keeps it out of caches."""
    address = enrolment_address(secret, found.name, settings.current().organisation) if secret else ""
    return render_template(
        "admin/handed_over.html", account=found, password=password, secret=secret or "",
        qr=_picture(qr_svg(address)) if address else "",
    )  # fmt: skip


def _picture(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
