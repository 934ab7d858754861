"""Stored files: random names in a folder, written whole or not at all, known by their SHA-256.

The face (put, open, delete, names) is that of an object store, so that one can take its place.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

BLOCK = 1 << 20
NAME = re.compile(r"[0-9a-f]{20}")


@dataclass(frozen=True)
class Content:
    """What was stored: how long and its digest."""

    size: int
    sha256: str


@dataclass(frozen=True)
class FileStore:
    """Files of one folder, spread over sub-folders by the first two characters of their name."""

    folder: Path

    def put(self, name: str, content: BinaryIO | Iterable[bytes]) -> Content:
        """Store under a name that isn't taken; durable when it returns."""
        target = self._path(name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = target.with_suffix(".partial")
        digest, size = hashlib.sha256(), 0
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for block in blocks(content):
                    digest.update(block)
                    size += len(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            os.link(partial, target)  # unlike a rename it refuses a name that is taken
        finally:
            partial.unlink(missing_ok=True)
        return Content(size, digest.hexdigest())

    def open(self, name: str) -> BinaryIO:
        """Read a stored file; FileNotFoundError where there is none."""
        return self._path(name).open("rb")

    def digest(self, name: str) -> Content:
        """Read the file through: its present length and digest."""
        digest, size = hashlib.sha256(), 0
        with self.open(name) as file:
            for block in blocks(file):
                digest.update(block)
                size += len(block)
        return Content(size, digest.hexdigest())

    def size(self, name: str) -> int:
        """Its present length."""
        return self._path(name).stat().st_size

    def age(self, name: str, now: datetime) -> float:
        """Seconds since the file was written."""
        return now.timestamp() - self._path(name).stat().st_mtime

    def delete(self, name: str) -> None:
        """Remove a file; one that is gone already is fine."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """Every stored name."""
        for path in sorted(self.folder.glob("??/*")):
            if NAME.fullmatch(path.name):
                yield path.name

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a name of a stored file")
        return self.folder / name[:2] / name


def blocks(content: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    """The content in pieces, whatever it comes as."""
    if hasattr(content, "read"):
        while block := content.read(BLOCK):
            yield block
    else:
        yield from content
