"""Which applications of the command line have pages: a verb's has none, one that serves or opens them has."""

import pytest

from qualityeval.cli import build_app, instance
from qualityeval.cli.benches import pages


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_only_who_opens_pages_loads_them(live_database, monkeypatch):
    for name, value in live_database.environment.items():
        monkeypatch.setenv(name, value)
    assert "todo.index" not in build_app().view_functions
    assert "todo.index" in build_app(with_pages=True).view_functions
    monkeypatch.setattr(instance, "prepare", lambda: None)  # the instance stands already
    home = live_database.environment["QUALITYEVAL_HOME"]
    assert "todo.index" in pages._application(home).view_functions, "the bench of pages opens pages"
