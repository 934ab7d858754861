"""Out of one instance and into an empty one, on either database; damaged and foreign archives do nothing."""

import secrets
import shutil
import sqlite3
import zipfile

import pytest
from argon2 import PasswordHasher
from sqlalchemy import make_url

from config import create_instance, from_environment
from qualityeval.adapters import backup as archives
from qualityeval.adapters import passwords
from qualityeval.app import create_app
from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import AccountSession, Case
from qualityeval.services import audit, demo, files, table_dump
from tests.cli.running import call_json, environment
from tests.databases import Instance, close, new_instance
from tests.factories import NOW
from tests.structure.objects import token_of

CASES = 12
pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture(scope="module")
def made(place, tmp_path_factory):
    """An instance with a register, a stored file and an open session; each test has a copy of it."""
    instance = new_instance(place, tmp_path_factory.mktemp("made") / "home")
    app = create_app(from_environment(instance.environment).mapping())
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        with transaction():
            demo.create_demo(actor=COMMAND_LINE, cases=CASES, seed=3, now=NOW)
            files.store(
                actor=COMMAND_LINE, name="台账.csv", media_type="text/csv", purpose="register",
                content="案号\n".encode(), now=NOW,
            )  # fmt: skip
        token_of(demo.accounts.by_name("manager"))
    close(app)
    return instance


@pytest.fixture
def filled(made, place, tmp_path):
    home = shutil.copytree(made.home, tmp_path / "instance")
    name, url = f"live_{secrets.token_hex(6)}", f"sqlite:///{home / 'qualityeval.db'}"
    if place.cluster:
        url = place.cluster.create(name, template=make_url(made.url).database)
    named = {"QUALITYEVAL_HOME": str(home), "QUALITYEVAL_DATABASE_URL": url}
    yield Instance(home, url, {**made.environment, **named})
    if place.cluster:
        place.cluster.drop(name)


@pytest.fixture
def archive(filled, tmp_path):
    made = call_json("backup", tmp_path / "b.zip", env=filled.environment)
    assert made["files"] == 1
    assert made["missing"] == []
    return tmp_path / "b.zip"


@pytest.fixture
def target(filled, tmp_path):
    """An empty folder that holds the same keys: a new machine. Its database is SQLite whatever the first was."""
    home = tmp_path / "new"
    home.mkdir()
    shutil.copy(filled.home / "keys.json", home)
    return environment(home)


def content(instance_environment):
    """Every table as lines, without what a backup and a restore add or end themselves."""
    app = create_app(from_environment(instance_environment).mapping())
    with app.app_context():
        tables = {
            table.name: b"".join(table_dump.dump(db.session(), table))
            for table in table_dump.reflected(db.session())
            if table.name not in {"audit_event", "audit_head", "account_session"}
        }
        opened = [case.recipient_id_number for case in db.session.execute(db.select(Case)).scalars()]
        open_sessions = db.session.execute(
            db.select(db.func.count()).select_from(AccountSession).where(AccountSession.ended_at.is_(None))
        ).scalar_one()
        stored = {name: files.file_store().digest(name) for name in files.file_store().names()}
        whole = audit.verify().ok
    close(app)
    return tables, opened, stored, whole, open_sessions


@pytest.mark.both_engines
def test_there_and_back(filled, archive, target, tmp_path):
    answer = call_json("restore", archive, env=target)
    before, after = content(filled.environment), content(target)
    assert after[:4] == before[:4]
    assert len(after[1]) == CASES
    assert (before[4], after[4]) == (1, 0), "a session revoked after the backup must not live again"
    assert answer["files"] == 1
    for key in (filled.home / "keys.json").read_text().split('"'):
        if len(key) > 20:
            assert key.encode() not in b"".join(members(archive).values()), "keys are never in it"


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_used_target_is_refused(filled, archive, tmp_path):
    answer = call_json("restore", archive, env=filled.environment, code=1)
    assert answer["error"]["code"] == "backup.target_used"


def test_foreign_keys_are_refused_and_nothing_is_left(archive, tmp_path):
    other = environment(tmp_path / "other")
    create_instance(other)
    answer = call_json("restore", archive, env=other, code=1)
    assert answer["error"]["code"] == "backup.foreign_keys"
    assert not (tmp_path / "other" / "qualityeval.db").exists()


def test_a_target_that_exists_is_not_overwritten(filled, archive, tmp_path):
    before = archive.read_bytes()
    answer = call_json("backup", archive, env=filled.environment, code=1)
    assert answer["error"]["code"] == "backup.exists"
    assert archive.read_bytes() == before
    assert [path.name for path in tmp_path.glob(".*")] == [], "no partial file is left"


def test_damage_anywhere_is_found_and_nothing_is_left(archive, target, tmp_path):
    whole = archive.read_bytes()
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(whole[: len(whole) // 2])
    answer = call_json("restore", damaged, env=target, code=1)
    assert answer["error"]["code"] == "backup.damaged"
    assert not (tmp_path / "new" / "qualityeval.db").exists()
    assert list((tmp_path / "new" / "files").glob("**/*")) == []


def is_refused(path):
    try:
        with archives.reading(path) as archive:
            archive.check()
    except archives.Damaged:
        return True
    return False


def small_archive(path):
    with archives.writing(path) as archive:
        archive.add("tables/a.jsonl", [b'["id"]\n', b"[1]\n"])
        archive.add("files/" + "0" * 20, [b"bytes of a scan"], packed=False)
        archive.seal({"schema": "1"}, b"k" * 32)


def test_a_changed_member_is_found_though_its_zip_is_sound(tmp_path):
    small_archive(tmp_path / "a.zip")
    parts = members(tmp_path / "a.zip")
    assert not is_refused(tmp_path / "a.zip")
    for name in parts:
        for change in ("changed", "absent"):
            path = tmp_path / f"{change}.zip"
            with zipfile.ZipFile(path, "w") as archive:
                for other, text in parts.items():
                    if other != name or change == "changed":
                        archive.writestr(other, text + b" " if other == name else text)
            if name in {archives.MANIFEST, archives.SEAL} and change == "changed":
                with archives.reading(path) as reader:
                    assert not reader.is_sealed_by(b"k" * 32)
            else:
                assert is_refused(path), (name, change)


def test_every_truncation_is_refused(tmp_path):
    small_archive(tmp_path / "a.zip")
    whole = (tmp_path / "a.zip").read_bytes()
    for length in range(len(whole)):
        (tmp_path / "cut.zip").write_bytes(whole[:length])
        assert is_refused(tmp_path / "cut.zip"), length


def test_the_seal_is_the_instances_own(tmp_path):
    small_archive(tmp_path / "a.zip")
    with archives.reading(tmp_path / "a.zip") as archive:
        assert archive.is_sealed_by(b"k" * 32)
        assert not archive.is_sealed_by(b"j" * 32)


def test_doctor_finds_a_lost_and_a_changed_file(filled, tmp_path):
    (path,) = [path for path in (filled.home / "files").glob("*/*") if path.is_file()]
    path.chmod(0o600)
    path.write_bytes(b"other")
    found = call_json("doctor", env=filled.environment, code=1)
    assert [c["name"] for c in found["checks"] if not c["ok"] and c["name"] != "built"] == ["files"]
    path.unlink()
    answer = call_json("backup", tmp_path / "b.zip", env=filled.environment, code=1)
    assert answer["missing"] == [path.name]


def test_sqlite_is_sound_after_a_restore(archive, target, tmp_path):
    call_json("restore", archive, env=target)
    database = sqlite3.connect(tmp_path / "new" / "qualityeval.db")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
