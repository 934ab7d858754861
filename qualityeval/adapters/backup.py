"""The archive of a backup: a zip whose last member, the manifest, holds size and SHA-256 of all others.

The manifest carries a seal (HMAC under a key of the instance), so that an archive changed on purpose, or
made by other keys, is told from a whole one. The keys themselves are never in it.
"""

import hashlib
import hmac
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from qualityeval.adapters.files import blocks
from qualityeval.core.errors import RuleViolation, msg

MANIFEST, SEAL = "manifest.json", "manifest.seal"
FORMAT = 1
LARGEST_MANIFEST = 64 * 2**20


class Damaged(RuleViolation):
    """The archive isn't whole: nothing in it is used."""

    code = "backup.damaged"
    text = msg("备份文件已损坏或不完整（%(part)s），没有恢复任何内容。请换一份备份。")


def seal_of(manifest: bytes, key: bytes) -> str:
    """The seal over the manifest's bytes."""
    return hmac.new(key, b"qualityeval backup\x1f" + manifest, hashlib.sha256).hexdigest()


@dataclass
class ArchiveWriter:
    """Members are added one after the other; `seal` ends the archive."""

    _zip: zipfile.ZipFile
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, content: IO[bytes] | Iterable[bytes], *, packed: bool = True) -> None:
        """Write one member; scans are packed already, tables shrink tenfold."""
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        entry.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w", force_zip64=True) as member:
            for block in blocks(content):
                digest.update(block)
                size += len(block)
                member.write(block)
        self.members[name] = {"size": size, "sha256": digest.hexdigest()}

    def seal(self, about: Mapping[str, Any], key: bytes) -> None:
        """Write the manifest and its seal."""
        content = {"format": FORMAT, **about, "members": self.members}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode()
        self._zip.writestr(zipfile.ZipInfo(MANIFEST, (1980, 1, 1, 0, 0, 0)), text)
        self._zip.writestr(zipfile.ZipInfo(SEAL, (1980, 1, 1, 0, 0, 0)), seal_of(text, key))


@contextmanager
def writing(target: Path) -> Iterator[ArchiveWriter]:
    """Write beside the target under a temporary name; rename when whole and durable.

    FileExistsError where the target is there; an interrupted backup leaves nothing under its name.
    """
    if target.exists():
        raise FileExistsError(target)
    partial = target.with_name(f".{target.name}.partial")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
                yield ArchiveWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, target)
    finally:
        partial.unlink(missing_ok=True)


@dataclass(frozen=True)
class ArchiveReader:
    """An archive whose manifest could be read; `check` reads all the rest."""

    _zip: zipfile.ZipFile
    manifest: Mapping[str, Any]
    manifest_bytes: bytes
    seal: str

    def is_sealed_by(self, key: bytes) -> bool:
        """Whether the manifest was written with this key and is as it was."""
        return hmac.compare_digest(self.seal, seal_of(self.manifest_bytes, key))

    def check(self) -> None:
        """Read every member and compare it with the manifest; Damaged names the first that differs."""
        present = set(self._zip.namelist()) - {MANIFEST, SEAL}
        if odd := present ^ set(self.manifest["members"]):
            raise Damaged(part=min(odd))
        for name, expected in self.manifest["members"].items():
            digest, size = hashlib.sha256(), 0
            with told_as_damage(name), self._zip.open(name) as member:
                for block in blocks(member):
                    digest.update(block)
                    size += len(block)
            if (size, digest.hexdigest()) != (expected["size"], expected["sha256"]):
                raise Damaged(part=name)

    def open(self, name: str) -> IO[bytes]:
        """Read one member."""
        return self._zip.open(name)


@contextmanager
def reading(source: Path) -> Iterator[ArchiveReader]:
    """Open an archive; Damaged where it isn't one or its manifest can't be read."""
    with told_as_damage(source.name), zipfile.ZipFile(source) as archive:
        yield _reader(archive)


def _reader(archive: zipfile.ZipFile) -> ArchiveReader:
    if len(set(archive.namelist())) != len(archive.namelist()):
        raise Damaged(part=MANIFEST)
    with told_as_damage(MANIFEST):
        if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise Damaged(part=MANIFEST)
        raw, seal = archive.read(MANIFEST), archive.read(SEAL).decode("ascii")
        manifest = json.loads(raw)
        shaped = isinstance(manifest["members"], dict) and isinstance(manifest["format"], int)
    if not shaped:
        raise Damaged(part=MANIFEST)
    return ArchiveReader(archive, manifest, raw, seal)


@contextmanager
def told_as_damage(part: str) -> Iterator[None]:
    """Whatever the zip and JSON readers stumble over is a damaged archive to the reader of the message."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, NotImplementedError) as fault:
        raise Damaged(part=part) from fault
