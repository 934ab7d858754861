"""Who reads which case can't be computed from all public files together: a test that tries.

The attacker holds every file that a visitor or a viewer may download of a released round, knows the whole pool, the
rules and this program, and lacks one thing. Each 64-digit word of the files, and each digest that the product's own
recipes make of two of them, is tried as the secret of the deal; with the true one the same attack succeeds.
"""

import io
import re
from itertools import product

import docx
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.core.deal_stream import deal_seed_from
from qualityeval.core.dealing import Expert, File, deal
from qualityeval.core.digests import digest
from qualityeval.database import db
from qualityeval.models import Expert as ExpertRow
from qualityeval.queries import assignments
from qualityeval.queries.rounds import seed_of
from tests import factories
from tests.services.test_circulars import make, release, world  # noqa: F401 -- the same story
from tests.web.signed_in import browser_of

HEX = re.compile(r"\b[0-9a-f]{64}\b")
pytestmark = pytest.mark.proof("public-files", heavy=True)
PURPOSES = ("deal", "draw", "others", "alternate", "arbitration", "objection")


@pytest.fixture
def files(app, world):  # noqa: F811
    """All that can be downloaded without being a manager of the round, and the circular that is sent round, as text."""
    release(world)
    round_ = world.round()
    visitor = app.test_client()
    viewer = browser_of(app, factories.create_account(role=Role.VIEWER, institution=round_.institution))
    public = {place: visitor.get(place) for place in ("/verify", f"/verify/{round_.code}")}
    for place in re.findall(r'href="(/verify/[^"]+)"', public[f"/verify/{round_.code}"].text):
        public[place] = visitor.get(place)
    for place in ("/results", f"/rounds/{round_.public_id}/results", f"/rounds/{round_.public_id}/results/items",
                  f"/results/export.csv?codes={round_.code}", f"/results/export.xlsx?codes={round_.code}",
                  f"/results/export.csv?codes={round_.code}&table=steps", f"/results/items.xlsx?codes={round_.code}"):  # fmt: skip
        public[place] = viewer.get(place)
    refused = {place: answer.status_code for place, answer in public.items() if answer.status_code != 200}
    assert not refused, refused
    found = {place: _text(answer.data) for place, answer in public.items()}
    return found | {kind: _text(make(world, kind)) for kind in ("docx", "pdf", "xlsx")}


def _text(data: bytes) -> str:
    if data.startswith(b"%PDF"):
        return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))
    if not data.startswith(b"PK"):
        return data.decode("utf-8-sig")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except Exception:  # noqa: BLE001 -- not a workbook, so a letter
        letter = docx.Document(io.BytesIO(data))
        cells = [cell.text for table in letter.tables for row in table.rows for cell in row.cells]
        return "\n".join([paragraph.text for paragraph in letter.paragraphs] + cells)
    return "\n".join(
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    )


def test_no_public_file_names_a_reader_or_holds_the_secret(files, world) -> None:  # noqa: F811
    round_, everything = world.round(), "\n".join(files.values())
    assert str(round_.secret) in everything, "the certificate opens the secret of the draw"
    assert str(round_.deal_secret) not in everything
    for row in db.session.execute(select(ExpertRow)).scalars():
        assert not re.search(rf"(?<![\w#]){re.escape(row.code)}(?!\w)", everything), row.code
        assert row.name not in everything
        assert row.public_id not in everything


def test_nothing_in_them_computes_who_reads_what(files, world) -> None:  # noqa: F811
    round_ = world.round()
    words = sorted({word for text in files.values() for word in HEX.findall(text)})
    seed = seed_of(round_).seed
    assert {seed, round_.plan_digest, round_.secret} <= set(words)
    guesses = {
        *words,
        *(digest(one, purpose, other) for one, other in product(words, words) for purpose in PURPOSES),
    }
    guesses |= {digest(one, purpose) for one in words for purpose in PURPOSES}
    truth = {(row.case, row.expert) for row in assignments.rows_of(round_) if row.slot in ("1", "2")}
    cases = sorted({case for case, _expert in truth}, key=str.encode)
    pool = [Expert(one.code, one.provider) for one in db.session.execute(select(ExpertRow)).scalars()]
    pool.sort(key=lambda one: one.code.encode())
    wanted = [File(case, 2, tuple(range(len(pool)))) for case in cases]

    def attack(guess: str) -> set[tuple[str, str]]:
        dealt = deal(wanted, pool, deal_seed=guess)
        return {(case, pool[one].code) for case, got in zip(cases, dealt.readers, strict=True) for one in got}

    assert attack(deal_seed_from(seed=seed, deal_secret=round_.deal_secret)) == truth, (
        "the attack itself works"
    )
    # 30 pairs of 150 are true: a guess at random hits 6, and 20 no more than once in a million
    assert max(len(attack(guess) & truth) for guess in guesses) < 20
