"""The desk of a round that hides identities: pages, search, withheld scans, a page shown after all. BL5."""

import io
import json

import pytest
import typst
from PIL import Image, ImageChops
from sqlalchemy import select, update

from qualityeval.adapters.typesetting import font_folder
from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, Stale
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, AuditEvent, Case, CaseFile, PageReading, Round
from qualityeval.services import audit, case_files, masking
from qualityeval.services.near_copies import near_copies_of
from tests import factories, papers
from tests.factories import NOW
from tests.structure.objects import sign_in, token_of
from tests.web.scoring import desk as desks

FIRST = "pseudonym"
NOTE = "会见笔录\n\n会见人：王小明，被会见人：李雷，公民身份号码：330102199001011234\n\n证人：钱多多，时间 2026 年 3 月"


@pytest.fixture(scope="module")
def note():
    """A paper with a Chinese text layer."""
    return typst.compile(
        NOTE.encode(), format="pdf", font_paths=[str(font_folder())], ignore_system_fonts=True
    )


@pytest.fixture
def desk(app, session):
    made = desks.set_up(app)
    _level(FIRST)
    with transaction():
        db.session.execute(update(Case).values(recipient_name="李雷"))
        audit.record(COMMAND_LINE, "case.changed", now=NOW, object_type="case", object_id="x")
    return made


def _level(level):
    with transaction():
        said = {"recusal": {"provider": True, "region": "county"}, "blind": level, "code": "R2026"}
        said |= dict.fromkeys(("frame_digest", "secret_digest", "deal_secret_digest"), "0" * 64)
        said |= {"seed_source": {"kind": "dice"}, "strata": [{"key": "-", "N": 1, "n": 1}]}
        plan = json.dumps(said, sort_keys=True, separators=(",", ":"))
        db.session.execute(
            update(Round).values(
                plan=plan, spec=Round.spec + f"blind: {level}\n" if level == FIRST else Round.spec
            )
        )
        audit.record(COMMAND_LINE, "round.frozen", now=NOW, object_type="round", object_id="R2026")


def _found(desk, words):
    return "<mark" in desk.client.post(f"{desk.path}/find", data={"words": words}).text


def _paper():
    return db.session.execute(select(CaseFile)).scalars().first()


def test_names_and_numbers_are_gone_from_the_page_and_from_the_search(desk, note):
    desk.file(note)
    answer = desk.client.get(f"{desk.path}/page?n=1")
    assert answer.status_code == 200
    for hidden in ("李雷", "钱多多", "330102199001011234"):
        assert not _found(desk, hidden), hidden
    for token in ("受援人甲", "证件号码", "2026"):
        assert _found(desk, token), token
    _level("metadata")
    plain = desk.client.get(f"{desk.path}/page?n=1")
    one, two = (Image.open(io.BytesIO(page.data)).convert("L") for page in (answer, plain))
    assert ImageChops.difference(one, two).getbbox() is not None
    assert _found(desk, "李雷")


def test_a_scan_waits_for_a_person_and_what_they_paint_over_is_grey(desk):
    desk.file(papers.scan())
    assert desk.client.get(f"{desk.path}/page?n=1").status_code == 404
    assert "等待遮盖" in desk.client.get(desk.path).text
    with transaction():
        masking.look_at_page(
            actor=COMMAND_LINE, paper=_paper(), page=1, areas=[(100, 100, 300, 200)], seen_version=0, now=NOW
        )
    shown = Image.open(io.BytesIO(desk.client.get(f"{desk.path}/page?n=1").data)).convert("L")
    assert shown.getpixel((shown.width // 4, shown.height // 5)) < 225  # grey under the reader's mark
    with pytest.raises(Stale), transaction():
        masking.look_at_page(actor=COMMAND_LINE, paper=_paper(), page=1, areas=[], seen_version=0, now=NOW)


def test_at_the_full_level_every_page_waits_for_a_person(desk, note):
    desk.file(note)
    _level("full")
    assert desk.client.get(f"{desk.path}/page?n=1").status_code == 404
    assert not _found(desk, "会见笔录")


def test_a_page_is_shown_to_one_reader_with_a_reason_and_stays_in_the_story(app, desk, note):
    desk.file(note)
    line = db.session.execute(select(Assignment)).scalar_one()
    round_ = db.session.get_one(Round, line.round_id)
    manager = app.test_client()
    owner = round_.institution
    sign_in(manager, token_of(factories.create_account(role=Role.MANAGER, name="m", institution=owner)))
    paper_id, public_id = _paper().public_id, line.public_id
    sent = {"paper": paper_id, "page": "1", "reason": ""}
    assert manager.post(f"/assignments/{public_id}/story", data=sent).status_code == 422
    sent["reason"] = "核对签名的真伪"
    assert manager.post(f"/assignments/{public_id}/story", data=sent).status_code == 303
    desk.client.get(f"{desk.path}/page?n=1")
    assert _found(desk, "李雷")
    text = manager.get(f"/assignments/{public_id}/story").text
    for said in ("核对签名的真伪", "打开过 1 页", "派给专家"):
        assert said in text
    assert db.session.execute(
        select(AuditEvent.seq).where(AuditEvent.action == "masking.unmasked")
    ).scalar_one()


def test_the_read_log_names_each_page_once(desk):
    desk.file(papers.pdf("one page with enough letters", "another page with enough letters"))
    for number in (1, 2, 1):
        desk.client.get(f"{desk.path}/page?n={number}")
    pages = db.session.execute(select(PageReading.page).order_by(PageReading.page)).scalars().all()
    assert pages == [1, 2]


def test_keepers_see_names_tokens_recall_and_mask_a_page(app, desk, note):
    desk.file(note)
    desk.file(papers.scan(), code="judgment", name="x.jpg")
    case = db.session.get_one(Case, desk.case_id)
    keeper = app.test_client()
    sign_in(
        keeper, token_of(factories.create_account(role=Role.MANAGER, name="k", institution=case.institution))
    )
    path, scan = f"/papers/case/{case.public_id}/masking", db.session.execute(
        select(CaseFile.public_id).where(CaseFile.kind == "image")
    ).scalar_one()  # fmt: skip
    text = keeper.get(path).text
    for said in ("受援人甲", "钱多多", "不能当作找全"):
        assert said in text
    assert keeper.post(path, data={"text": "钱多多", "kind": "kept"}).status_code == 302
    assert _found(desk, "钱多多")
    masks = f"/papers/{scan}/masks"
    wrong = {"n": "1", "version": "0", "left": "95", "top": "1", "width": "20", "height": "5"}
    assert keeper.post(masks, data=wrong).status_code == 422
    assert keeper.post(masks, data={**wrong, "left": "5"}).status_code == 302
    assert 'value="5"' in keeper.get(f"{masks}?n=1").text
    assert keeper.get(f"/papers/{scan}/masked?n=1").mimetype == "image/jpeg"
    assert keeper.get(f"/papers/{scan}/masked?n=9").status_code == 404
    with pytest.raises(InvalidInput), transaction():
        masking.add_name(actor=COMMAND_LINE, case=case, kind="person", text="王", now=NOW)


def test_near_copies_of_one_practitioner_are_shown_with_both_passages(app, desk):
    """Two cases of one lawyer in one round with the same long opinion; another lawyer's isn't held against them."""
    words = "\n\n".join(
        f"本案第{number}个焦点在于证据{number * 7}能否采信并据此认定事实" for number in range(12)
    )
    paper = typst.compile(
        words.encode(), format="pdf", font_paths=[str(font_folder())], ignore_system_fonts=True
    )
    line = db.session.execute(select(Assignment)).scalar_one()
    round_, case = db.session.get_one(Round, line.round_id), db.session.get_one(Case, desk.case_id)
    other = factories.create_case(institution=case.institution, number="OTHER-1")
    factories.create_assignment(expert=line.expert, case=other, round_=round_)
    with transaction():
        _firm, lawyer = factories.handler("王小明", "1330", "某所", now=NOW)
        db.session.execute(update(Case).values(practitioner_id=lawyer.id))
        audit.record(COMMAND_LINE, "case.changed", now=NOW, object_type="case", object_id="x")
    for where in (desk.case_id, other.id):
        with transaction():
            case_files.add_paper(
                actor=COMMAND_LINE, case=db.session.get_one(Case, where),
                paper=case_files.NewPaper("a.pdf", paper, "argument"), now=NOW,
            )  # fmt: skip
    found = near_copies_of(actor=COMMAND_LINE, round_=round_, sampled=line.sampled_case)
    assert [(one.number, one.found.share) for one in found] == [("OTHER-1", 1.0)]
    assert found[0].found.passages
    assert found[0].found.passages[0].second.startswith("本案第")
