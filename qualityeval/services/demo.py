"""The demonstration province: invented institutions, accounts of every role, a small register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from qualityeval.adapters.passwords import one_time_password
from qualityeval.authz import Actor, Permission, require
from qualityeval.core import demo_register
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.database import db
from qualityeval.models import Account, Case, Institution, Practitioner, Provider, Round, Setting
from qualityeval.services import accounts, audit
from qualityeval.services.case_import_values import id_index, phone_index, search_text

MARK = "demo"
MOST = 20_000
ACCOUNTS: tuple[tuple[str, Role, str, str | None], ...] = (
    ("manager", Role.MANAGER, "990000", None),
    ("manager2", Role.MANAGER, "990000", None),
    ("manager-city", Role.MANAGER, "990100", None),
    ("expert", Role.EXPERT, "990000", "E0001"),
    ("observer", Role.OBSERVER, "990000", None),
    ("caller", Role.CALLER, "990000", None),
    ("liaison", Role.LIAISON, "990101", None),
    ("viewer", Role.VIEWER, "990000", None),
    ("system", Role.SYSTEM, "990000", None),
    ("security", Role.SECURITY, "990000", None),
    ("audit", Role.AUDIT, "990000", None),
)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class DemoAccount:
    """What is printed at every start of a demonstration."""

    name: str
    role: str
    institution: str
    password: str
    totp_secret: str | None


@dataclass(frozen=True)
class Demo:
    """What was made."""

    institutions: int
    cases: int
    accounts: tuple[DemoAccount, ...]


def create_demo(
    *, actor: Actor, cases: int, seed: int, now: datetime, progress: Progress | None = None
) -> Demo:
    """Fill an empty database with the province; the same seed makes the same register.

    Passwords and secrets are random and returned once. Refuses a database in which anyone has worked: one
    that holds cases, rounds, institutions or accounts, the demonstration itself included.
    """
    require(actor, Permission.ACCOUNTS_MANAGE)
    require(actor, Permission.REGISTER_IMPORT)
    if not 1 <= cases <= MOST:
        raise InvalidInput("demo.cases", msg("演示案件数在1至%(most)s之间。"), where="cases", most=MOST)
    _refuse_used()
    places = _institutions(now)
    _register(places, cases, seed, now, progress or _silent)
    made = tuple(_account(actor, name, role, code, expert, now) for name, role, code, expert in ACCOUNTS)
    db.session.add(Setting(name=MARK, value=str(seed), changed_at=now))
    audit.record(
        actor,
        "demo.created",
        now=now,
        object_type="instance",
        cases=cases,
        seed=seed,
        institutions=len(places),
    )
    return Demo(len(places), cases, made)


def is_demo() -> bool:
    """Whether this database holds the demonstration."""
    return db.session.get(Setting, MARK) is not None


def is_unused() -> bool:
    """Whether nobody has worked in this database yet."""
    return all(
        db.session.execute(select(table.id).limit(1)).first() is None
        for table in (Case, Round, Institution, Account)
    )


def _refuse_used() -> None:
    if is_demo():
        raise WrongState("demo.exists", msg("这个数据库里已有演示数据。"))
    if not is_unused():
        raise WrongState(
            "demo.database_used",
            msg("这个数据库里已有别的数据，不能放入演示数据。请换一个实例文件夹（QUALITYEVAL_HOME）。"),
        )


def _institutions(now: datetime) -> dict[str, Institution]:
    made: dict[str, Institution] = {}
    for code, name, level, above in demo_register.institutions():
        parent = made[above] if above else None
        row = Institution(
            code=code, name=name, level=level, created_at=now, parent_id=parent.id if parent else None
        )
        db.session.add(row)
        db.session.flush()
        row.path = f"{parent.path if parent else '/'}{row.id}/"
        made[code] = row
    db.session.flush()
    return made


def _register(
    places: dict[str, Institution], count: int, seed: int, now: datetime, progress: Progress
) -> None:
    lawyers = _lawyers(seed, now)
    for position, case in enumerate(demo_register.cases(count, seed), 1):
        provider, practitioner = lawyers[case.practitioner]
        fields = {name: value for name, value in case.fields.items() if value is not None}
        db.session.add(
            Case(
                institution_id=places[case.institution].id,
                provider_id=provider,
                practitioner_id=practitioner,
                registered_at=now,
                updated_at=now,
                search_text=_search_text(case),
                **_indexes(fields),
                **fields,
            )
        )
        progress(msg("写入演示案件"), position, count)
    db.session.flush()


def _lawyers(seed: int, now: datetime) -> dict[tuple[str, str, str], tuple[int, int]]:
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    providers: dict[str, Provider] = {}
    for people in demo_register.practitioners(seed).values():
        for name, licence, firm in people:
            if firm not in providers:
                providers[firm] = Provider(name=firm, created_at=now)
                db.session.add(providers[firm])
                db.session.flush()
            row = Practitioner(name=name, licence=licence, provider_id=providers[firm].id, created_at=now)
            db.session.add(row)
            db.session.flush()
            found[name, licence, firm] = (providers[firm].id, row.id)
    return found


def _indexes(fields: dict[str, Any]) -> dict[str, str | None]:
    return {
        "recipient_id_index": id_index(fields["recipient_id_number"]),
        "recipient_phone_index": phone_index(fields["recipient_phone"]),
    }


def _search_text(case: demo_register.DemoCase) -> str:
    name, _licence, firm = case.practitioner
    return search_text({**case.fields, "practitioner": name, "provider": firm})


def _account(
    actor: Actor, name: str, role: Role, institution: str, expert: str | None, now: datetime
) -> DemoAccount:
    password = one_time_password()
    new = accounts.create_account(
        actor=actor, name=name, role=role, now=now, institution=institution, expert=expert, password=password
    )
    return DemoAccount(name, role.value, institution, password, new.totp_secret)


def _silent(stage: str, done: int, total: int) -> None:
    del stage, done, total
