"""The table side of an import: what is stored of a block of rows, and writing new and changed cases in bulk.

Nothing here is an ORM object per row: a province's year is 98,000 rows, and each costs microseconds only.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, text, tuple_, update
from sqlalchemy.orm import aliased

from qualityeval.core.case_fields import BY_NAME
from qualityeval.core.register import CaseRecord, Value
from qualityeval.core.register_changes import Comparison, as_new
from qualityeval.database import db, new_public_ids
from qualityeval.models import Case, Practitioner, Provider
from qualityeval.services.case_import_people import HANDLING, People
from qualityeval.services.case_import_values import SEARCHED, id_index, phone_index, search_text

INDEXED = {"recipient_id_number": "recipient_id_index", "recipient_phone": "recipient_phone_index"}
INDEX_OF = {"recipient_id_number": id_index, "recipient_phone": phone_index}
Second, SecondProvider = aliased(Practitioner), aliased(Provider)
JOINED = {
    "provider": Provider.name, "practitioner": Practitioner.name, "practitioner_licence": Practitioner.licence,
    "second_provider": SecondProvider.name, "second_practitioner": Second.name, "second_licence": Second.licence,
}  # fmt: skip
HANDLED = ("provider_id", "practitioner_id", "second_practitioner_id")
HIDDEN = "•"  # stands for a sealed number that differs: the import never unseals one
LOOKED_UP = 1_000
CASES = cast("Table", Case.__table__)
FILL = text(
    "INSERT INTO case_search (rowid, search_text) SELECT id, search_text FROM legal_case WHERE id > :last"
)
WIDE_CACHE = text("PRAGMA cache_size = -65536")  # KiB: nine indexes grow in random order
EMPTY = "empty"
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """A case as it stands: fields by name, sealed numbers as the record's own where they are the same."""

    id: int
    values: Mapping[str, Value]
    extra: Mapping[str, str]
    defaulted: Sequence[str]


class CaseStore:
    """Reads and writes the cases of one import."""

    def __init__(self, *, fields: Collection[str], now: datetime, writes: bool) -> None:
        self._now, self._writes = now, writes
        self._fields = tuple(name for name in BY_NAME if name in fields and name != "number")
        self._plain = tuple(name for name in self._fields if name not in HANDLING)
        self._people = People(now=now)
        self._is_sqlite = db.session.get_bind().dialect.name == "sqlite"
        if self._is_sqlite and writes:
            db.session.execute(WIDE_CACHE)
        self._constant = {
            "stage": "none", "sealed": False, "version": 1, "registered_at": now, "updated_at": now,
        }  # fmt: skip

    def stored(self, wanted: Mapping[Key, CaseRecord]) -> dict[Key, Stored]:
        """Those of the wanted keys that are registered already."""
        found: dict[Key, Stored] = {}
        keys = list(wanted)
        for start in range(0, len(keys), LOOKED_UP):
            self._look_up(keys[start : start + LOOKED_UP], wanted, found)
        return found

    def _look_up(self, keys: list[Key], wanted: Mapping[Key, CaseRecord], found: dict[Key, Stored]) -> None:
        names = tuple(dict.fromkeys((*self._fields, *(name for name in SEARCHED if name != "number"))))
        columns = [self._column(name) for name in names]
        rows = db.session.execute(
            select(Case.id, Case.institution_id, Case.number, Case.extra, Case.defaulted, *columns)
            .outerjoin(Provider, Case.provider_id == Provider.id)
            .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
            .outerjoin(Second, Case.second_practitioner_id == Second.id)
            .outerjoin(SecondProvider, Second.provider_id == SecondProvider.id)
            .where(tuple_(Case.institution_id, Case.number).in_(keys))
        )
        for id_, place, number, extra, defaulted, *cells in rows:
            record = wanted[place, number]
            values: dict[str, Value] = {"number": number}
            for name, cell in zip(names, cells, strict=True):
                values[name] = _unsealed(name, cell, record) if name in INDEXED else cell
            for name in HANDLING:
                values[name] = values.get(name) or ""
            if values["second_provider"] == values["provider"] and not record.values.get("second_provider"):
                values["second_provider"] = ""  # the first's, unless another is named
            found[place, number] = Stored(id_, values, extra or {}, tuple(defaulted or ()))

    @staticmethod
    def _column(name: str) -> Any:
        if name in JOINED:
            return JOINED[name]
        return getattr(Case, INDEXED.get(name, name))

    def add(self, rows: Sequence[tuple[int, CaseRecord]]) -> None:
        """Write new cases; nothing on a dry run."""
        if not rows or not self._writes:
            return
        self._people.learn(record.values for _place, record in rows)
        names = new_public_ids(len(rows))
        lines = [
            self._new_row(place, record, name) for (place, record), name in zip(rows, names, strict=True)
        ]
        if not self._is_sqlite:
            db.session.execute(insert(CASES), lines)
            return
        # migration 0003: the index of the search is filled for the block as a whole
        last = db.session.execute(text("SELECT coalesce(max(id), 0) FROM legal_case")).scalar_one()
        db.session.execute(text("UPDATE case_search_pause SET paused = 1"))
        self._insert_on_sqlite(lines)
        db.session.execute(FILL, {"last": last})
        db.session.execute(text("UPDATE case_search_pause SET paused = 0"))

    def _insert_on_sqlite(self, lines: list[dict[str, Any]]) -> None:
        """The same as insert(CASES), each column's values prepared in one go: a fifth of the whole time."""
        connection = db.session.connection()
        names = tuple(lines[0])
        cells = []
        for name, values in zip(names, zip(*map(itemgetter(*names), lines), strict=True), strict=True):
            prepare = CASES.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
            cells.append(_prepared(prepare, values) if prepare else values)
        places = ", ".join("?" * len(names))
        statement = f"INSERT INTO legal_case ({', '.join(names)}) VALUES ({places})"  # noqa: S608 -- our own names
        connection.exec_driver_sql(statement, list(zip(*cells, strict=True)))

    def _new_row(self, place: int, record: CaseRecord, public_id: str) -> dict[str, Any]:
        values = as_new(record)
        row: dict[str, Any] = {
            **self._constant, "institution_id": place, "number": record.number, "public_id": public_id,
            "extra": {name: cell for name, cell in record.extra.items() if cell}, "defaulted": list(record.defaulted),
            "search_text": search_text({**values, "number": record.number}),
        }  # fmt: skip
        for name in self._plain:
            row[name] = values[name]
        for name, index in INDEXED.items():
            if name in values:
                row[name] = values[name] or None
                row[index] = INDEX_OF[name](row[name])
        row |= zip(HANDLED, self._people.ids(values), strict=True)
        return row

    def change(self, changes: Iterable[tuple[Stored, Comparison]]) -> None:
        """Write what changed, cases with the same changed fields together; nothing on a dry run."""
        if not self._writes:
            return
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        merged = [(stored, comparison, _merged(stored, comparison)) for stored, comparison in changes]
        self._people.learn(values for _stored, _comparison, values in merged)
        for stored, comparison, values in merged:
            row = self._changed_row(stored, comparison, values)
            groups[tuple(row)].append({**row, "wanted_id": stored.id})
        for names, rows in groups.items():
            statement = update(CASES).where(CASES.c.id == bindparam("wanted_id"))
            places: dict[str, Any] = {name: bindparam(name) for name in names}
            db.session.execute(statement.values(**places, version=CASES.c.version + 1), rows)

    def _changed_row(
        self, stored: Stored, comparison: Comparison, values: Mapping[str, Value]
    ) -> dict[str, Any]:
        names = {change.name for change in comparison.changes if not change.is_extra}
        row: dict[str, Any] = {"updated_at": self._now, "defaulted": list(comparison.defaulted)}
        row |= {name: values[name] for name in self._plain if name in names}
        for name in names & set(INDEXED):
            row[name] = values[name] or None
            row[INDEXED[name]] = INDEX_OF[name](row[name])
        if names & set(HANDLING):
            row |= zip(HANDLED, self._people.ids(values), strict=True)
        if names & set(SEARCHED):
            row["search_text"] = search_text(values)
        if any(change.is_extra for change in comparison.changes):
            fresh = {change.name: change.new for change in comparison.changes if change.is_extra}
            row["extra"] = {name: cell for name, cell in {**stored.extra, **fresh}.items() if cell}
        return row


def _prepared(prepare: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    """Each value as the driver takes it; dates and empty lists repeat, sealed numbers never do."""
    known: dict[Any, Any] = {}
    prepared = []
    for value in values:
        key = value if isinstance(value, date) or value is None else EMPTY if value in ({}, []) else None
        if key is None and value is not None:
            prepared.append(prepare(value))
            continue
        if key not in known:
            known[key] = prepare(value)
        prepared.append(known[key])
    return prepared


def _merged(stored: Stored, comparison: Comparison) -> dict[str, Value]:
    changed = {change.name: change.new for change in comparison.changes if not change.is_extra}
    values: dict[str, Value] = {**stored.values, **changed}
    if values.get("stage") == "":
        values["stage"] = "none"
    if "sealed" in values and values["sealed"] is None:
        values["sealed"] = False
    return values


def _unsealed(name: str, index: str | None, record: CaseRecord) -> str:
    """The record's own number where the store holds the same one: compared without unsealing."""
    if index is None:
        return ""
    given = str(record.values.get(name) or "")
    return given if given and INDEX_OF[name](given) == index else HIDDEN
