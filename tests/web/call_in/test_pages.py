"""The pages of the call-in: an institution hands in, the owning body takes in, replaces, supplements, lends."""

import io

import pytest

from qualityeval.database import db
from qualityeval.models import FileLoan
from qualityeval.queries import call_in as queries
from qualityeval.services.file_events import state_of
from tests.services.files import files_world

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def world(app):
    return files_world(app, call=False, deadline="2099-12-31")  # the pages read the clock


def post(browser, path, **fields):
    return browser.post(path, data=fields, follow_redirects=True)


def round_path(world, rest=""):
    return f"/rounds/{world.round().public_id}{rest}"


def said(answer):
    return answer.get_data(as_text=True)


def test_the_notice_goes_out_by_a_press_and_then_institutions_see_their_cases(world):
    liaison, first = world.browser("liaison0"), world.browser()
    assert "没有要交的案卷" in said(liaison.get("/hand-in"))
    file = world.keys(0)[0]
    assert liaison.get(f"/hand-in/{file}").status_code == 404
    answer = post(first, round_path(world, "/call-in/notice"))
    assert "已通知 2 家机构交卷。" in said(answer)
    page = said(liaison.get("/hand-in"))
    assert all(world.key_of(one).partition(":")[2] in page for one in world.keys(0))
    assert liaison.get(f"/hand-in/{world.keys(1)[0]}").status_code == 404
    assert post(liaison, f"/hand-in/{file}", pages="0").status_code == 422
    assert "已交卷。" in said(post(liaison, f"/hand-in/{file}", pages="88", note="两卷"))
    assert state_of(world.file(file).id) == "handed_in"
    assert world.browser("county").get("/hand-in").status_code == 200
    assert liaison.get(f"/drawn-files/{file}").status_code in (403, 404)


def test_one_file_from_receipt_to_replacement(world):
    world.call()
    first, second, file = world.browser(), world.browser("second"), world.keys(0)[0]
    path = f"/drawn-files/{file}"
    assert post(first, path, act="receive", pages="x").status_code == 422
    assert "已收卷。" in said(post(first, path, act="receive", pages="30", digest="c" * 64))
    assert "c" * 64 in said(first.get(path))
    assert "已退回" in said(post(first, path, act="give_back", note="缺第 3 页"))
    assert "缺第 3 页" in said(world.browser("liaison0").get(f"/hand-in/{file}"))
    answer = post(first, path, act="missing")
    assert (answer.status_code, "还没有过" in said(answer)) == (422, True)
    assert "已登记借出" in said(post(first, path, act="lend", taken_by="专家甲", place="阅卷室"))
    assert "专家甲" in said(first.get(path))
    assert "已登记归还" in said(post(second, path, act="take"))
    assert db.session.execute(db.select(FileLoan.returned_at)).scalar_one() is not None
    assert "等另一位管理员" in said(post(first, path, act="replace", reason="duplicate"))
    assert "管理员first提出替换" in said(second.get(path))
    assert "不一致" in said(post(second, path, act="replace", reason="sealed"))
    post(first, path, act="replace", reason="duplicate")
    assert "已由下一个备选案件替换" in said(post(second, path, act="replace", reason="duplicate"))
    assert queries.counts(world.round()).replaced == 1
    assert post(first, path, act="replace", reason="duplicate").status_code == 422
    assert post(first, path, act="?").status_code == 422


def test_a_round_page_lists_narrows_and_supplements(world):
    assert "发调卷通知" in said(world.browser().get(round_path(world, "/call-in")))
    world.call()
    first = world.browser()
    world.bring_in(world.keys(0)[0])
    page = said(first.get(round_path(world, "/call-in?state=handed_in")))
    assert "导出 1 行" in page
    assert "没有符合条件的案卷" in said(first.get(round_path(world, "/call-in?state=out")))
    stratum = world.counties[0].code
    wrong = post(first, round_path(world, "/supplement"), stratum=stratum, size="3", reason="加测")
    assert (wrong.status_code, "须在两者之间" in said(wrong)) == (422, True)
    answer = post(first, round_path(world, "/supplement"), stratum=stratum, size="8", reason="加测")
    assert "已增补 2 件。" in said(answer)
    assert first.get(round_path(world, "/call-in/overdue")).status_code == 409
    assert post(first, round_path(world, "/supplement"), stratum="", size="").status_code == 422


def test_a_table_of_hand_ins_is_looked_at_first(world):
    world.call()
    first, path = world.browser(), round_path(world, "/call-in/import")
    one, two = (world.key_of(file) for file in world.keys(0)[:2])

    def send(text):
        return first.post(path, data={"file": (io.BytesIO(text.encode()), "files.csv")})

    assert first.get(path).status_code == 200
    kept = send(f"case,pages,handed_in_on\n{one},12,\n{two},0,\nx:1,3,\n").headers["Location"]
    page = said(first.get(kept))
    assert "没有存入任何内容" in page
    kept = send(f"case,pages\n{one},12\n{two},7\n").headers["Location"]
    assert "现在还没有存入" in said(first.get(kept))
    assert queries.counts(world.round()).handed_in == 0
    assert "已收卷 2 件。" in said(post(first, kept))
    assert queries.counts(world.round()).handed_in == 2


def test_both_sides_take_the_same_handover_list_away(world):
    world.call()
    world.bring_in(world.keys(0)[0], pages=77)
    number = world.key_of(world.keys(0)[0]).partition(":")[2]
    first, liaison = world.browser(), world.browser("liaison0")
    code = world.counties[0].code
    for browser, path in (
        (first, round_path(world, f"/call-in/handover?institution={code}")), (liaison, "/hand-in/handover"),
    ):  # fmt: skip
        page = said(browser.get(path))
        assert all(one in page for one in (number, "77", "接收人", world.counties[0].name))
        assert world.counties[1].name not in page
    for browser, path in (
        (first, round_path(world, "/call-in.pdf")), (liaison, "/hand-in.pdf"),
    ):  # fmt: skip
        assert browser.get(path).data.startswith(b"%PDF")
    for browser, path in ((first, round_path(world, "/call-in.xlsx")), (liaison, "/hand-in.xlsx")):
        assert browser.get(path).data.startswith(b"PK")
    assert world.browser("county").get("/hand-in.xlsx").status_code == 200
    assert liaison.get("/hand-in.xlsx?round=" + "0" * 20).status_code == 404
