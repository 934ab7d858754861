"""Lists of rounds touch no secret."""

import pytest

from qualityeval.database import db
from qualityeval.queries import rounds as queries
from tests.services import stories


def test_the_list_of_rounds_needs_no_field_key(session, app, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing sealed is opened for it, so it works, and leaks nothing, without the keys."""
    root, _ = stories.bureau(cases=(3,))
    name = root.name
    manager, _ = stories.managers(root)
    stories.frozen(manager, stories.spec(root.code))
    db.session.rollback()
    db.session.expunge_all()
    monkeypatch.setitem(app.config, "KEYS", None)
    (row,) = queries.list_for(manager)
    assert (row.code, row.state, row.frame_size, row.sample_size, row.institution) == (
        "R2026", "frozen", 3, 2, name,
    )  # fmt: skip
