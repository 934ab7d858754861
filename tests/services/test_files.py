"""Stored files: whole or not at all, under names nobody chose, shown under names that can do no harm."""

import hashlib
import io
import os
import stat
from datetime import timedelta

import pytest

from qualityeval.adapters.files import FileStore
from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import InvalidInput, NotFound
from qualityeval.database import db, transaction
from qualityeval.models import StoredFile
from qualityeval.services import files, idempotency, tidying
from qualityeval.services.paper_pages import page_cache
from tests.factories import NOW, create_actor, create_institution

NAME = "0123456789abcdef0123"


@pytest.fixture
def actor(session):
    return create_actor(institution=create_institution())


def store(actor, content=b"abc", name="台账.csv"):
    with transaction():
        return files.store(
            actor=actor, name=name, media_type="text/csv", purpose="register", content=content, now=NOW
        ).public_id


def test_what_goes_in_comes_out_with_its_digest(actor):
    public_id = store(actor, io.BytesIO(b"abc" * 500_000))
    row = files.get_for(actor, public_id)
    with files.open_stored(row) as content:
        assert content.read() == b"abc" * 500_000
    assert (row.size, row.sha256) == (1_500_000, hashlib.sha256(b"abc" * 500_000).hexdigest())


def test_another_accounts_file_is_not_found(actor):
    public_id = store(actor)
    with pytest.raises(NotFound):
        files.get_for(create_actor(), public_id)


def test_a_file_whose_bytes_are_gone_is_told_in_words(actor):
    public_id = store(actor)
    files.file_store().delete(public_id)
    with pytest.raises(NotFound) as refusal:
        files.open_stored(files.get_for(actor, public_id))
    assert refusal.value.code == "file.missing"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\台账.xlsx", "台账.xlsx"),
        ("a\0b\r\n.csv", "ab.csv"),
        ("gpj\u202e.exe", "gpj.exe"),
        (" .hidden. ", "hidden"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
        ("e\u0301.csv", "é.csv"),
    ],
)
def test_names_are_only_shown(given, shown):
    assert files.plain_name(given) == shown


@pytest.mark.parametrize("given", ["", "..", "/", "a/", "\u200b"])
def test_a_name_of_nothing_is_refused(given):
    with pytest.raises(InvalidInput):
        files.plain_name(given)


def test_a_store_writes_whole_and_never_over(tmp_path):
    place = FileStore(tmp_path / "files")
    place.put(NAME, [b"one", b"two"])
    with pytest.raises(FileExistsError):
        place.put(NAME, [b"other"])

    def broken():
        yield b"half"
        raise OSError("connection lost")

    with pytest.raises(OSError, match="lost"):
        place.put("f" * 20, broken())
    assert list(place.names()) == [NAME]
    (file,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert file.read_bytes() == b"onetwo"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["../x", "", "A" * 20, "a" * 19, "a" * 19 + "/"])
def test_a_store_knows_only_names_of_its_own(tmp_path, name):
    with pytest.raises(ValueError, match="not a name"):
        FileStore(tmp_path).put(name, [b""])


def test_tidying_removes_what_was_rolled_back_and_is_a_day_old(actor):
    def rolled_back():
        with transaction():
            files.store(actor=actor, name="a", media_type="b", purpose="c", content=b"d", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rolled_back()
    kept = store(actor)
    written = files.file_store().age(kept, NOW)  # NOW is no clock: the file's own time counts
    assert len(tidying.orphan_names()) == 1

    def tidy(age):
        with transaction():
            return tidying.tidy(actor=COMMAND_LINE, now=NOW - timedelta(seconds=written) + age)

    assert tidy(timedelta(hours=23))["orphans"] == 0, "it may belong to a transaction that is still open"
    assert tidy(timedelta(hours=25))["orphans"] == 1
    assert list(files.file_store().names()) == [kept]
    assert db.session.execute(db.select(StoredFile.public_id)).scalars().all() == [kept]


def test_tidying_forgets_old_answers_only(actor):
    with transaction():
        for key, age in (("old", 8), ("new", 6)):
            idempotency.remember(
                actor=actor, key=key, request_hash="h", location="/x", now=NOW - timedelta(days=age)
            )
    with transaction():
        assert tidying.tidy(actor=COMMAND_LINE, now=NOW)["answers"] == 1
    assert idempotency.answer(actor=actor, key="new", request_hash="h") == "/x"
    assert idempotency.answer(actor=actor, key="old", request_hash="h") is None


def test_tidying_drops_pages_drawn_a_month_ago(actor):
    cache = page_cache()
    for name, days in (("1-1240.jpg", 31), ("2-1240.jpg", 29)):
        cache.put("a" * 64, name, b"x")
        then = (NOW - timedelta(days=days)).timestamp()
        os.utime(cache.folder / "aa" / ("a" * 64) / name, (then, then))
    with transaction():
        assert tidying.tidy(actor=COMMAND_LINE, now=NOW)["pages"] == 1
    assert cache.get("a" * 64, "1-1240.jpg") is None
    assert cache.get("a" * 64, "2-1240.jpg") == b"x"
