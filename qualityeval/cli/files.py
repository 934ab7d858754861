"""Files on the command line: what is brought, what is written, and what is said of a table.

read_text, read_whole            a file that somebody brings; refused by name where it can't be read
write_whole, write_table         all of a file or nothing; `replacing` for what is written in parts
open_table, lines_of             a table, refused by name where it can't be read or lacks a column
counted(report)                  the keys of an import; a refusal where a row was rejected
PAPERS, papers_of                `--paper`, as often as there are papers
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from qualityeval.adapters import tables
from qualityeval.adapters.tables import Table
from qualityeval.adapters.workbook_out import Sheet, csv_lines, write_workbook
from qualityeval.cli.door import Refused, Result
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.table_row import Rejected, need_columns
from qualityeval.services.proofs import NewProof
from qualityeval.web.messages import words

LARGEST_TEXT, LARGEST = 1_000_000, 2**31
PAPERS = click.option(
    "--paper", "papers", multiple=True, type=click.Path(path_type=Path),
    help="a PDF, Word file or picture; may be repeated",
)  # fmt: skip
Lines = Iterator[tuple[int, dict[str, str]]]


def unreadable(file: Path | str) -> InvalidInput:
    """The refusal of a file that can't be opened."""
    return InvalidInput("file.unreadable", msg("文件打不开，请检查路径。"), where=str(file))


def read_text(file: Path) -> str:
    """A UTF-8 text file."""
    try:
        with file.open("rb") as opened:  # a pipe has no size to ask for
            content = opened.read(LARGEST_TEXT + 1)
        if len(content) > LARGEST_TEXT:
            raise InvalidInput("file.large", msg("文件太大，这里只收文本。"), where=str(file))
        return content.decode("utf-8-sig")
    except OSError as fault:
        raise unreadable(file) from fault
    except UnicodeDecodeError as fault:
        raise InvalidInput(
            "file.encoding", msg("文件不是UTF-8文本，请另存为UTF-8。"), where=str(file)
        ) from fault


def read_whole(file: Path) -> bytes:
    """The bytes of a file."""
    try:
        if file.stat().st_size > LARGEST:
            raise InvalidInput("file.large", msg("文件太大。"), where=str(file))
        return file.read_bytes()
    except OSError as fault:
        raise unreadable(file) from fault


def papers_of(paths: Sequence[Path]) -> list[NewProof]:
    """The papers of `--paper`."""
    return [NewProof(path.name, read_whole(path)) for path in paths]


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """The file all or not at all: written under another name first, then renamed."""
    temporary = file.parent / f".{file.name}.part"
    try:
        with temporary.open("wb") as written:
            yield written
        temporary.replace(file)
    except OSError as fault:
        raise InvalidInput(
            "file.unwritable", msg("写不了这个文件，请检查文件夹和权限。"), where=str(file)
        ) from fault
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(file: Path, content: bytes) -> None:
    """All of the content or nothing."""
    with replacing(file) as written:
        written.write(content)


def write_table(file: Path, name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The rows as Excel (a sheet of this name) where the file's name ends in .xlsx, else as CSV."""
    with replacing(file) as written:
        if file.suffix.lower() == ".xlsx":
            write_workbook(written, [Sheet(name, columns, rows)])
        else:
            written.writelines(line.encode() for line in csv_lines(columns, rows))


def csv_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as plain CSV for other programs: UTF-8 without a mark, LF; keys stay what they are."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


def open_table(file: Path, **how: Any) -> Table:
    """The table, opened as `adapters.tables` does it."""
    try:
        return tables.open_table(file, **how)
    except OSError as fault:
        raise unreadable(file) from fault


@contextmanager
def lines_of(file: Path, columns: Sequence[str] = ()) -> Iterator[Lines]:
    """Each row's number and its cells by trimmed heading, of a table that has these columns."""
    with open_table(file) as table:
        need_columns(table.header, columns, where=str(file))
        yield table.lines()


def rejected(lines: Sequence[Rejected]) -> list[dict[str, object]]:
    """The rejected rows under the keys of the contract, in the reader's language."""
    return [
        {"row": one.row, "column": one.column, "code": one.refusal.code, "reason": words(one.refusal)}
        for one in lines
    ]


def counted(report: Any, **more: object) -> Result | Refused:
    """Created + updated + unchanged + rejected = rows; what a report doesn't count is none."""
    counts = {name: getattr(report, name, 0) for name in ("rows", "created", "updated", "unchanged")}
    result = {**counts, "rejected": rejected(report.rejected), **more}
    return Refused(result) if report.rejected else result
