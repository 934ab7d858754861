"""The list of the register on both databases: scope, filters, order, paging, export, and that search uses its index."""

from datetime import date

import pytest
from sqlalchemy import text

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Level, Role
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.queries import cases, institutions
from qualityeval.queries.cases import CaseFilters
from qualityeval.queries.search import matching
from qualityeval.services.case_import_values import search_text
from tests.factories import create_actor, create_case, create_institution

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def places(session):
    city = create_institution(code="330100", level=Level.CITY)
    county = create_institution(code="330102", parent=city)
    other = create_institution(code="330105", parent=city)
    return city, county, other


@pytest.fixture
def register(places):
    city, county, other = places
    rows = [
        (city, "C1", "civil", date(2026, 3, 1), "离婚纠纷"), (county, "A1", "criminal", date(2026, 1, 1), "盗窃罪"),
        (county, "A2", "criminal", None, "抢劫罪"), (other, "B1", "criminal", date(2026, 2, 1), "盗窃罪"),
    ]  # fmt: skip
    for place, number, kind, closed, cause in rows:
        create_case(
            institution=place, number=number, case_type=kind, closed_on=closed, cause=cause,
            search_text=search_text({"number": number, "cause": cause}),
        )  # fmt: skip
    return places


def numbers(actor, sort="number", **filters):
    found = cases.list_for(actor, CaseFilters(**filters), sort=sort)
    assert cases.count_for(actor, CaseFilters(**filters)) == len(found)
    exported = cases.export_for(actor, CaseFilters(**filters), sort=sort)
    assert [values[0] for _code, _name, values in exported] == [row.number for row in found]
    return [row.number for row in found]


def test_everybody_sees_the_own_subtree_only(register):
    city, county, _other = register
    assert numbers(create_actor(institution=city)) == ["A1", "A2", "B1", "C1"]
    assert numbers(create_actor(institution=county)) == ["A1", "A2"]
    assert numbers(COMMAND_LINE) == ["A1", "A2", "B1", "C1"]
    assert numbers(create_actor(role=Role.EXPERT, institution=city)) == []


def test_filters_narrow_alone_and_together(register):
    city, county, _other = register
    manager = create_actor(institution=city)
    assert numbers(manager, institution=county.public_id) == ["A1", "A2"]
    assert numbers(manager, institution=city.public_id) == ["A1", "A2", "B1", "C1"]
    assert numbers(manager, case_type="civil") == ["C1"]
    assert numbers(manager, closed_from=date(2026, 2, 1)) == ["B1", "C1"]
    assert numbers(manager, closed_to=date(2026, 2, 1)) == ["A1", "B1"]
    assert numbers(manager, text="盗窃", institution=county.public_id) == ["A1"]
    assert numbers(manager, aid_form="duty") == []


def test_a_filter_by_a_foreign_institution_shows_nothing(register):
    _city, county, other = register
    assert numbers(create_actor(institution=county), institution=other.public_id) == []


@pytest.mark.parametrize(
    ("sort", "order"),
    [("closed_on", ["A1", "B1", "C1", "A2"]), ("-closed_on", ["C1", "B1", "A1", "A2"]), ("-number", ["C1", "B1", "A2", "A1"])],
)  # fmt: skip
def test_order_puts_what_is_missing_last_on_both_databases(register, sort, order):
    assert numbers(create_actor(institution=register[0]), sort=sort) == order


def test_pages_join_without_gap_or_overlap(register):
    manager = create_actor(institution=register[0])
    pages = [cases.list_for(manager, CaseFilters(), sort="cause", limit=1, offset=n) for n in range(5)]
    assert sorted(row.number for page in pages for row in page) == ["A1", "A2", "B1", "C1"]


def test_a_case_of_others_is_not_found(register):
    _city, county, other = register
    manager = create_actor(institution=county)
    mine = cases.list_for(manager, CaseFilters(), limit=1)[0].public_id
    assert cases.get_for(manager, mine).public_id == mine
    foreign = cases.list_for(create_actor(institution=other), CaseFilters(), limit=1)[0].public_id
    with pytest.raises(NotFound):
        cases.get_for(manager, foreign)


def test_institutions_come_as_a_tree(register):
    rows = institutions.list_for(create_actor(institution=register[0]))
    assert [(row.code, row.depth) for row in rows] == [("330100", 0), ("330102", 1), ("330105", 1)]


def test_the_search_goes_through_its_index(register):
    dialect = db.session.get_bind().dialect
    query = db.select(cases.Case.id).where(matching("盗窃 A1"))
    compiled = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    if dialect.name == "sqlite":
        plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {compiled}".replace(":", r"\:"))).all()
        assert any("case_search VIRTUAL TABLE INDEX" in str(row) for row in plan)
    else:
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = db.session.execute(text(f"EXPLAIN {compiled}".replace(":", r"\:"))).all()
        assert any("ix_legal_case_search" in str(row) for row in plan)


def test_the_index_follows_every_writer(register):
    """Not the import alone: rows added, changed and deleted one by one are found or no longer found."""
    manager = create_actor(institution=register[0])
    assert numbers(manager, text="离婚") == ["C1"]
    db.session.rollback()
    for change, found in (
        ("UPDATE legal_case SET search_text = '继承 承' WHERE number = 'C1'", []),
        ("UPDATE legal_case SET search_text = '离婚 婚' WHERE number = 'A2'", ["A2"]),
        ("DELETE FROM legal_case WHERE number = 'A2'", []),
    ):
        db.session.execute(text(change))
        assert numbers(manager, text="离婚") == found
    assert numbers(manager, text="继承") == ["C1"]
