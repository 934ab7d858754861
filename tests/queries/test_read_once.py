"""What a page asks twice is read once, as long as its snapshot lasts; whoever writes reads anew."""

from sqlalchemy import select

from qualityeval.database import db, read_once, transaction


def test_once_in_a_snapshot_and_anew_for_a_writer(session):
    asked = []

    def read():
        asked.append(db.session.execute(select(1)).scalar_one())
        return len(asked)

    assert [read_once("figure", read), read_once("figure", read), read_once("other", read)] == [1, 1, 2]
    with transaction():
        assert [read_once("figure", read), read_once("figure", read)] == [3, 4]
    assert [read_once("figure", read), read_once("figure", read)] == [5, 5], (
        "the writer's end began a new snapshot"
    )
    db.session.rollback()
    assert read_once("figure", read) == 6
