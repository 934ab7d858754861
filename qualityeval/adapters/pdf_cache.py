"""Drawn pages kept on disk, by the digest of their paper: made again at any time, so nothing is lost with them."""

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class PageCache:
    """A folder a paper, named by the SHA-256 of its bytes: the same paper in two cases is drawn once."""

    folder: Path

    def get(self, sha256: str, name: str) -> bytes | None:
        """What was kept under the name, or None."""
        try:
            return self._path(sha256, name).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, sha256: str, name: str, content: bytes) -> None:
        """Keep it; two that draw the same page at once both succeed."""
        target = self._path(sha256, name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = target.with_name(f".{secrets.token_hex(6)}")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        partial.replace(target)

    def forget(self, sha256: str) -> None:
        """Drop what was drawn of a paper."""
        shutil.rmtree(self._path(sha256, "x").parent, ignore_errors=True)

    def tidy(self, before: datetime) -> int:
        """Drop what was drawn before then; how many pictures and texts. Empty folders go with them."""
        dropped = 0
        for folder, _folders, names in os.walk(self.folder, topdown=False):
            for name in names:
                path = Path(folder, name)
                if path.stat().st_mtime < before.timestamp():
                    path.unlink(missing_ok=True)
                    dropped += 1
            if Path(folder) != self.folder and not os.listdir(folder):  # noqa: PTH208 - one look, no list
                Path(folder).rmdir()
        return dropped

    def _path(self, sha256: str, name: str) -> Path:
        if len(sha256) != 64 or not sha256.isalnum():
            raise ValueError("a paper is named by its digest")
        return self.folder / sha256[:2] / sha256 / name
