"""Looking for words in the text layer of a dealt file."""

import pytest

from tests import papers
from tests.web.scoring import desk as desks


@pytest.fixture
def desk(app, session):
    return desks.set_up(app)


def test_the_page_and_what_stands_around_the_words(desk):
    desk.file(papers.pdf("nothing here"), code="indictment")
    desk.file(desks.planted())
    text = desk.client.post(f"{desk.path}/find", data={"words": "  BETA  two "}).get_data(as_text=True)
    assert f'href="{desk.path}#p-3"' in text
    assert "<mark>beta two</mark>" in text
    assert text.count("<mark>") == 1


def test_nothing_found_is_said_and_properties_are_not_searched(desk):
    desk.file(desks.planted())
    for words in ("Planted", "no such"):
        text = desk.client.post(f"{desk.path}/find", data={"words": words}).get_data(as_text=True)
        assert "没有找到" in text
        assert "<mark>" not in text


def test_words_stay_words(desk):
    desk.file(desks.planted())
    answer = desk.client.post(f"{desk.path}/find", data={"words": "<script>alert(1)</script>"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.get_data(as_text=True)
    assert "<mark>" not in desk.client.post(f"{desk.path}/find", data={}).get_data(as_text=True)
