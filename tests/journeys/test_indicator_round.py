"""A round whose rubric grades indicators, from its freeze to its released results: no points on any page or paper."""

import json
import re

import pytest

from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, CaseResult, SampledCase, Sheet
from qualityeval.queries import assignment_counts, assignments, result_items, results, sheet_lines
from qualityeval.queries import rounds as round_queries
from qualityeval.services import dealing, own_rubrics, review_opinions, sheet_import
from tests import factories
from tests.core.rubric_samples import indicator_mapping
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories
from tests.services.test_circulars import LATER, release
from tests.web.review_world import ReviewWorld
from tests.web.signed_in import browser_of

LETTERS = {"a": "优秀", "b": "良好", "c": "合格", "d": "不合格"}
CODES = [one["code"] for one in indicator_mapping()["sections"]]
# by case in the order of keys: what its first and second reader give the seven indicators
ROWS = {0: ("aaaabbb", "aaaabba"), 1: ("aaaabbb", "baaabbb"), 2: ("abaabbb", "abanbbb")}
PLAIN = ("ccccbbb", "ccccbbb")


pytestmark = pytest.mark.both_engines


@pytest.fixture
@kept
def world(app, session):
    root, counties = stories.bureau(cases=(5, 5))
    for name in ("first", "second"):
        factories.create_account(role=Role.MANAGER, institution=root, name=name)
    factories.create_experts(range(6))
    made = ReviewWorld(app, tuple(counties))
    with transaction():
        mapping = indicator_mapping() | {"code": "our-grades"}
        own_rubrics.bring(actor=made.actor(), mapping=mapping, institution=root, now=NOW)
    text = stories.spec(root.code).replace("criminal-trial@1", "our-grades@1").replace("27.7%", "60%")
    stories.drawn(made.actor("first"), made.actor("second"), text)
    with transaction():
        dealing.assign(actor=made.actor(), round_=round_queries.by_code_for(made.actor(), made.code), now=NOW)
    return made


def lines_of(round_, slots=("1", "2")):
    """Lines of `import sheets`; the archive of the last case is left without papers and said so."""
    keys = sorted({line.case for line in assignments.rows_of(round_)}, key=str.encode)
    for line in assignments.rows_of(round_):
        if line.slot not in slots or line.state == "submitted":
            continue
        at = keys.index(line.case)
        letters = ROWS.get(at, PLAIN)[int(line.slot) - 1] if line.slot in ("1", "2") else "aaaabbb"
        for code, letter in zip(CODES, letters, strict=True):
            cells = {"na": "1", "reason": "没有开庭"} if letter == "n" else {"grade": LETTERS[letter]}
            yield {"case": line.case, "expert": line.expert, "item": code, **cells}


def bring(world, **more):
    with transaction():
        round_ = round_queries.by_code_for(world.actor(), world.code)
        report = sheet_import.import_sheets(
            actor=world.actor(), round_=round_, lines=list(enumerate(lines_of(round_, **more), 2)), now=NOW
        )
    assert report.rejected == ()


def test_from_the_freeze_to_released_results(world):
    bring(world)
    # cases 0 and 2: what is in dispute can't change the grade; case 1: 优秀 or 良好, so that it is arbitrated
    status = assignment_counts.arbitration_counts(world.round())
    assert status == {"open": 1, "done": 0}
    bring(world, slots=("arbitration",))
    assert assignment_counts.arbitration_counts(world.round()) == {"open": 0, "done": 1}
    kept_ = db.session.execute(db.select(CaseResult)).scalars().all()
    assert {one.total for one in kept_} == {None}
    assert {one.total for one in db.session.execute(db.select(Sheet)).scalars()} == {None}
    assert sorted(one.grade for one in kept_) == ["优秀", "优秀", "合格", "合格", "合格", "良好"]
    by = {one.grade + one.step: (one.by, one.marks) for one in kept_}
    assert by["优秀arbitrated"] == (
        "mean_of_three",
        dict(zip(CODES, map(LETTERS.get, "aaaabbb"), strict=True)),
    )
    assert "hearing" not in by["良好first"][1], "nobody agreed whether there was a hearing"
    release(world)
    found = results.results(world.actor(), world.round())
    assert (found["state"], found["rubric_set"]) == ("released", "our-grades@1")
    assert found["marks"] == {
        "n": 0, "median": None, "lower": None, "upper": None, "pairs": 0, "mean_gap": None,
    }  # fmt: skip
    assert found["agreement"]["pairs"] == 6
    grades = {name: count for name, count in found["overall"]["grades"].items() if count}
    assert grades == {"优秀": 2, "良好": 1, "合格": 3}
    assert found["agreement"]["icc"] is None
    assert {(one["adjusted"], one["reason"]) for one in found["severity"]} == {(None, "no_points")}
    assert found["variance"]["reason"] == "no_points"
    json.dumps(found)
    assert result_items.items_for(world.actor(), world.round()).items == ()
    written = list(sheet_lines.lines_of_round(world.round(), submitted=True))
    assert {line[7] for line in written if line[2] in CODES} <= {*LETTERS.values(), ""}


def test_pages_and_papers_say_in_words_that_there_are_no_marks(world):
    bring(world)
    bring(world, slots=("arbitration",))
    release(world)
    browser = world.browser()
    round_ = world.round()
    base = f"/rounds/{round_.public_id}"
    for path in (f"{base}/results", f"{base}/results/items", base):
        answer = browser.get(path)
        assert (answer.status_code, "None" in answer.get_data(as_text=True)) == (200, False), path
    assert "按指标定等，没有分数" in browser.get(f"{base}/results").get_data(as_text=True)
    # the reading was given 优秀 by two sheets of case 0, two of case 1, and 良好 by both of case 2; 合格 by six
    row = re.search(
        r"reading.*?</tr>", browser.get(f"{base}/results/items").get_data(as_text=True), re.DOTALL
    )
    assert re.findall(r'<td[^>]*data-label="[^"]+">(\d+)</td>', row.group()) == ["4", "2", "6", "0", "0"]
    arbitrated = db.session.execute(db.select(CaseResult).filter_by(step="arbitrated")).scalar_one()
    sampled = db.session.get_one(SampledCase, arbitrated.sampled_case_id)
    opinion = review_opinions.read_opinion(round_=round_, sampled=sampled, for_institution=True, now=LATER)
    text = "".join(line for part in opinion.parts for line in part.paragraphs)
    assert "评定等次为“优秀”" in text
    assert "得分" not in text
    assert "各项指标的等次不一致" in text
    (matrix,) = opinion.parts[2].tables
    assert matrix.columns == ("指标", "评分表1", "评分表2", "复评评分表", "合议")
    assert sorted(matrix.rows[0][1:3]) == ["优秀", "良好"]
    assert matrix.rows[0][3:] == ("优秀", "优秀")
    line = db.session.execute(
        db.select(Assignment).filter_by(sampled_case_id=sampled.id, slot="1")
    ).scalar_one()
    story = browser.get(f"/assignments/{line.public_id}/story").get_data(as_text=True)
    assert "各项指标的等次不一致" in story
    assert "None" not in story


def test_an_expert_grades_on_the_desk(world, app):
    line = db.session.execute(db.select(Assignment).order_by(Assignment.id)).scalars().first()
    account = factories.create_account(role=Role.EXPERT, expert_code=line.expert.code)
    client, path = browser_of(app, account), f"/scoring/{line.public_id}"
    page = client.get(path).get_data(as_text=True)
    assert 'name="grade-meeting"' in page
    assert 'name="mark-' not in page
    typed = {f"grade-{code}": "优秀" for code in CODES} | {"grade-hearing": "na", "version": "0"}
    told = client.post(f"{path}/draft", data=typed).get_json()
    assert told["version"] == 1
    typed |= {"version": "1", "do": "submit"}
    answer = client.post(path, data=typed)
    assert (answer.status_code, "请写明“hearing”不适用的理由" in answer.get_data(as_text=True)) == (422, True)
    typed |= {"version": "2", "reason-hearing": "没有开庭", "own": "合格", "own-reason": "会见过迟"}
    answer = client.post(path, data=typed)
    assert "最多只能上调或下调一级" in answer.get_data(as_text=True)
    again = answer.get_data(as_text=True)
    assert 'id="grade-hearing-0" value="na" checked' in again, "what was chosen stands"
    typed |= {"version": "3", "own": "良好"}
    assert client.post(f"{path}/total", data=typed).get_json()["text"] == "良好"
    assert client.post(path, data=typed).status_code == 302
    sheet = db.session.execute(db.select(Sheet)).scalar_one()
    assert (sheet.grade, sheet.total, sheet.content["own"]["reason"]) == ("良好", None, "会见过迟")
    for more in ("/paper", ""):
        shown = client.get(path + more).get_data(as_text=True)
        assert "会见过迟" in shown
        assert "None" not in shown
