"""Pages of papers as pictures, and their text: drawn by the child once, then taken from the cache.

Whether somebody may see a paper is the caller's to have asked. The desk asks for the next pages while one is read.
"""

import json
import threading
from dataclasses import dataclass
from pathlib import Path

from qualityeval.adapters.images_marked import marked
from qualityeval.adapters.pdf_cache import PageCache
from qualityeval.adapters.pdf_pages import warm_reader
from qualityeval.core.errors import NotFound
from qualityeval.database import instance_folder
from qualityeval.services.files import file_store

PLAIN, SHARP = 1_240, 2_200  # pixels across: A4 at 150 and at 266 dpi
_turns = tuple(threading.Lock() for _ in range(16))  # two readers of one paper don't draw it twice at once


@dataclass(frozen=True)
class Kept:
    """A paper by its digest, the name it is stored under, and how many pages it has."""

    sha256: str
    stored: str
    pages: int


def page_of(paper: Kept, number: int, *, sharp: bool, mark: str) -> bytes:
    """Page `number` (from 1) as a JPEG with `mark` over it.

    NotFound where there is no such page, InvalidInput where it is damaged.
    """
    if not 1 <= number <= paper.pages:
        raise NotFound(where="page")
    return marked(_drawn(paper, number, SHARP if sharp else PLAIN), mark)


def texts_of(paper: Kept) -> list[str]:
    """The text layer, one text a page; empty texts for a scan."""
    cache = page_cache()
    found = cache.get(paper.sha256, "text")
    if found is None:
        with _turn(paper), warm_reader() as reader:
            found = json.dumps(reader.texts(_path(paper)), ensure_ascii=False).encode(errors="replace")
            cache.put(paper.sha256, "text", found)
    texts: list[str] = json.loads(found)
    return texts


def page_cache() -> PageCache:
    """The cache of this instance."""
    return PageCache(instance_folder() / "pages")


def _drawn(paper: Kept, number: int, width: int) -> bytes:
    cache = page_cache()
    name = _name(number, width)
    if (found := cache.get(paper.sha256, name)) is not None:
        return found
    with _turn(paper):
        if (found := cache.get(paper.sha256, name)) is not None:
            return found
        path = _path(paper)
        with warm_reader() as reader:
            found = reader.page(path, number, width).jpeg
            cache.put(paper.sha256, name, found)
    return found


def _name(number: int, width: int) -> str:
    return f"{number}-{width}.jpg"


def _turn(paper: Kept) -> threading.Lock:
    return _turns[int(paper.sha256[:2], 16) % len(_turns)]


def _path(paper: Kept) -> Path:
    try:
        with file_store().open(paper.stored) as file:
            return Path(file.name)  # the store is a folder: the child reads the file itself
    except FileNotFoundError:
        raise NotFound("file.missing", where="page") from None
