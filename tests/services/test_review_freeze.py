"""No case falls between an import and a freeze, and no register's text breaks a freeze halfway."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import InvalidInput
from qualityeval.core.mapping import parse_mapping
from qualityeval.database import db, transaction
from qualityeval.models import Case, FrameCase
from qualityeval.services import case_import
from qualityeval.services.sampling import stored_frame
from tests import factories
from tests.factories import NOW
from tests.services import stories

MAPPING = {
    "columns": {
        "number": "number", "institution": {"code": "place"}, "closed_on": "closed", "case_type": {"value": "criminal"},
        "aid_form": {"value": "defence"}, "stage": {"value": "trial"}, "cause": {"value": "盗窃罪"},
    },
}  # fmt: skip


def register(tmp_path, *, place: str, number: str, closed: str, now) -> None:
    path = tmp_path / "register.csv"
    path.write_text(f"number,place,closed\n{number},{place},{closed}\n", encoding="utf-8")
    with transaction():
        outcome = case_import.import_cases(
            actor=COMMAND_LINE, path=path, name=path.name, mapping=parse_mapping(MAPPING),
            options=case_import.ImportOptions(), now=now, today=stories.TODAY,
        )  # fmt: skip
    assert outcome.created == 1, outcome


def test_an_import_that_began_before_a_freeze_and_ended_after_it_is_late(session, tmp_path) -> None:
    """The freeze couldn't see its cases, so the next round has to: their time of registering is later."""
    root, (county,) = stories.bureau(cases=(3,))
    manager, _ = stories.managers(root)
    text = stories.spec(root.code)
    stories.frozen(manager, text.replace("2026-12-31", "2026-06-30"))
    register(tmp_path, place=county.code, number="LATE", closed="2026-06-15", now=NOW - timedelta(minutes=5))
    factories.create_case(institution=county, number="NEXT", closed_on=stories.TODAY)
    following = text.replace("R2026", "NEXT").replace("from: 2026-01-01", "from: 2026-07-01")
    stories.frozen(manager, following)
    late = db.session.execute(
        select(Case.number).join(FrameCase, FrameCase.case_id == Case.id).where(FrameCase.late)
    ).scalars()
    assert list(late) == ["LATE"]


def test_a_stratum_longer_than_its_column_is_refused_in_words(session) -> None:
    """PostgreSQL refuses 401 characters, SQLite takes them: both say the same here."""
    root, (county,) = stories.bureau(cases=(1,))
    manager, _ = stories.managers(root)
    factories.create_case(institution=county, number="LONG", extra={"remark": "备" * 401})
    text = stories.spec(root.code).replace("strata: [institution]", "strata: [remark]")
    with pytest.raises(InvalidInput) as refusal:
        stories.frozen(manager, text)
    assert refusal.value.code == "frame.stratum_long"


def test_numbers_that_are_not_nfc_stand_where_the_file_has_them(session) -> None:
    """The database sorts 1:e + U+0301 before 1:f, the file's NFC é (C3 A9) after it; the frame is the file's."""
    root, (county,) = stories.bureau(cases=(1,))
    manager, _ = stories.managers(root)
    for number in ("e\u0301", "f", "sealed"):
        factories.create_case(institution=county, number=number, sealed=number == "sealed")
    frozen = stories.frozen(manager, stories.spec(root.code))
    keys = db.session.execute(select(FrameCase.key).order_by(FrameCase.id)).scalars().all()
    assert keys[:2] == [f"{county.code}:2026-0000", f"{county.code}:f"]
    assert keys[2].startswith(f"{county.code}:~")
    assert keys[3] == f"{county.code}:é"
    assert stored_frame(frozen).keys == tuple(keys)
