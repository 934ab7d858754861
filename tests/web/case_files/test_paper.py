"""One paper: replaced or taken out, each with a reason."""

import io

import pytest

from qualityeval.queries import case_files as queries
from tests import papers
from tests.web.case_files.keeping import Keeping


@pytest.fixture
def keeping(app, session):
    made = Keeping(app)
    made.add(papers.pdf("x", Author="Someone"))
    return made


def path_of(keeping):
    return f"/papers/{keeping.papers[0].public_id}"


def test_it_says_what_experts_do_not_see(keeping):
    assert "含文档属性" in keeping.client.get(path_of(keeping)).get_data(as_text=True)


def test_a_new_version_takes_its_place(keeping):
    sent = {
        "do": "replace",
        "new-reason": "原件不清楚",
        "new-file": (io.BytesIO(papers.pdf("y", "z")), "y.pdf"),
    }
    assert keeping.client.post(path_of(keeping), data=sent).status_code == 302
    assert [paper.pages for paper in keeping.papers] == [2]
    (gone,) = queries.removed_from(keeping.case)
    text = keeping.client.get(f"/papers/{gone.public_id}").get_data(as_text=True)
    assert "原件不清楚" in text
    assert 'value="remove"' not in text


def test_without_a_reason_nothing_leaves(keeping):
    for reason in ("", "短"):
        answer = keeping.client.post(path_of(keeping), data={"do": "remove", "out-reason": reason})
        assert answer.status_code == 422
    assert len(keeping.papers) == 1
    answer = keeping.client.post(path_of(keeping), data={"do": "remove", "out-reason": "放错了案卷"})
    assert answer.status_code == 302
    assert keeping.papers == []
