"""Strangers' papers as pages, read by a child process under limits of memory and time.

    with PaperReader() as reader:           one child for as many papers as come
    with warm_reader() as reader:           the same, with a child that may be running already
        reader.check(path) -> Checked
        reader.page(path, number, width) -> Page
        reader.texts(path) -> tuple[str, ...]

A paper that crashes, loops or eats memory takes the child with it; here it is one refusal in words, and the
next task starts a new child.
"""

import atexit
import marshal
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from qualityeval.adapters.closing import Closing
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.pseudonyms import Name

MEGABYTES, SECONDS = 480, 8  # of memory; of processor time a task
PATIENCE = 60.0  # seconds on the wall: a machine under load is no fault of the paper
BLOCK = 1 << 16
IDLE, TASKS = 2, 400  # readers kept warm for the next task, and how often one of them is lent in its life
PACKAGE = Path(__file__).parents[2]
CHILD = "import sys; sys.path.append(sys.argv[1]); from qualityeval.adapters.pdf_child import main; main(*sys.argv[2:])"

TEXTS = {
    "paper.empty": msg("文件是空的。请重新扫描或导出后再上传。"),
    "paper.kind": msg(
        "不是 PDF、Word（.docx），也不是 JPEG、PNG、TIFF 图片（按内容判断，不看文件名）。请另存为 PDF 再上传。"
    ),
    "paper.office": msg("这是旧版 Word、Excel 等办公文档。请另存为 .docx 或 PDF 再上传。"),
    "paper.word": msg("Word 文档已损坏，读不出来。请用 Word/WPS 打开后另存，再上传。"),
    "paper.ofd": msg("这是 OFD 文件。请用 OFD 阅读软件另存为 PDF 再上传。"),
    "paper.archive": msg("这是压缩包。请解压后逐份上传，或一次选多个文件。"),
    "paper.password": msg("PDF 有打开密码。请去掉密码后另存，再上传。"),
    "paper.unreadable": msg("PDF 已损坏，修复也读不出任何一页。请重新导出或重新扫描。"),
    "paper.image": msg("图片已损坏，读不出来。请重新扫描。"),
    "paper.pixels": msg("图片太大（%(width)s×%(height)s 像素）。请按 300 dpi 重新扫描。"),
    "paper.pages": msg("一份文件有 %(pages)s 页，超过 %(most)s 页。请分成几份上传。"),
    "paper.too_big": msg("打开这份文件要用的内存太多，已停止。请重新导出，或按 300 dpi 重新扫描。"),
    "paper.slow": msg("这份文件打开得太久，已停止。请重新导出，或分成几份上传。"),
    "paper.broken_page": msg("这一页已损坏，显示不出来。"),
    "paper.no_page": msg("没有这一页。"),
}


# pdfium ends its process where it gets no memory; SIGXCPU comes from our own limit
_ENDINGS = {-4: "paper.too_big", -5: "paper.too_big", -6: "paper.too_big", -24: "paper.slow"}


@dataclass(frozen=True)
class Checked:
    """A paper that can be read: its kind by content, pages, whether it can be searched, what else it carries."""

    kind: str
    pages: int
    has_text_layer: bool
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """One drawn page."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Letters:
    """Of each page its text and whether it holds pictures."""

    texts: tuple[str, ...]
    pictured: tuple[bool, ...]


@dataclass(frozen=True)
class Masks:
    """What is painted over on a page: names by rule, and areas by hand (left, top, width, height in thousandths)."""

    names: tuple[Name, ...] = ()
    full: bool = False
    areas: tuple[tuple[int, int, int, int], ...] = ()


class PaperReader(Closing):
    """Reads papers one task at a time; not for several threads at once."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._child: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        if child.poll() is None:
            child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        child.wait()

    def check(self, path: Path, *, where: str = "file") -> Checked:
        """Whether the paper can be read; InvalidInput says in words why not, and what to do."""
        given = self._ask(where, "check", str(path))
        return Checked(given["kind"], given["pages"], given["text"], tuple(given["findings"]))

    def page(self, path: Path, number: int, width: int) -> Page:
        """The page `number` (from 1) drawn `width` pixels wide."""
        given = self._ask("page", "page", str(path), number, width)
        return Page(given["jpeg"], given["width"], given["height"])

    def masked(self, path: Path, number: int, width: int, masks: Masks) -> Page:
        """The page with what is to be hidden painted over."""
        names = [(name.kind, name.text, name.token) for name in masks.names]
        given = self._ask("page", "masked", str(path), number, width, names, masks.full, list(masks.areas))
        return Page(given["jpeg"], given["width"], given["height"])

    def texts(self, path: Path) -> tuple[str, ...]:
        """The text layer, one text a page."""
        return self.letters(path).texts

    def letters(self, path: Path) -> Letters:
        """The text layer, and which pages hold pictures."""
        given = self._ask("file", "text", str(path))
        return Letters(tuple(given["texts"]), tuple(given["pictured"]))

    def _ask(self, where: str, *task: Any) -> dict[str, Any]:
        child = self._running()
        block = marshal.dumps(task)
        try:
            child.stdin.write(struct.pack(">I", len(block)) + block)  # type: ignore[union-attr]
            child.stdin.flush()  # type: ignore[union-attr]
            given: dict[str, Any] = marshal.loads(self._answer(child))  # noqa: S302 - written by our own child
        except (OSError, _Ended) as fault:
            code = fault.code if isinstance(fault, _Ended) else "paper.unreadable"
            self.close()
            raise InvalidInput(code, TEXTS[code], where=where) from None
        if "refused" in given:
            code = given.pop("refused")
            raise InvalidInput(code, TEXTS[code], where=where, **given)
        return given

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            command = [sys.executable, "-I", "-c", CHILD, str(PACKAGE), str(MEGABYTES), str(SECONDS)]
            self._child = subprocess.Popen(  # noqa: S603 - a fixed program; papers are named on its input
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._child

    def _answer(self, child: subprocess.Popen[bytes]) -> bytes:
        until = time.monotonic() + self._patience
        head = self._exactly(child, 4, until)
        return self._exactly(child, struct.unpack(">I", head)[0], until)

    def _exactly(self, child: subprocess.Popen[bytes], size: int, until: float) -> bytes:
        pipe, got = child.stdout.fileno(), bytearray()  # type: ignore[union-attr]
        while len(got) < size:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise _Ended("paper.slow")
            block = os.read(pipe, min(BLOCK, size - len(got)))
            if not block:
                raise _Ended(_ENDINGS.get(child.wait(), "paper.unreadable"))
            got += block
        return bytes(got)


_idle: SimpleQueue[tuple[PaperReader, int]] = SimpleQueue()


@contextmanager
def warm_reader() -> Iterator[PaperReader]:
    """A reader whose child may be running already: starting one takes longer than drawing a page."""
    try:
        reader, left = _idle.get_nowait()
    except Empty:
        reader, left = PaperReader(), TASKS
    try:
        yield reader
    finally:
        if left > 1 and _idle.qsize() < IDLE:
            _idle.put((reader, left - 1))
        else:
            reader.close()


def close_idle() -> None:
    """End the readers that wait; done when this process ends."""
    while not _idle.empty():
        _idle.get_nowait()[0].close()


atexit.register(close_idle)


class _Ended(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
