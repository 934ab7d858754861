"""Workbooks (XLSX, XLSM, XLS, ODS) as streams of rows, read by a child process under limits.

    read_workbook(path, sheet="") -> Workbook       .about, .rows() once; a context manager
    check_archive(path)                             zip bombs, refused before anything is unpacked

A parser that crashes, loops or runs out of memory takes its own process with it; here it is one refusal.
"""

import marshal
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from qualityeval.adapters.closing import Closing
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.table_row import Mark, TableRow

MAX_RATIO, MAX_UNPACKED, MAX_MEMBERS = 100, 200 << 20, 2_000
SMALL = 1 << 20  # under 1 MB unpacked no ratio is a danger
MEGABYTES, SECONDS = 512, 20
PACKAGE = Path(__file__).parents[2]
CHILD = "import sys; sys.path.append(sys.argv[1]); from qualityeval.adapters.workbook_child import main; main(*sys.argv[2:])"
_MARKS = {mark.value: mark for mark in Mark}

TEXTS = {
    "workbook.password": msg("工作簿有密码。请在 Excel/WPS 里去掉密码后另存，再导入。"),
    "workbook.unreadable": msg(
        "读不出这个工作簿：文件损坏，或不是 xlsx、xls、ods。请用 Excel/WPS 打开后另存为 xlsx，再导入。"
    ),
    "workbook.no_sheet": msg("工作簿里没有“%(value)s”这张表。可用的表：%(names)s。"),
    "workbook.too_wide": msg("表格超过 %(limit)s 列。请删去多余的列（包括最右边看不见的内容）再导入。"),
    "workbook.too_big": msg(
        "工作簿展开后太大（或远处的单元格里有内容）。请删去多余的行列，或另存为 CSV 再导入。"
    ),
    "workbook.cell": msg("第 %(row)s 行有一格超过 %(limit)s 个字。请缩短再导入。"),
    "workbook.slow": msg("工作簿读得太久，已停止。请另存为 CSV 再导入。"),
    "workbook.bomb": msg(
        "压缩包展开后过大或文件数过多，不像正常的工作簿，已拒绝。请用 Excel/WPS 另存为 CSV 再导入。"
    ),
}


def refused(code: str, where: str, **params: object) -> InvalidInput:
    """A workbook's refusal."""
    return InvalidInput(code, TEXTS[code], where=where, **params)


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a sheet before its rows are read."""

    sheet: str
    sheets: tuple[str, ...]
    rows: int
    width: int
    merged: tuple[tuple[int, int, int, int], ...]  # top, left, bottom, right, 0-based; taller than one row
    epoch_1904: bool


class Workbook(Closing):
    """One sheet being read; `close` ends the child."""

    def __init__(self, path: Path, sheet: str) -> None:
        self._name = path.name
        command = [
            sys.executable,
            "-I",
            "-c",
            CHILD,
            str(PACKAGE),
            str(path),
            sheet,
            str(MEGABYTES),
            str(SECONDS),
        ]
        self._child = subprocess.Popen(  # noqa: S603 - a fixed program; the path is an argument, not a shell's
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            self.about = _about(self._receive())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the child, whether or not every row was read."""
        if self._child.poll() is None:
            self._child.kill()
        if self._child.stdout is not None:
            self._child.stdout.close()
        self._child.wait()

    def rows(self) -> Iterator[TableRow]:
        """Every row of the sheet from its first one on, empty ones too. Once."""
        while (batch := self._receive()) is not None:
            for number, cells, marks in batch:
                if marks:
                    yield TableRow(
                        number, tuple(cells), {place: _MARKS[mark] for place, mark in marks.items()}
                    )
                else:
                    yield TableRow(number, tuple(cells))

    def _receive(self) -> Any:
        pipe = self._child.stdout
        length = _exactly(pipe, 4) if pipe is not None else b""
        block = (
            _exactly(pipe, struct.unpack(">I", length)[0]) if pipe is not None and len(length) == 4 else b""
        )
        if not block:
            raise self._ended()
        thing = marshal.loads(block)  # noqa: S302 - written by our own child
        if isinstance(thing, dict) and "refused" in thing:
            code = thing.pop("refused")
            raise refused(code, self._name, **thing)
        return thing

    def _ended(self) -> InvalidInput:
        """The child died: by its time limit, by its memory limit, or by a fault of the parser."""
        status = self._child.wait()
        if status in (-24, -9):  # SIGXCPU, or SIGKILL after it
            return refused("workbook.slow", self._name)
        return refused("workbook.too_big" if status == -6 else "workbook.unreadable", self._name)


def read_workbook(path: Path, sheet: str = "") -> Workbook:
    """Start reading one sheet: by name, by 1-based number, or the first visible one that holds anything."""
    check_archive(path)
    return Workbook(path, sheet)


def check_archive(path: Path) -> None:
    """Refuse a zip that unpacks beyond reason; other files pass."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise refused("workbook.unreadable", path.name) from None
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise refused("workbook.bomb", path.name)
    if unpacked > SMALL and unpacked / packed > MAX_RATIO:
        raise refused("workbook.bomb", path.name)


def _about(given: dict[str, Any]) -> About:
    merged = tuple((top, left, bottom, right) for top, left, bottom, right in given["merged"])
    return About(
        given["sheet"], tuple(given["sheets"]), given["rows"], given["width"], merged, given["epoch_1904"]
    )


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    """`size` bytes, or fewer at the end."""
    return pipe.read(size)
