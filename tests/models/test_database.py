"""The one commit, the types, and what each engine promises."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from qualityeval.database import blind_index, db, new_public_id, transaction
from qualityeval.models import Account, Case, Setting
from tests import factories

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.arranging


def setting(name: str, value: str = "1") -> Setting:
    return Setting(name=name, value=value, changed_at=NOW)


def test_a_block_is_saved_whole(session) -> None:
    with transaction() as inside:
        inside.add(setting("a"))
    session.expire_all()
    assert session.get(Setting, "a").value == "1"


def test_a_refusal_saves_nothing(session) -> None:
    with pytest.raises(RuntimeError, match="no"), transaction() as inside:
        inside.add(setting("a"))
        inside.flush()
        raise RuntimeError("no")
    assert session.get(Setting, "a") is None


def test_blocks_are_not_nested(session) -> None:
    with transaction(), pytest.raises(RuntimeError, match="nested"), transaction():
        pass


def test_changes_made_outside_are_refused(session) -> None:
    session.add(setting("a"))
    with pytest.raises(RuntimeError, match="outside"), transaction():
        pass
    session.rollback()


def test_a_naive_instant_is_refused(session) -> None:
    with pytest.raises(StatementError, match="naive"), transaction() as inside:
        inside.add(Setting(name="a", value="1", changed_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_an_instant_comes_back_as_the_same_instant_in_utc(session) -> None:
    with transaction() as inside:
        inside.add(Setting(name="a", value="1", changed_at=datetime.fromisoformat("2026-01-01T08:00+08:00")))
    session.expire_all()
    assert session.get(Setting, "a").changed_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert session.get(Setting, "a").changed_at.tzinfo is UTC


def test_a_sealed_number_is_unreadable_in_the_table_and_readable_through_the_model(session) -> None:
    case = factories.create_case(
        institution=factories.create_institution(), recipient_phone="13900001111",
        recipient_phone_index=blind_index("case.recipient_phone", "13900001111"),
    )  # fmt: skip
    stored = session.execute(text("SELECT recipient_phone FROM legal_case")).scalar_one()
    assert "13900001111" not in stored
    assert stored.startswith("k1:")
    session.expire_all()
    assert session.get(Case, case.id).recipient_phone == "13900001111"
    found = session.execute(
        select(Case.id).where(
            Case.recipient_phone_index == blind_index("case.recipient_phone", "13900001111")
        )
    )
    assert found.scalar_one() == case.id


def test_equal_numbers_are_sealed_differently_and_a_moved_one_does_not_open(session) -> None:
    place = factories.create_institution()
    for number in ("1", "2"):
        factories.create_case(institution=place, number=number, recipient_phone="13900001111")
    first, second = session.execute(text("SELECT recipient_phone FROM legal_case")).scalars()
    assert first != second
    session.execute(text("UPDATE legal_case SET recipient_id_number = recipient_phone"))
    session.expire_all()
    with pytest.raises(Exception, match=r"^$"):
        session.execute(select(Case)).scalars().first()


def test_a_blind_index_depends_on_its_purpose(app) -> None:
    with app.app_context():
        assert blind_index("a", "1") != blind_index("b", "1")
        assert blind_index("a", "1") == blind_index("a", "1")


def test_public_ids_do_not_repeat() -> None:
    assert len({new_public_id() for _ in range(10_000)}) == 10_000


def test_a_stale_version_is_refused(session) -> None:
    account = factories.create_account(institution=factories.create_institution())
    version = account.version
    with transaction():
        db.session.get_one(Account, account.id).display_name = "改名"
    assert db.session.get_one(Account, account.id).version == version + 1


def test_sqlite_is_durable_and_strict(session, engine_name: str) -> None:
    if engine_name != "sqlite":
        pytest.skip("pragmas are SQLite's")
    read = {
        name: session.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("synchronous", "foreign_keys")
    }
    assert read == {"synchronous": 2, "foreign_keys": 1}
    assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    assert session.execute(text("PRAGMA busy_timeout")).scalar_one() >= 5000
