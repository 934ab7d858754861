"""Reading the register: the list with its filters, exactly the same rows for an export, one case, its trail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from qualityeval.authz import Actor, Permission, scope
from qualityeval.core.case_fields import FIELDS, Kind
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import AuditEvent, Case, Institution, Practitioner, Provider
from qualityeval.queries.search import matching
from qualityeval.queries.trails import TrailRow, trail

Second, SecondProvider = aliased(Practitioner), aliased(Provider)
JOINED: dict[str, Any] = {
    "provider": Provider.name,
    "practitioner": Practitioner.name,
    "practitioner_licence": Practitioner.licence,
    "second_provider": SecondProvider.name,
    "second_practitioner": Second.name,
    "second_licence": Second.licence,
}
SORTS: dict[str, Any] = {
    "number": Case.number,
    "cause": Case.cause,
    "provider": Provider.name,
    "practitioner": Practitioner.name,
    "assigned_on": Case.assigned_on,
    "closed_on": Case.closed_on,
    "registered_at": Case.registered_at,
}
DEFAULT_SORT = "-closed_on"
EXPORTED = tuple(field for field in FIELDS if field.kind is not Kind.SECRET)


@dataclass(frozen=True)
class CaseFilters:
    """What a list is narrowed to; empty values narrow nothing. `institution` is a public id, its subtree counts."""

    institution: str = ""
    case_type: str = ""
    aid_form: str = ""
    stage: str = ""
    closed_from: date | None = None
    closed_to: date | None = None
    text: str = ""


@dataclass(frozen=True)
class CaseRow:
    """A case as the list shows it."""

    public_id: str
    number: str
    institution: str
    case_type: str
    aid_form: str
    stage: str
    cause: str
    recipient_name: str
    provider: str
    practitioner: str
    assigned_on: date | None
    closed_on: date | None
    is_closed_on_defaulted: bool
    sealed: bool


def count_for(actor: Actor, filters: CaseFilters) -> int:
    """How many cases the filters leave."""
    query = select(func.count()).select_from(Case).where(*_conditions(actor, filters))
    return int(db.session.execute(query).scalar_one())


def list_for(
    actor: Actor, filters: CaseFilters, *, sort: str = DEFAULT_SORT, limit: int = 50, offset: int = 0
) -> list[CaseRow]:
    """One page of the list. `sort` is a name of SORTS, with - before it for falling order.

    The page is found first, in an index alone where the order is of the case itself; only its rows are joined.
    """
    keys = select(Case.id) if sort.removeprefix("-") not in JOINED else _joined(select(Case.id))
    page = _ordered(keys.where(*_conditions(actor, filters)), sort).limit(limit).offset(offset)
    query = _joined(
        select(
            Case.public_id, Case.number, Institution.name, Case.case_type, Case.aid_form, Case.stage, Case.cause,
            Case.recipient_name, Provider.name, Practitioner.name, Case.assigned_on, Case.closed_on, Case.defaulted,
            Case.sealed,
        )
    )  # fmt: skip
    rows = db.session.execute(_ordered(query.where(Case.id.in_(page)), sort))
    return [_row(*row) for row in rows]


def _row(*cells: Any) -> CaseRow:
    public_id, number, institution, case_type, aid_form, stage, cause, recipient, *rest = cells
    provider, practitioner, assigned_on, closed_on, defaulted, sealed = rest
    return CaseRow(
        public_id, number, institution, case_type, aid_form, stage, cause, recipient, provider or "",
        practitioner or "", assigned_on, closed_on, "closed_on" in (defaulted or ()), sealed,
    )  # fmt: skip


def export_for(
    actor: Actor, filters: CaseFilters, *, sort: str = DEFAULT_SORT
) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """Institution code and name, and the values of EXPORTED, of exactly the rows that the list shows."""
    columns = [
        JOINED[field.name] if field.name in JOINED else getattr(Case, field.name) for field in EXPORTED
    ]
    query = _joined(select(Institution.code, Institution.name, *columns)).where(*_conditions(actor, filters))
    for row in db.session.execute(_ordered(query, sort).execution_options(yield_per=1_000)):
        yield row[0], row[1], tuple(row[2:])


def get_for(actor: Actor, public_id: str, permission: Permission = Permission.REGISTER_READ) -> Case:
    """One case of the actor's subtree with its institution and people; NotFound for any other."""
    row = db.session.execute(
        select(Case)
        .options(joinedload(Case.institution), joinedload(Case.provider), joinedload(Case.practitioner))
        .where(Case.public_id == public_id, scope.cases(actor, permission))
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def trail_of(actor: Actor, case: Case, *, limit: int = 50) -> list[TrailRow]:
    """What happened to the case, the latest first: its imports, and who saw its sealed numbers."""
    del actor  # whoever may read the case may read what happened to it
    own = and_(AuditEvent.object_type == "case", AuditEvent.object_id == case.public_id)
    imported = and_(
        AuditEvent.action == "register.imported",
        AuditEvent.at.in_([case.registered_at, case.updated_at]),
    )
    return trail(or_(own, imported), limit=limit)


def _conditions(actor: Actor, filters: CaseFilters) -> list[Any]:
    conditions = [scope.cases(actor)]
    if filters.institution:
        conditions.append(_below(filters.institution))
    coded = {Case.case_type: filters.case_type, Case.aid_form: filters.aid_form, Case.stage: filters.stage}
    conditions += [column == value for column, value in coded.items() if value]
    if filters.closed_from:
        conditions.append(Case.closed_on >= filters.closed_from)
    if filters.closed_to:
        conditions.append(Case.closed_on <= filters.closed_to)
    if filters.text.strip():
        conditions.append(matching(filters.text))
    return conditions


def _below(public_id: str) -> Any:
    path = select(Institution.path).where(Institution.public_id == public_id).scalar_subquery()
    return Case.institution_id.in_(select(Institution.id).where(Institution.path.startswith(path)))


def _joined(query: Any) -> Select[Any]:
    joined: Select[Any] = (
        query.join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
        .outerjoin(Second, Case.second_practitioner_id == Second.id)
        .outerjoin(SecondProvider, Second.provider_id == SecondProvider.id)
    )
    return joined


def _ordered(query: Select[Any], sort: str) -> Select[Any]:
    column = SORTS.get(sort.removeprefix("-"), SORTS["closed_on"])
    falling = sort.startswith("-")
    # cases without the value come last in both orders, on both databases
    return query.order_by(
        column.is_(None), column.desc() if falling else column.asc(), Case.id.desc() if falling else Case.id
    )
