"""Reads strangers' papers in a process of its own: a file that eats memory, time or the parser ends here.

Started by adapters.pdf_pages, with its limits (megabytes, seconds a task) as arguments. It answers one task after another,
each a marshalled tuple after its length in four bytes, until its input ends:
    ("check", path)                 -> {"kind", "pages", "text", "findings"}
    ("page", path, number, width)   -> {"jpeg", "width", "height"}; number counts from 1
    ("text", path)                  -> {"texts": [one a page], "pictured": [one a page: whether it holds pictures]}
    ("masked", path, number, width, names, full, areas) -> as "page", with names, numbers and areas painted over
or {"refused": code, …}. Pages are drawn without annotations, form fields or scripts.
"""

import io
import marshal
import struct
import sys
from typing import Any

from qualityeval.adapters.images_read import ImagePaper
from qualityeval.adapters.masks import by_hand, painted
from qualityeval.adapters.pdf_paper import PdfPaper, WordPaper
from qualityeval.adapters.pdf_types import IMAGE, PDF, WORD, Refused, kind_of

QUALITY = 80


def main(megabytes: str, seconds: str) -> None:
    """Answer tasks until there are no more, each within so many seconds of processor time."""
    _limit(int(megabytes))
    given, answered = sys.stdin.buffer, sys.stdout.buffer
    while len(head := given.read(4)) == 4:
        _allow(int(seconds))
        task = marshal.loads(given.read(struct.unpack(">I", head)[0]))  # noqa: S302 - written by our own parent
        block = marshal.dumps(_answer(*task))
        answered.write(struct.pack(">I", len(block)) + block)
        answered.flush()


def _limit(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on every system; the parent's clock still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow(seconds: int) -> None:
    """From now on: the system ends the process that takes more."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


def _answer(verb: str, path: str, *rest: Any) -> dict[str, Any]:
    try:
        paper = _opened(path)
        if verb == "check":
            return paper.about()
        if verb == "text":
            return {"texts": paper.texts(), "pictured": paper.pictured()}
        number, width = rest[:2]
        if not 1 <= number <= paper.pages:
            raise Refused("paper.no_page")
        picture = paper.picture(number, width)
        if verb == "masked":
            names, full, areas = rest[2:]
            picture = painted(
                picture, [*paper.spans(number, names, full, picture.size), *by_hand(areas, picture.size)]
            )
        return _jpeg(picture)
    except Refused as refusal:
        return {"refused": refusal.code, **refusal.params}
    except MemoryError:
        _last.clear()
        return {"refused": "paper.too_big"}


_last: dict[str, Any] = {}  # the paper read last: one page after another comes from the same file


def _opened(path: str) -> Any:
    if path not in _last:
        _last.clear()
        _last[path] = READERS[kind_of(path)](path)
    return _last[path]


def _jpeg(picture: Any) -> dict[str, Any]:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=QUALITY)
    return {"jpeg": buffer.getvalue(), "width": picture.width, "height": picture.height}


READERS = {PDF: PdfPaper, IMAGE: ImagePaper, WORD: WordPaper}
