"""What the dates propose, on the sheet: shown beside the item, taken over by a tick, never by itself."""

from datetime import date

from tests.web.clients import text_of
from tests.web.scoring.desk import set_up


def test_a_late_closing_file_is_proposed_and_counts_only_when_it_is_taken_over(app, session):
    desk = set_up(app)
    desk.dated(
        closed_on=date(2026, 3, 2), submitted_on=date(2026, 3, 20)
    )  # in Zhejiang fifteen days, to 17 March
    page = text_of(desk.client.get(desk.path))
    assert "提议：−1 逾期十日以内" in page
    assert "结案日期 2026-03-02 · " in page
    saved = {"version": "0", "do": "save", "mark-papers-delivered": "2"}
    desk.client.post(desk.path, data=saved)
    assert 'name="cut-why-filed-in-time" value=""' in text_of(desk.client.get(desk.path))
    answer = desk.client.post(desk.path, data={**saved, "version": "1", "adopt-filed-in-time": "1"})
    assert answer.status_code == 302
    page = text_of(desk.client.get(desk.path))
    assert 'name="cut-why-filed-in-time" value="逾期十日以内"' in page
    assert 'name="reason-filed-in-time" value="结案后交卷：结案日期 2026-03-02' in page
