"""A table that somebody brings: kept first, looked at without storing anything, then taken in by a second press.

So the check and the import read the same bytes, and nobody picks the file twice.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flask import redirect, request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from qualityeval.adapters.tables import Table, open_table
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.core.table_row import Rejected, need_columns
from qualityeval.database import transaction
from qualityeval.services import files
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now
from qualityeval.web.messages import place, words

ACCEPT = ".csv,.txt,.tsv,.xlsx,.xlsm,.xls"
SHOWN = 200
Line = tuple[int, dict[str, str]]
_NAME = re.compile(r"[0-9a-f]{20}")


class UploadForm(Form):
    """One table."""

    file = FileField(
        _l("表格文件"),
        [FileRequired(_l("请选择一个文件。"))],
        description=_l("Excel 或 CSV，最大 64 MB。第一行是表头。"),
    )


class Taken(Protocol):
    """What came of a table; with a rejected row nothing was kept."""

    @property
    def rejected(self) -> Sequence[Rejected]: ...


Report = TypeVar("Report", bound=Taken)


@dataclass(frozen=True)
class Brought:
    """A table as it was brought: the file's name, each row's number with its cells by heading."""

    name: str
    lines: list[Line]


@dataclass(frozen=True)
class RejectedLine:
    """A row that can't be taken, in the reader's language."""

    row: int
    column: str
    code: str
    reason: str


def keep(form: UploadForm, *, purpose: str) -> str:
    """Store the uploaded file; the public id under which `opened` finds it."""
    upload = form.file.data
    with transaction():
        return files.store(
            actor=acting(), name=upload.filename or "table", media_type="application/octet-stream", purpose=purpose,
            content=upload.stream, now=now(),
        ).public_id  # fmt: skip


@contextmanager
def opened(public_id: str, *, purpose: str, columns: Sequence[str]) -> Iterator[tuple[str, Table]]:
    """The file's name and its table, where it is the actor's own and was brought for this purpose."""
    stored = files.get_for(acting(), public_id) if _NAME.fullmatch(public_id) else None
    if stored is None or stored.purpose != purpose:
        raise NotFound(where="file")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "table"
        with files.open_stored(stored) as source, copy.open("wb") as target:
            while block := source.read(1 << 20):
                target.write(block)
        with open_table(copy) as table:
            need_columns(table.header, columns)
            yield stored.name, table


def chosen(
    page: Callable[[UploadForm], str],
    onward: Callable[[str], str],
    *,
    purpose: str,
    check: Callable[[Any], None] | None = None,
) -> Any:
    """The first step of an import: the form, or on to the look at what was brought. `check` may refuse the file's stream."""
    form = UploadForm()
    if request.method == "GET":
        return page(form)
    if not form.validate():
        return page(form), 422
    try:
        if check is not None:
            check(form.file.data.stream)
    except RuleViolation as refusal:
        place(form, refusal)
        return page(form), 422
    return redirect(onward(keep(form, purpose=purpose)), 303)


def checked(
    file: str,
    work: Callable[[Brought, bool], Report],
    *,
    purpose: str,
    columns: Sequence[str] = (),
    form_page: Callable[[UploadForm], str],
    look_page: Callable[..., str],
    done: Callable[[Report], Any],
) -> Any:
    """The second step: what `work(brought, dry)` says of the file, and on the press what it does, in a transaction.

    Rejected rows are shown and keep everything out; a file that can't be read leads back to the form, with the reason.
    """
    dry = request.method == "GET"
    try:
        name, report = _worked(file, work, purpose=purpose, columns=columns, dry=dry)
    except NotFound:
        raise
    except RuleViolation as refusal:
        form = UploadForm(formdata=None)
        place(form, refusal)
        return form_page(form), 422
    if not dry and not report.rejected:
        return done(report)
    page = look_page(name=name, report=report, file=file, rejected=rejected(report.rejected), most=SHOWN)
    return page, 200 if dry else 422


def _worked(
    file: str, work: Callable[[Brought, bool], Report], *, purpose: str, columns: Sequence[str], dry: bool
) -> tuple[str, Report]:
    with opened(file, purpose=purpose, columns=columns) as (name, table):
        brought = Brought(name, list(table.lines()))
    if dry:
        return name, work(brought, True)
    with transaction():
        return name, work(brought, False)


def rejected(lines: Sequence[Rejected]) -> list[RejectedLine]:
    """The first rejected rows of a report, in words."""
    return [RejectedLine(one.row, one.column, one.refusal.code, words(one.refusal)) for one in lines[:SHOWN]]
