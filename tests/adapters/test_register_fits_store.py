"""What core.register lets through fits the columns that store it (SQLite would not notice, PostgreSQL refuses)."""

import pytest
from sqlalchemy import String

from qualityeval.core.case_fields import FIELDS, Kind
from qualityeval.core.register_values import LENGTHS, MAX_TEXT
from qualityeval.models.case import Case
from qualityeval.models.institution import Institution, Practitioner, Provider

ELSEWHERE = {
    "provider": Provider.__table__.c.name,
    "practitioner": Practitioner.__table__.c.name,
    "practitioner_licence": Practitioner.__table__.c.licence,
    "second_provider": Provider.__table__.c.name,
    "second_practitioner": Practitioner.__table__.c.name,
    "second_licence": Practitioner.__table__.c.licence,
}
TEXTS = [field.name for field in FIELDS if field.kind in (Kind.TEXT, Kind.TAGS)]


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_fits_its_column(name):
    column = ELSEWHERE.get(name, Case.__table__.c.get(name))
    assert isinstance(column.type, String)
    assert LENGTHS.get(name, MAX_TEXT) <= column.type.length


def test_an_institution_fits_too():
    assert Institution.__table__.c.code.type.length >= LENGTHS["number"]
    assert Institution.__table__.c.name.type.length >= MAX_TEXT
