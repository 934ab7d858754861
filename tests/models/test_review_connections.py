"""A database server that was restarted costs nobody a page."""

from sqlalchemy import create_engine, text

from config import from_environment
from qualityeval.app import create_app
from qualityeval.database import db
from tests.databases import Instance, close


def test_a_connection_that_died_with_its_server_is_replaced(live_database: Instance) -> None:
    app = create_app(from_environment(live_database.environment).mapping())
    with app.app_context():
        assert db.session.execute(text("SELECT 1")).scalar_one() == 1
        db.session.rollback()  # back into the pool
        _end_every_connection(live_database.url)
        assert db.session.execute(text("SELECT 1")).scalar_one() == 1
    close(app)


def _end_every_connection(url: str) -> None:
    """What a restart does to the clients; SQLite has no server that could restart."""
    if not url.startswith("postgresql"):
        return
    engine = create_engine(url)
    with engine.connect() as other:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        other.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    engine.dispose()
