"""The pages of the system and the security administrator, from the list to what is shown once."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from qualityeval.adapters.passwords import is_right
from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent
from qualityeval.queries.accounts import by_name
from qualityeval.services import sessions
from tests.factories import NOW, create_account, create_institution
from tests.personas import account_for, client_for
from tests.quick_hashes import quick_hashes  # noqa: F401 -- holds for the whole module


@pytest.fixture
def system(app, session):
    return client_for(app, "system")


@pytest.fixture
def security(app, session):
    account_for("system")
    return client_for(app, "security")


def some_accounts():
    create_account(role=Role.EXPERT, name="alpha", display_name="沈知行")
    create_account(role=None, name="beta", display_name="沈知远")
    create_account(role=Role.EXPERT, name="gamma_1", display_name="=cmd|' /C calc'!A1", active=False)


def last_event(action):
    query = db.select(AuditEvent).filter_by(action=action).order_by(AuditEvent.seq.desc()).limit(1)
    return db.session.execute(query).scalar_one()


def exported(client, query, kind):
    answer = client.post(f"/admin/export/accounts?{query}", data={"format": kind})
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("text=沈知", {"alpha", "beta"}),
        ("text=ALPHA", {"alpha"}),
        ("text=_", {"gamma_1"}),
        ("text=%25", set()),
        ("role=none", {"beta"}),
        ("role=expert&state=active", {"alpha"}),
        ("state=disabled", {"gamma_1"}),
        ("state=waiting", {"beta"}),
        ("role=nonsense&state=x&page=-3&text=沈知行", {"alpha"}),
    ],
)
def test_page_and_both_files_hold_exactly_the_filtered_accounts(system, query, names):
    some_accounts()
    page = system.get(f"/admin/accounts?{query}").text
    assert {name for name in ("alpha", "beta", "gamma_1") if f"<small>{name}</small>" in page} == names
    for kind in ("csv", "xlsx"):
        rows = exported(system, query, kind)
        assert {row[0] for row in rows[1:]} == names, kind
    event = last_event("account.exported")
    assert f'"rows":{len(names)}' in event.detail


def test_a_name_that_looks_like_a_formula_stays_text(system):
    some_accounts()
    rows = exported(system, "state=disabled", "csv")
    assert rows[1][1].startswith("'=")
    assert exported(system, "state=disabled", "xlsx")[1][1] == "=cmd|' /C calc'!A1"


def test_the_list_is_paged_and_the_address_says_where(system):
    for number in range(40):
        create_account(role=Role.EXPERT, name=f"page{number:02d}")
    first, second = (system.get(f"/admin/accounts?text=page&page={page}").text for page in (1, 2))
    assert ("page00" in first, "page39" in first) == (True, False)
    assert ("page00" in second, "page39" in second) == (False, True)
    assert 'href="/admin/accounts?text=page&amp;page=2"' in first


def test_a_new_account_shows_its_password_and_code_once(system):
    create_institution(code="330000", name="临江省法律援助中心")
    answer = system.post(
        "/admin/accounts/new", data={"name": "new.person", "display_name": "郑书宁", "institution": "330000"}
    )
    account = by_name("new.person")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert account.role is None
    assert account.totp_secret in answer.text
    assert "data:image/svg+xml;base64," in answer.text
    password = answer.text.partition("一次性密码</dt><dd>")[2].partition("<")[0]
    assert is_right(account.password_hash, password)
    detail = system.get(f"/admin/accounts/{account.public_id}").text
    assert password not in detail
    assert account.totp_secret not in detail


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"name": "", "display_name": "x"}, "name", "请填写这一项。"),
        ({"name": "A B", "display_name": "x"}, "name", "3至64个"),
        ({"name": "system", "display_name": "x"}, "name", "已有人用"),
        ({"name": "fresh", "display_name": "x", "institution": "nowhere"}, "institution", "nowhere"),
    ],
)
def test_what_was_wrong_is_said_at_its_field_and_nothing_is_lost(system, fields, field, words):
    answer = system.post("/admin/accounts/new", data=fields)
    assert answer.status_code == 422
    assert f'id="{field}-error-1"' in answer.text
    assert words in answer.text
    assert f'value="{fields["display_name"]}"' in answer.text


def test_a_role_can_t_be_smuggled_into_a_new_account(system):
    system.post(
        "/admin/accounts/new", data={"name": "sly", "display_name": "x", "role": "audit", "active": "0"}
    )
    assert (by_name("sly").role, by_name("sly").active) == (None, True)


def test_disable_enable_unlock_sign_out_reset(app, system):
    client = client_for(app, "expert")
    public_id = by_name("expert").public_id
    here = f"/admin/accounts/{public_id}"
    assert system.post(f"{here}/end-sessions").location == here
    assert client.get("/account").status_code == 302
    system.post(f"{here}/active", data={"active": "0"})
    assert not by_name("expert").active
    system.post(f"{here}/active", data={"active": "1"})
    assert by_name("expert").active
    before = by_name("expert").password_hash
    assert "原来的密码" in system.get(f"{here}/reset").text
    assert by_name("expert").password_hash == before, "asking changes nothing"
    assert "只显示这一次" in system.post(f"{here}/reset").text
    assert by_name("expert").password_hash != before
    actions = [row.action for row in db.session.execute(db.select(AuditEvent)).scalars()]
    assert {"account.sessions_ended", "account.disabled", "account.enabled", "account.access_reset"} <= set(
        actions
    )


def test_a_locked_account_is_shown_and_unlocked(system):
    from qualityeval import clock

    account = account_for("expert")
    for _ in range(5):
        with transaction():
            sessions.note_attempt(name="expert", address="", now=clock.now())
    here = f"/admin/accounts/{account.public_id}"
    assert "账号已锁定" in system.get(here).text
    system.post(f"{here}/unlock")
    assert "账号已锁定" not in system.get(here).text


def test_one_s_own_account_is_neither_disabled_nor_reset(system):
    here = f"/admin/accounts/{by_name('system').public_id}"
    for path, data in ((f"{here}/active", {"active": "0"}), (f"{here}/reset", {})):
        assert system.post(path, data=data).location == here
    assert "不能重置自己的登录信息" in system.get(here).text
    assert by_name("system").active


def test_editing_keeps_what_was_typed_and_says_what_is_wrong(system):
    account = account_for("liaison")
    here = f"/admin/accounts/{account.public_id}/edit"
    assert 'value="990102"' in system.get(here).text
    refused = system.post(here, data={"display_name": "新名字", "institution": ""})
    assert refused.status_code == 422
    assert 'value="新名字"' in refused.text
    assert by_name("liaison").display_name == "liaison", "nothing was half saved"
    system.post(here, data={"display_name": "新名字", "institution": "990102"})
    assert by_name("liaison").display_name == "新名字"


def test_the_security_administrator_gives_and_takes_roles(app, security):
    with transaction():
        from qualityeval.services import accounts

        accounts.create_account(actor=COMMAND_LINE, name="waits", role=None, now=NOW)
    client_for(app, "expert")
    assert "waits" in security.get("/admin/roles?role=none").text
    here = f"/admin/roles/{by_name('waits').public_id}"
    refused = security.post(here, data={"role": "manager"})
    assert refused.status_code == 422
    assert "要属于一个机构" in refused.text
    assert security.post(here, data={"role": "system"}).location == "/admin/roles"
    assert by_name("waits").role == "system"
    assert security.post(here, data={"role": "none"}).location == "/admin/roles"
    assert by_name("waits").role is None
    assert security.post(here, data={"role": "root"}).status_code == 422


def test_nobody_gives_themselves_a_role(security):
    here = f"/admin/roles/{by_name('security').public_id}"
    assert "不能更改自己的角色" in security.get(here).text
    assert security.post(here, data={"role": "audit"}).status_code == 422
    assert by_name("security").role == "security"


def test_settings_take_effect_and_are_events(system):
    values = {
        "organisation": "临江省司法厅", "session_idle_minutes": "20", "session_hours": "8", "lockout_failures": "3",
        "lockout_minutes": "30", "sheet_pay": "80", "hearing_percent": "6",
    }  # fmt: skip
    assert system.post("/admin/settings", data=values).location == "/admin/settings"
    assert "<small>临江省司法厅</small>" in system.get("/").text
    changed = db.session.execute(db.select(AuditEvent).filter_by(action="setting.changed")).scalars().all()
    assert {event.object_id for event in changed} == set(values)
    refused = system.post("/admin/settings", data={**values, "session_idle_minutes": "61"})
    assert refused.status_code == 422
    assert "15到60" in refused.text
    assert 'value="61"' in refused.text
