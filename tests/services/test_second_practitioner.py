"""A case's second practitioner: brought in with the register, and recused from like the first (BL-040)."""

import pytest
from sqlalchemy import func, select

from qualityeval.core.codes import Level
from qualityeval.core.deal_meetings import Meetings, is_kept
from qualityeval.core.dealing import Expert as Reader
from qualityeval.core.dealing import File, deal
from qualityeval.core.recusal import Handler, Judge, Matter, RecusalRules, Tie, eligible, reasons
from qualityeval.database import db, transaction
from qualityeval.models import Case, Practitioner
from qualityeval.queries import assignments, cases, masking, meetings, sheets
from qualityeval.services import audit
from tests import factories
from tests.factories import NOW
from tests.services import registers
from tests.services.dealt import dealt_round

MATTER = Matter(
    "33:1", "33", "甲所", "L1", case="11", practitioner="7", beside=(Handler("乙所", "L2", "8"),)
)  # fmt: skip


@pytest.mark.parametrize(
    ("judge", "expected"),
    [
        (Judge("is it", licence="L2"), ("own_case",)),
        (Judge("same firm", provider="乙所"), ("provider",)),
        (Judge("left", ties=(Tie("past_provider", "provider", "乙所"),)), ("past_provider",)),
        (Judge("worked together", ties=(Tie("co_counsel", "practitioner", "8"),)), ("co_counsel",)),
        (Judge("kin", ties=(Tie("kinship", "practitioner", "8"),)), ("kinship",)),
        (Judge("stranger", provider="丙所", licence="L3"), ()),
    ],
)
def test_whatever_keeps_from_the_first_keeps_from_the_second(judge, expected):
    """CCSDForge/episciences#518: somebody named second on the work was a reviewer of it (BL-040)."""
    assert reasons(judge, MATTER, RecusalRules()) == expected
    assert eligible([judge], MATTER, RecusalRules()) == (() if expected else (0,))


def test_meetings_count_with_both_practitioners():
    """Three files of 7, one of them with 8 beside: at one meeting a year with a practitioner, nobody reads two."""
    limits = {"practitioner": 1}
    found = meetings.Met(limits).groups(MATTER)
    assert found == (("practitioner", "7"), ("practitioner", "8"))
    groups = [found, found[:1], found[:1], found[1:]]
    files = [File(f"k{n}", 1, range(4)) for n in range(4)]
    readers = deal(
        files, [Reader(f"E{n}") for n in range(4)], deal_seed="s" * 64, meetings=Meetings(limits, groups)
    ).readers
    assert all(readers)
    assert is_kept(readers, Meetings(limits, groups))


MAPPING = registers.MAPPING.replace(
    "extra: [备注]\n",
    "  second_practitioner: 承办人2\n  second_licence: 承办人2执业证\n  second_provider: 承办人2单位\n",
)
HEADER = f"{registers.HEADER},承办人2,承办人2执业证,承办人2单位"


@pytest.mark.usefixtures("session")
def test_the_register_brings_both_and_a_case_is_one_case(tmp_path):
    county = factories.create_institution(code="330102", level=Level.COUNTY)
    manager, path = factories.create_actor(institution=county), tmp_path / "register.csv"
    lines = [
        f"{registers.line('A1', firm='甲所', lawyer='张三')},李四,L2,乙所",
        f"{registers.line('A2', firm='甲所', lawyer='张三')},王五,L3,",
        f"{registers.line('A3', firm='甲所', lawyer='张三')},,,",
    ]
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    first = registers.bring(manager, path, mapping=MAPPING)
    assert (first.created, first.rejected) == (3, ())
    handled = {
        case.number: case.second_practitioner
        and (case.second_practitioner.name, case.second_practitioner.provider.name)
        for case in db.session.execute(select(Case)).scalars()
    }
    assert handled == {"A1": ("李四", "乙所"), "A2": ("王五", "甲所"), "A3": None}
    assert db.session.execute(select(func.count()).select_from(Practitioner)).scalar_one() == 3
    again = registers.bring(manager, path, mapping=MAPPING)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    assert cases.count_for(manager, cases.CaseFilters()) == 3
    assert cases.count_for(manager, cases.CaseFilters(text="李四")) == 1


@pytest.mark.usefixtures("session")
def test_an_expert_who_is_the_second_practitioner_loses_the_file():
    """On the desk, in the dealing and in the second checker alike; the name is hidden like the first's (BL-040)."""
    world = dealt_round()
    line, before = world.lines()[0], len(sheets.list_for(world.me))
    case, expert = world.case(line), world.expert()
    with transaction():
        _firm, person = factories.handler("赵六", "L-second", "丁所", now=NOW)
        case.second_practitioner_id, expert.licence = person.id, "L-second"
        audit.record(world.first, "case.people", now=NOW, object_type="case")
    db.session.expire_all()
    assert (world.expert().code, "own_case") in {(who, rule) for _case, who, rule in world.broken()}
    assert line.public_id not in {row.public_id for row in sheets.list_for(world.me)}
    assert len(sheets.list_for(world.me)) == before - 1
    (file,) = assignments.drawn_files(world.round_, only=line.sampled_case_id)
    assert file.matter.handlers[1] == Handler("丁所", "L-second", str(case.second_practitioner_id))
    assert ("practitioner", "赵六") in masking.register_names(case.id)
    assert ("number", "L-second") in masking.register_names(case.id)
