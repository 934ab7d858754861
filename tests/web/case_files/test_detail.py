"""A case's papers as a check list, and filing one."""

import pytest

from qualityeval.core.codes import Role
from tests import papers
from tests.web.case_files.keeping import Keeping


@pytest.mark.parametrize("role", [Role.LIAISON, Role.MANAGER])
def test_the_check_list_says_what_is_missing(app, session, role):
    keeping = Keeping(app, role)
    text = keeping.client.get(f"/papers/case/{keeping.public_id}").get_data(as_text=True)
    assert "还缺 13 项必有的材料" in text  # counted in domain.md §9: 5 and 8
    assert "审批卷：法律援助申请表或办案机关通知辩护（代理）公函" in text
    answer = keeping.add(papers.pdf("x"), title="第一审")
    assert answer.status_code == 302
    text = keeping.client.get(f"/papers/case/{keeping.public_id}").get_data(as_text=True)
    assert "还缺 12 项必有的材料" in text
    assert "第一审" in text


def test_what_cannot_be_read_is_said_at_the_file(app, session):
    keeping = Keeping(app)
    for content, said in ((b"MZ", "不是 PDF"), (b"", "文件是空的"), (b"%PDF-1.4", "PDF 已损坏")):
        answer = keeping.add(content)
        assert answer.status_code == 422
        assert said in answer.get_data(as_text=True)
    assert keeping.client.post(f"/papers/case/{keeping.public_id}", data={}).status_code == 422
    assert keeping.papers == []


def test_a_file_name_stays_text(app, session):
    keeping = Keeping(app)
    keeping.add(papers.pdf("x"), name="../../<b>x</b>.pdf")
    text = keeping.client.get(f"/papers/case/{keeping.public_id}").get_data(as_text=True)
    assert "<b>x" not in text
    assert keeping.papers[0].name == "b>.pdf"
