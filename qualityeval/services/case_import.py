"""Bringing a register in: every row read by a mapping, compared with what is stored, written or refused.

    import_cases(actor=…, path=…, name=…, mapping=…, options=…, now=…, today=…) -> ImportOutcome
    save_mapping(actor=…, institution=…, text=…, now=…)

All or nothing: with one rejected row nothing is stored, unless `skip_rejected`. Rows are streamed in blocks;
what a refused import had written is rolled back to a savepoint inside the caller's transaction. A dry run
writes nothing and needs no transaction.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from qualityeval.adapters.person_numbers import id_problem
from qualityeval.adapters.tables import Table, open_table
from qualityeval.adapters.yaml_text import load_text
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import RuleViolation, msg
from qualityeval.core.mapping import Mapping, as_text, parse_mapping
from qualityeval.core.register import CaseRecord, RegisterReader, RejectedRow, RepeatedKeys, RowProblem
from qualityeval.core.register_changes import Comparison, Outcome, compare
from qualityeval.core.table_row import TableRow
from qualityeval.database import db, undoable
from qualityeval.models import Institution
from qualityeval.services import audit
from qualityeval.services.case_import_places import Place, Places
from qualityeval.services.case_import_store import CaseStore, Stored
from qualityeval.services.collection import collection_paused
from qualityeval.services.register_lock import after_every_freeze, wait_for_imports

BLOCK = 2_000
READING = msg("读取台账并登记")
CHECKING = msg("试读台账")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the importing person has chosen."""

    update: bool = False  # stored values that differ are replaced
    blank: bool = False  # an empty cell empties a stored value (with `update`)
    skip_rejected: bool = False  # the good rows are stored although others were rejected
    dry_run: bool = False
    under: str = ""  # the institution below which new ones are created
    create_institutions: bool = False


@dataclass(frozen=True, slots=True)
class RejectedCase:
    """A row that isn't taken, with every reason."""

    row: int
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """created + updated + unchanged + rejected = rows, as stored or as they would be.

    `is_stored` is False for a dry run and for a refused import; the counts then say what the good rows
    would have done. `noted` counts rows with remarks, `defaulted` values that the mapping filled in.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: tuple[RejectedCase, ...]
    noted: int
    defaulted: int
    institutions: tuple[str, ...]
    is_dry_run: bool
    is_stored: bool

    @property
    def is_refused(self) -> bool:
        """Nothing was stored because of rejected rows."""
        return not self.is_stored and not self.is_dry_run


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    noted: int = 0
    defaulted: int = 0


def import_cases(
    *,
    actor: Actor,
    path: Path,
    name: str,
    mapping: Mapping,
    options: ImportOptions,
    now: datetime,
    today: date,
    progress: Progress | None = None,
) -> ImportOutcome:
    """Import one table; see the module. `name` is the file's name for the audit log.

    InvalidInput where the file isn't a table, a heading is missing or `under` is unknown: then no row was
    read. A row's faults are never raised: they are in `rejected`.
    """
    require(actor, Permission.REGISTER_IMPORT)
    with (
        open_table(
            path, sheet=mapping.sheet, encoding=mapping.encoding, header_row=mapping.header_row
        ) as table,
        collection_paused(),
    ):
        reader = RegisterReader(
            mapping, table.header, today=today, epoch_1904=table.epoch_1904, id_problem=id_problem
        )
        if options.dry_run:
            return _Import(actor, mapping, options, now).run(table, reader, _rows_in(path, table), progress)
        wait_for_imports()
        now = after_every_freeze(now)
        with undoable() as take_back:
            work = _Import(actor, mapping, options, now)
            outcome = work.run(table, reader, _rows_in(path, table), progress)
            if not outcome.is_stored:
                take_back()
                return outcome
    _record(actor, name, path, mapping, outcome, options, now)
    return outcome


def save_mapping(*, actor: Actor, institution: Institution, text: str, now: datetime) -> None:
    """Keep a mapping with the institution, in its canonical form; refused where it isn't one."""
    require(actor, Permission.REGISTER_IMPORT, institution)
    canonical = as_text(parse_mapping(load_text(text)))
    if institution.mapping == canonical:
        return
    institution.mapping = canonical
    audit.record(
        actor, "mapping.saved", now=now, object_type="institution", object_id=institution.code,
        sha256=hashlib.sha256(canonical.encode()).hexdigest(),
    )  # fmt: skip
    db.session.flush()


class _Import:
    """One run over one table."""

    def __init__(self, actor: Actor, mapping: Mapping, options: ImportOptions, now: datetime) -> None:
        self._options = options
        writes = not options.dry_run
        self._places = Places(
            actor=actor, under=options.under, create=options.create_institutions, writes=writes, now=now
        )
        self._store = CaseStore(fields=mapping.columns.keys(), now=now, writes=writes)
        self._repeated = RepeatedKeys()
        self._rejected: list[RejectedCase] = []
        self._tally = _Tally()

    def run(
        self, table: Table, reader: RegisterReader, total: int, progress: Progress | None
    ) -> ImportOutcome:
        stage = CHECKING if self._options.dry_run else READING
        rows = table.rows()
        while block := list(islice(rows, BLOCK)):
            self._take(reader, block)
            if progress is not None:
                progress(stage, self._tally.rows, max(total, self._tally.rows))
        if self._is_writing:
            self._places.settle()
        return self._outcome()

    @property
    def _is_writing(self) -> bool:
        """A refused import goes on reading, to name every bad row, but writes no more."""
        return not self._options.dry_run and (self._options.skip_rejected or not self._rejected)

    def _take(self, reader: RegisterReader, block: list[TableRow]) -> None:
        records = list(self._accepted(reader, block))
        wanted = {(place.id, record.number): record for record, place in records if place.has_cases}
        found = self._store.stored({(key[0] or 0, key[1]): record for key, record in wanted.items()})
        fresh: list[tuple[int, CaseRecord]] = []
        changed: list[tuple[Stored, Comparison]] = []
        for record, place in records:
            stored = found.get((place.id or 0, record.number)) if place.has_cases else None
            if stored is None:
                self._tally.created += 1
                fresh.append((place.id or 0, record))
            elif not self._compare(record, stored, changed):
                continue
            self._tally.noted += bool(record.notes)
            self._tally.defaulted += len(record.defaulted)
        if self._is_writing:
            self._store.add(fresh)
            self._store.change(changed)

    def _accepted(self, reader: RegisterReader, block: list[TableRow]) -> Iterator[tuple[CaseRecord, Place]]:
        for row in block:
            self._tally.rows += 1
            record = reader.read(row)
            if isinstance(record, RejectedRow):
                self._rejected.append(RejectedCase(record.row, record.problems))
                continue
            problem = self._repeated.problem(record)
            if problem is not None:
                self._rejected.append(RejectedCase(record.row, (problem,)))
                continue
            place = self._places.find(record.institution_code, record.institution_name)
            if isinstance(place, RuleViolation):
                problem = RowProblem(record.row, "", "institution", place.code, place.text, place.params)
                self._rejected.append(RejectedCase(record.row, (problem,)))
                continue
            yield record, place

    def _compare(self, record: CaseRecord, stored: Stored, changed: list[tuple[Stored, Comparison]]) -> bool:
        """Count a case that is registered already; False where its row is rejected."""
        comparison = compare(
            stored.values, record, update=self._options.update, blank=self._options.blank,
            stored_extra=stored.extra, stored_defaulted=stored.defaulted,
        )  # fmt: skip
        if comparison.outcome is Outcome.EXISTS:
            self._rejected.append(RejectedCase(record.row, (comparison.problem(record),)))
            return False
        if comparison.outcome is Outcome.UPDATED:
            self._tally.updated += 1
            changed.append((stored, comparison))
        else:
            self._tally.unchanged += 1
        return True

    def _outcome(self) -> ImportOutcome:
        tally = self._tally
        return ImportOutcome(
            rows=tally.rows, created=tally.created, updated=tally.updated, unchanged=tally.unchanged,
            rejected=tuple(sorted(self._rejected, key=lambda rejected: rejected.row)), noted=tally.noted,
            defaulted=tally.defaulted, institutions=tuple(self._places.created),
            is_dry_run=self._options.dry_run, is_stored=self._is_writing,
        )  # fmt: skip


def _rows_in(path: Path, table: Table) -> int:
    """About how many rows there are, for the bar; a text file's lines are counted."""
    if table.row_estimate is not None:
        return table.row_estimate
    with path.open("rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return max(0, lines - table.header_row)


def _record(
    actor: Actor,
    name: str,
    path: Path,
    mapping: Mapping,
    outcome: ImportOutcome,
    options: ImportOptions,
    now: datetime,
) -> None:
    """The one event of an import, last in its transaction: the audit log's head is locked shortly."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    audit.record(
        actor, "register.imported", now=now, object_type="register", object_id=digest[:16], file=name,
        file_sha256=digest, mapping_sha256=hashlib.sha256(as_text(mapping).encode()).hexdigest(),
        rows=outcome.rows, created=outcome.created, updated=outcome.updated, unchanged=outcome.unchanged,
        rejected=len(outcome.rejected), defaulted=outcome.defaulted, institutions=len(outcome.institutions),
        update=options.update, blank=options.blank, skip_rejected=options.skip_rejected,
    )  # fmt: skip
