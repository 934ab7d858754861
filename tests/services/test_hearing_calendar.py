"""The courts' calendar brought in: whole or not, and whoever is sent goes on the new day."""

from datetime import date

import pytest

from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Case, Observation
from qualityeval.services.hearing_calendar import import_calendar
from tests.channel_rows import create_observation
from tests.factories import NOW, create_account, create_actor, create_case, create_institution

OLD, NEW = date(2026, 12, 3), date(2026, 12, 10)

pytestmark = pytest.mark.usefixtures("session")


def test_days_are_written_down_and_observers_follow():
    county, city = create_institution(code="330102"), create_institution(code="330103")
    manager = create_actor(institution=county)
    known = create_case(institution=county, number="7", court_number="刑初7", hearing_on=OLD)
    create_case(institution=city, number="7", court_number="刑初7", hearing_on=OLD)  # another body's
    same = [create_case(institution=county, number=number, hearing_on=NEW) for number in ("8", "9")]
    observer = create_account(role=Role.OBSERVER, institution=county)
    create_observation(case=known, account=observer, hearing_on=OLD)

    def bring(*lines, dry=False):
        with transaction():
            numbered = [
                (row, dict(zip(("法院案号", "援助案号", "开庭日期"), cells, strict=True)))
                for row, cells in enumerate(lines, 2)
            ]
            return import_calendar(actor=manager, lines=numbered, now=NOW, dry_run=dry)

    def days():
        db.session.expire_all()
        return db.session.get_one(Case, known.id).hearing_on, db.session.query(Observation).one().hearing_on

    good = (("刑初7", "", "2026-12-10"), ("", "8", "2026-12-10"))
    report = bring(*good, ("", "nobody", "2026-12-10"), ("", "9", "?"), ("", "8", "2026-12-11"))
    assert [(one.row, one.refusal.code) for one in report.rejected] == [
        (4, "calendar.unknown"), (5, "calendar.day"), (6, "calendar.twice"),
    ]  # fmt: skip
    assert (report.rows, report.updated, days()) == (5, 0, (OLD, OLD))
    looked = bring(*good, dry=True)
    assert (looked.rows, looked.updated, looked.unchanged, looked.moved) == (2, 1, 1, 1)
    assert days() == (OLD, OLD)
    assert bring(*good) == looked
    assert days() == (NEW, NEW)
    assert bring(*good).updated == 0
    assert db.session.get_one(Case, same[0].id).hearing_on == NEW
