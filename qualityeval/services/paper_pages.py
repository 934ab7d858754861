"""Pages of papers as pictures, and their text: drawn by the child once, then taken from the cache.

A paper whose bytes aren't those that were stored (TE7) is never drawn: what the cache holds is of the right ones.

Whether somebody may see a paper is the caller's to have asked. The desk asks for the next pages while one is read.
"""

import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from qualityeval.adapters.images_marked import marked, sentence_page
from qualityeval.adapters.pdf_cache import PageCache
from qualityeval.adapters.pdf_pages import Letters, Masks, warm_reader
from qualityeval.core.digests import digest
from qualityeval.core.errors import NotFound, WrongState, msg
from qualityeval.database import instance_folder
from qualityeval.services.files import file_store

CHANGED = "file.changed"
CHANGED_WORDS = msg("这份材料与存入时的摘要不符，不能作为评阅依据。请停下来，告诉质量管理员。")
PLAIN, SHARP = 1_240, 2_200  # pixels across: A4 at 150 and at 266 dpi
_turns = tuple(threading.Lock() for _ in range(16))  # two readers of one paper don't draw it twice at once


@dataclass(frozen=True)
class Kept:
    """A paper by its digest, the name it is stored under, and how many pages it has."""

    sha256: str
    stored: str
    pages: int


def page_of(paper: Kept, number: int, *, sharp: bool, mark: str, masks: Masks | None = None) -> bytes:
    """Page `number` (from 1) as a JPEG with `mark` over it, with `masks` painted over: nothing lies beneath.

    NotFound where there is no such page, InvalidInput where it is damaged, WrongState where the stored bytes
    were changed.
    """
    if not 1 <= number <= paper.pages:
        raise NotFound(where="page")
    return marked(_drawn(paper, number, SHARP if sharp else PLAIN, masks), mark)


def said_as_page(text: str) -> bytes:
    """A sentence in place of a page, as a JPEG: a picture's refusal is read only in the picture."""
    return sentence_page(text, PLAIN)


def texts_of(paper: Kept) -> tuple[str, ...]:
    """The text layer, one text a page; empty texts for a scan."""
    return letters_of(paper).texts


def letters_of(paper: Kept) -> Letters:
    """The text layer and which pages hold pictures, read once."""
    cache = page_cache()
    found = cache.get(paper.sha256, "letters")
    if found is None:
        with _turn(paper), warm_reader() as reader:
            found = json.dumps(asdict(reader.letters(_path(paper))), ensure_ascii=False).encode(
                errors="replace"
            )
            cache.put(paper.sha256, "letters", found)
    given = json.loads(found)
    return Letters(tuple(given["texts"]), tuple(given["pictured"]))


def page_cache() -> PageCache:
    """The cache of this instance."""
    return PageCache(instance_folder() / "pages")


def _drawn(paper: Kept, number: int, width: int, masks: Masks | None = None) -> bytes:
    cache = page_cache()
    name = _name(number, width, masks)
    if (found := cache.get(paper.sha256, name)) is not None:
        return found
    with _turn(paper):
        if (found := cache.get(paper.sha256, name)) is not None:
            return found
        path = _path(paper)
        with warm_reader() as reader:
            drawn = reader.masked(path, number, width, masks) if masks else reader.page(path, number, width)
            found = drawn.jpeg
            cache.put(paper.sha256, name, found)
    return found


def _name(number: int, width: int, masks: Masks | None) -> str:
    """What is painted over is part of the name, so that a mask that is added is never forgotten by the cache."""
    return f"{number}-{width}.jpg" if masks is None else f"{number}-{width}-{digest(repr(masks))[:16]}.jpg"


def _turn(paper: Kept) -> threading.Lock:
    return _turns[int(paper.sha256[:2], 16) % len(_turns)]


def _path(paper: Kept) -> Path:
    """The file for the child to read, its bytes being those that were stored."""
    try:
        found = file_store().digest(paper.stored).sha256
        with file_store().open(paper.stored) as file:
            path = Path(file.name)  # the store is a folder: the child reads the file itself
    except FileNotFoundError:
        raise NotFound("file.missing", where="page") from None
    if found != paper.sha256:
        raise WrongState(CHANGED, CHANGED_WORDS, where="page")
    return path
