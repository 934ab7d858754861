"""The import of a register, on both databases: all or nothing, what exists, who may, what is found afterwards."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Level, Role
from qualityeval.core.errors import InvalidInput, NotAllowed
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent, Case, Institution, Practitioner, Provider
from qualityeval.queries.cases import CaseFilters, list_for
from qualityeval.services import case_import
from qualityeval.services.case_import import save_mapping
from tests.factories import NOW, create_actor, create_institution
from tests.services.registers import ID, MAPPING, PHONE, bring, line, write

pytestmark = pytest.mark.usefixtures("session")
LATER = NOW + timedelta(days=1)


@pytest.fixture
def county(session):
    return create_institution(code="330102", level=Level.COUNTY)


@pytest.fixture
def manager(county):
    return create_actor(institution=county)


def sizes():
    db.session.rollback()
    return [
        db.session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (Case, Institution, Provider, Practitioner, AuditEvent)
    ]


def case(number):
    db.session.expire_all()
    return db.session.execute(select(Case).where(Case.number == number)).scalar_one()


def codes(outcome):
    return [(row.row, *(problem.code for problem in row.problems)) for row in outcome.rejected]


def test_a_register_comes_in_and_a_second_time_changes_nothing(manager, tmp_path):
    path = write(tmp_path, line("A1"), line("A2", id=ID, phone=PHONE, subsidy="1200.50", note="加急"))
    first = bring(manager, path)
    assert (first.rows, first.created, first.is_stored, first.rejected) == (2, 2, True, ())
    found = case("A2")
    assert (found.recipient_id_number, found.recipient_phone) == (ID, PHONE)
    assert (found.subsidy, found.extra, found.closed_on) == (120_050, {"备注": "加急"}, date(2026, 6, 1))
    assert (found.provider.name, found.practitioner.name) == ("重庆某某律师事务所", "单田芳")
    second = bring(manager, path, now=LATER)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 2)
    assert case("A2").updated_at == NOW


def test_numbers_of_persons_are_sealed_in_the_table(manager, tmp_path):
    bring(manager, write(tmp_path, line("A1", id=ID, phone=PHONE)))
    stored = db.session.execute(text("SELECT * FROM legal_case")).one()
    assert not any(ID in str(cell) or PHONE in str(cell) for cell in stored)


@pytest.mark.parametrize("bad", range(9))
def test_one_bad_row_anywhere_leaves_nothing_behind(manager, tmp_path, monkeypatch, bad):
    monkeypatch.setattr(case_import, "BLOCK", 2)  # the bad row in the first, a middle or the last block
    lines = [line(f"A{n}", firm=f"所{n}", closed="2月" if n == bad else "2026-06-01") for n in range(9)]
    before = sizes()
    outcome = bring(manager, write(tmp_path, *lines))
    assert codes(outcome) == [(bad + 2, "date.unreadable")]
    assert (outcome.rows, outcome.created, outcome.is_refused) == (9, 8, True)
    assert sizes() == before


def test_the_others_are_stored_when_asked(manager, tmp_path):
    outcome = bring(
        manager, write(tmp_path, line("A1"), line("A2", kind="奇怪"), line("A3")), skip_rejected=True
    )
    assert (outcome.created, codes(outcome), outcome.is_stored) == (2, [(3, "code.unknown")], True)
    assert sizes()[0] == 2


def test_a_dry_run_says_the_same_and_stores_nothing(manager, tmp_path):
    path = write(tmp_path, line("A1"), line("A2", kind="奇怪"))
    before = sizes()
    outcome = bring(manager, path, dry_run=True)
    assert (outcome.created, codes(outcome), outcome.is_stored) == (1, [(3, "code.unknown")], False)
    assert sizes() == before


def test_every_fault_of_a_row_is_named_with_its_column(manager, tmp_path):
    outcome = bring(manager, write(tmp_path, line("A1", kind="", closed="明天", subsidy="很多")))
    assert {(p.column, p.code) for p in outcome.rejected[0].problems} == {
        ("类型", "cell.empty"), ("结案", "date.unreadable"), ("补贴", "money.unreadable"),
    }  # fmt: skip


def test_a_cell_longer_than_its_column_is_a_rejected_row(manager, tmp_path):
    """PostgreSQL would refuse the insert of the whole block otherwise."""
    lines = [line("A1", cause="案" * 401), line("A2", lawyer="名" * 101), line("A3", recipient="长" * 201),
             line("4" * 121), line("A5", firm="所" * 201), line("A6", licence="1" * 41)]  # fmt: skip
    outcome = bring(manager, write(tmp_path, *lines))
    assert codes(outcome) == [(row, "text.too_long") for row in range(2, 8)]


def test_texts_as_long_as_their_columns_are_taken(manager, tmp_path):
    outcome = bring(
        manager,
        write(
            tmp_path, line("4" * 120, cause="案" * 400, lawyer="名" * 100, firm="所" * 200, licence="1" * 40)
        ),
    )
    assert outcome.is_stored


def test_a_case_twice_in_one_file_is_rejected(manager, tmp_path):
    outcome = bring(manager, write(tmp_path, line("A1"), line("A1")))
    assert codes(outcome) == [(3, "case.repeated")]


def test_what_differs_exists_unless_updated(manager, tmp_path):
    bring(manager, write(tmp_path, line("A1", id=ID)))
    changed = write(tmp_path, line("A1", id=ID, cause="抢劫罪", firm="新所", lawyer="李四"))
    outcome = bring(manager, changed, now=LATER)
    assert codes(outcome) == [(2, "exists")]
    assert "盗窃罪 → 抢劫罪" in outcome.rejected[0].problems[0].message
    updated = bring(manager, changed, update=True, now=LATER)
    assert (updated.updated, updated.rejected) == (1, ())
    found = case("A1")
    assert (found.cause, found.provider.name, found.practitioner.name) == ("抢劫罪", "新所", "李四")
    assert (found.version, found.updated_at, found.registered_at) == (2, LATER, NOW)
    assert [row.number for row in list_for(manager, CaseFilters(text="抢劫 新所"))] == ["A1"]
    assert list_for(manager, CaseFilters(text="盗窃")) == []


def test_a_different_id_number_is_named_but_not_shown(manager, tmp_path):
    bring(manager, write(tmp_path, line("A1", id=ID)))
    outcome = bring(manager, write(tmp_path, line("A1", id="110101199003070011")))
    assert codes(outcome) == [(2, "exists")]
    assert ID not in outcome.rejected[0].problems[0].message


def test_empty_cells_fill_but_never_blank_unless_asked(manager, tmp_path):
    bring(manager, write(tmp_path, line("A1", subsidy="", cause="盗窃罪", closed="")))
    assert case("A1").defaulted == ["closed_on"]
    filled = bring(manager, write(tmp_path, line("A1", subsidy="5", closed="2026-05-01")), now=LATER)
    assert filled.updated == 1
    assert (case("A1").subsidy, case("A1").defaulted) == (500, [])
    kept = bring(
        manager, write(tmp_path, line("A1", cause="", subsidy="", closed="")), update=True, now=LATER
    )
    assert (kept.unchanged, case("A1").cause, case("A1").closed_on) == (1, "盗窃罪", date(2026, 5, 1))
    blanked = bring(
        manager, write(tmp_path, line("A1", cause="", subsidy="")), update=True, blank=True, now=LATER
    )
    assert (blanked.updated, case("A1").cause, case("A1").subsidy) == (1, "", None)


def test_a_manager_imports_only_below_the_own_institution(manager, tmp_path):
    create_institution(code="330105")
    outcome = bring(manager, write(tmp_path, line("A1", place="330105"), line("A2", place="999999")))
    assert codes(outcome) == [(2, "institution.unknown"), (3, "institution.unknown")]
    created = bring(manager, write(tmp_path, line("A1", place="330105")), create_institutions=True)
    assert codes(created) == [(2, "institution.unknown")]  # it exists, elsewhere: the same answer


def test_other_roles_are_refused(county, tmp_path):
    viewer = create_actor(role=Role.VIEWER, institution=county)
    with pytest.raises(NotAllowed):
        bring(viewer, write(tmp_path, line("A1")))


def test_institutions_are_created_with_level_and_parent_whatever_their_order(tmp_path):
    lines = [line("A1", place="330102", name="上城"), line("A2", place="330100", name="杭州"),
             line("A3", place="330000", name="浙江"), line("A4", place="330281", name="余姚"), line("A5", place="站1", name="站")]  # fmt: skip
    outcome = bring(COMMAND_LINE, write(tmp_path, *lines), under="330000", create_institutions=True)
    assert outcome.created == 5
    tree = {
        row.code: (row.level, row.name, row.parent.code if row.parent else None)
        for row in db.session.execute(select(Institution)).scalars()
    }
    assert tree == {
        "330000": ("province", "浙江", None), "330100": ("city", "杭州", "330000"), "330102": ("county", "上城", "330100"),
        "330281": ("county", "余姚", "330000"), "站1": ("county", "站", "330000"),
    }  # fmt: skip
    for row in db.session.execute(select(Institution)).scalars():
        assert row.path == f"{row.parent.path if row.parent else '/'}{row.id}/"


def test_a_code_of_another_province_is_not_created_here(tmp_path):
    outcome = bring(
        COMMAND_LINE, write(tmp_path, line("A1", place="110101")), under="330000", create_institutions=True
    )
    assert codes(outcome) == [(2, "institution.elsewhere")]
    assert db.session.execute(select(func.count()).select_from(Institution)).scalar_one() == 0


def test_only_the_shell_adds_a_root(manager, tmp_path):
    with pytest.raises(InvalidInput, match=r"institution\.under_unknown"):
        bring(manager, write(tmp_path, line("A1")), under="990000", create_institutions=True)


def test_namesakes_differ_by_licence_and_firm(manager, tmp_path):
    lines = [line("A1", licence="1"), line("A2", licence="2"), line("A3", licence="1"), line("A4", licence="1", firm="别所"),
             line("A5", firm=""), line("A6", lawyer="", firm="")]  # fmt: skip
    bring(manager, write(tmp_path, *lines))
    people = [case(f"A{n}").practitioner_id for n in range(1, 7)]
    assert people[0] == people[2]
    assert len(set(people)) == 5
    assert people[5] is None


@pytest.mark.parametrize(
    "asked",
    ["盗窃", "窃罪", "小明", "王", "wxm", "WX", "2026", "00123", "123", "某某律师", "cqmm", "stf", "田芳", ID,
     "110105 19491231 002x", PHONE, "138-0013-8000", "盗窃 小明", "上诉字"],
)  # fmt: skip
def test_a_case_is_found_by_what_people_type(manager, tmp_path, asked):
    bring(manager, write(tmp_path, line("〔2026〕上诉字00123号", id=ID, phone=PHONE), line("B9", recipient="赵六", cause="离婚", firm="甲所", lawyer="钱七")))  # fmt: skip
    assert [row.number for row in list_for(manager, CaseFilters(text=asked))] == ["〔2026〕上诉字00123号"]


@pytest.mark.parametrize("asked", ["抢劫", "李", "zz", "999", "()", "' OR 1=1 --", '"', "盗窃 离婚", "窃盗"])
def test_and_not_by_what_it_does_not_hold(manager, tmp_path, asked):
    bring(manager, write(tmp_path, line("A1")))
    assert list_for(manager, CaseFilters(text=asked)) == []


def test_the_import_is_one_event_with_its_digests(manager, tmp_path):
    bring(manager, write(tmp_path, line("A1")))
    event = db.session.execute(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).scalar_one()
    detail = json.loads(event.detail)
    assert (event.action, event.actor, detail["created"], detail["file"]) == (
        "register.imported", manager.name, 1, "register.csv",
    )  # fmt: skip
    assert len(detail["file_sha256"]) == len(detail["mapping_sha256"]) == 64


def test_a_missing_heading_is_refused_before_any_row(manager, tmp_path):
    with pytest.raises(InvalidInput, match=r"mapping\.no_heading"):
        bring(manager, write(tmp_path, line("A1")), mapping=MAPPING.replace("subsidy: 补贴", "subsidy: 津贴"))


def test_a_mapping_is_kept_with_the_institution(manager, county):
    with transaction():
        save_mapping(actor=manager, institution=db.session.merge(county), text=MAPPING, now=NOW)
    kept = db.session.get_one(Institution, county.id).mapping
    assert "number: 案号" in kept or '"案号"' in kept
    other = create_institution(code="440000")
    with pytest.raises(NotAllowed), transaction():
        save_mapping(actor=manager, institution=db.session.merge(other), text=MAPPING, now=NOW)
