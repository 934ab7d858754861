"""TE7: a paper that was swapped in the store is never shown; its reader is told, and so is whoever looks after the instance."""

import io
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from sqlalchemy import select

from qualityeval.cli.doctor import _is_whole
from qualityeval.core.errors import WrongState
from qualityeval.database import db
from qualityeval.models import CaseFile, StoredFile
from qualityeval.services.files import file_store
from qualityeval.services.paper_pages import Kept, page_cache, page_of, texts_of
from tests import papers
from tests.web.scoring import desk as desks


@pytest.fixture
def swapped(app, session):
    """A filed paper, where its bytes lie, and what they are."""
    desk = desks.set_up(app)
    desk.file(desks.planted())
    row = db.session.execute(select(CaseFile)).scalar_one()
    with file_store().open(row.file.public_id) as file:
        return desk, row, file.name, file.read()


def overwrite(path, content):
    Path(path).write_bytes(content)


def test_every_swap_is_noticed_before_a_page_is_drawn(swapped):
    _desk, row, path, content = swapped
    paper, dice = Kept(row.sha256, row.file.public_id, row.pages), Random(7)
    stored = db.session.execute(select(StoredFile)).scalar_one()
    for number in range(100):
        changed = bytearray(content)
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
        overwrite(path, bytes(changed) if number else papers.scan())
        with pytest.raises(WrongState, match=r"file\.changed"):
            page_of(paper, 1, sharp=False, mark="x")
        assert not _is_whole(stored, quick=False)
    with pytest.raises(WrongState, match=r"file\.changed"):
        texts_of(paper)
    overwrite(path, content)
    assert page_of(paper, 1, sharp=False, mark="x")
    assert _is_whole(stored, quick=False)


def test_the_expert_reads_it_in_place_of_the_page(swapped):
    desk, row, path, content = swapped
    shown = desk.client.get(f"{desk.path}/page?n=1")
    page_cache().forget(row.sha256)
    overwrite(path, content + b"\n")
    answer = desk.client.get(f"{desk.path}/page?n=1")
    assert (shown.status_code, answer.status_code, answer.mimetype) == (200, 409, "image/jpeg")
    picture = Image.open(io.BytesIO(answer.data)).convert("L")
    assert picture.getextrema()[0] < 100  # something is written on it
    said = desk.client.post(f"{desk.path}/find", data={"words": "alpha"})
    assert "与存入时的摘要不符" in said.get_data(as_text=True)
