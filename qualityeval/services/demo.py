"""The demonstration province: invented institutions, a register, accounts of every role, rounds under way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import select

from qualityeval.adapters.passwords import one_time_password
from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core import demo_register, demo_words
from qualityeval.core.case_fields import BY_NAME, Kind
from qualityeval.core.codes import Role
from qualityeval.core.demo_register import DemoCase
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.register import CaseRecord, Value
from qualityeval.database import db
from qualityeval.models import Account, Case, Institution, Round, Setting
from qualityeval.queries.accounts import by_name
from qualityeval.services import accounts, audit, composite, demo_channels, demo_rounds
from qualityeval.services.case_import_store import CaseStore

MARK = "demo"
MOST = 100_000
BLOCK = 500
ROUNDS_FROM = 60  # fewer cases make no round worth looking at
PROVINCE = "990000"
EXPERTS = ("expert", "expert2")
ACCOUNTS: dict[str, tuple[Role, str]] = {
    "manager": (Role.MANAGER, PROVINCE),
    "manager2": (Role.MANAGER, PROVINCE),
    "manager-city": (Role.MANAGER, "990100"),
    "expert": (Role.EXPERT, PROVINCE),
    "expert2": (Role.EXPERT, PROVINCE),
    "observer": (Role.OBSERVER, PROVINCE),
    "caller": (Role.CALLER, PROVINCE),
    "liaison": (Role.LIAISON, "990101"),
    "viewer": (Role.VIEWER, PROVINCE),
    "system": (Role.SYSTEM, PROVINCE),
    "security": (Role.SECURITY, PROVINCE),
    "audit": (Role.AUDIT, PROVINCE),
}
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
    *,
    actor: Actor,
    cases: int,
    seed: int,
    now: datetime,
    rounds: bool = True,
    progress: Progress | None = None,
) -> Demo:
    """Fill an empty database with the province; the same seed makes the same register, people and marks.

    With `rounds` (and at least 60 cases) one round is released, one is being scored and has open sheets for
    both experts' accounts, and the last month's cases are in no frame yet: a draft waits for its freeze. Hearings
    wait for the observer, recipients for the caller. Passwords and secrets of accounts
    are random and returned once. Refuses a database in which anyone has worked: one that holds cases,
    rounds, institutions or accounts, the demonstration itself included.
    """
    require(actor, Permission.ACCOUNTS_MANAGE)
    require(actor, Permission.REGISTER_IMPORT)
    if not 1 <= cases <= MOST:
        raise InvalidInput("demo.cases", msg("演示案件数在1至%(most)s之间。"), where="cases", most=MOST)
    _refuse_used()
    tell = progress or _silent
    places = _institutions(cases, now)
    # before the register: a password's hash needs 64 MB for a moment. An expert's account has no expert yet
    made = {name: _account(actor, name, now, expert=name if name in EXPERTS else None) for name in ACCOUNTS}
    _register(places, cases, seed, now, tell)
    pair = demo_rounds.FIRST_EXPERTS
    if rounds and cases >= ROUNDS_FROM:
        pair = demo_rounds.create_rounds(cases=cases, seed=seed, now=now, progress=tell)
    for name, code in zip(EXPERTS, pair, strict=True):
        _seat(actor, name, code, now)
        demo_rounds.begin_sheet(name, now=now)
    if rounds:
        demo_channels.create_channels(seed=seed, now=now)
        _weights(actor, next(iter(places.values())), now)
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
    return Demo(len(places), cases, tuple(made.values()))


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


def _institutions(cases: int, now: datetime) -> dict[str, Institution]:
    made: dict[str, Institution] = {}
    for code, name, level, above in demo_register.institutions(cases):
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


def _weights(actor: Actor, body: Institution, now: datetime) -> None:
    """Weights of the index of five parts, and those of the next year, so that both can be compared."""
    next_year = office_date(now).year + 1
    for since, (by_part, reason) in zip(
        (date(demo_register.RELEASED[0].year, 1, 1), date(next_year, 1, 1)), demo_words.WEIGHTS, strict=True
    ):
        composite.declare_weights(
            actor=actor,
            body=body,
            version=f"{since.year}",
            since=since,
            by_part=by_part,
            reason=reason,
            now=now,
        )


def _register(
    places: dict[str, Institution], count: int, seed: int, now: datetime, progress: Progress
) -> None:
    store = CaseStore(fields=BY_NAME, now=now, writes=True)
    ids = {code: place.id for code, place in places.items()}
    records = _records(count, seed)
    done = 0
    while block := list(islice(records, BLOCK)):
        store.add([(ids[record.institution_code], record) for record in block])
        done += len(block)
        progress(msg("写入演示案件"), done, count)


def _records(count: int, seed: int) -> Iterator[CaseRecord]:
    for row, case in enumerate(demo_register.cases(count, seed), 1):
        yield CaseRecord(row, case.institution, "", case.fields["number"], _values(case), {})


def _values(case: DemoCase) -> dict[str, Value]:
    """Every field of the register, empty where the case has none."""
    person, licence, firm = case.practitioner
    known = {**case.fields, "practitioner": person, "practitioner_licence": licence, "provider": firm}
    return {
        name: _empty(field.kind) if (value := known.get(name)) is None else value
        for name, field in BY_NAME.items()
        if name != "number"
    }


def _empty(kind: Kind) -> Value:
    return "" if kind in {Kind.TEXT, Kind.CODE, Kind.TAGS, Kind.SECRET} else None


def _account(actor: Actor, name: str, now: datetime, *, expert: str | None = None) -> DemoAccount:
    role, institution = ACCOUNTS[name]
    password = one_time_password()
    new = accounts.create_account(
        actor=actor, name=name, role=role, now=now, institution=institution, expert=expert, password=password
    )
    return DemoAccount(name, role.value, institution, password, new.totp_secret)


def _seat(actor: Actor, name: str, code: str, now: datetime) -> None:
    """The account is this expert's from now on."""
    account = by_name(name)
    if account is not None:
        accounts.change_account(
            actor=actor,
            account=account,
            display_name=name,
            institution=ACCOUNTS[name][1],
            expert=code,
            now=now,
        )


def _silent(stage: str, done: int, total: int) -> None:
    del stage, done, total
