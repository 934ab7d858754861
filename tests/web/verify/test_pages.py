"""The public pages: what is open to a visitor, from when, and what never is."""

import gzip
import html
import json
import re
from datetime import timedelta

import pytest

from qualityeval import clock
from qualityeval.core.verification import verify
from qualityeval.database import transaction
from qualityeval.queries import rounds as queries
from qualityeval.services import rounds
from qualityeval.words.verification import PAGE_CHECKS
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories
from tests.web.clients import text_of
from tests.web.verify.node import ROOT

SOURCES = ROOT / "qualityeval" / "static" / "src" / "js" / "verify"
NAMES = ("", "/certificate.json", "/frame.csv")


@pytest.fixture
@kept
def world(app, session):
    root, _counties = stories.bureau(cases=(5, 13))
    return root, *stories.managers(root)


def withdrawn(actor, code):
    with transaction():
        rounds.withdraw(actor=actor, round_=queries.by_code_for(actor, code), reason="案件范围写错", now=NOW)


def spec(root, *, hand_in=None, **more):
    text = stories.spec(root.code, **more)
    return f"{text}deadlines: {{hand_in: {hand_in}}}\n" if hand_in else text


def statuses(client, name):
    return [client.get(f"/verify/{name}{path}").status_code for path in NAMES]


def test_a_draft_is_not_there(client, world):
    root, first, _second = world
    made = stories.draft(first, stories.spec(root.code))
    assert (
        statuses(client, made.code)
        == statuses(client, made.public_id)
        == statuses(client, "nothing")
        == [404] * 3
    )
    assert made.code not in text_of(client.get("/verify"))


def test_the_freeze_opens_digests_and_nothing_else(client, world):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code))
    stories.typed(first, made, "27182818284590452353")
    page = text_of(client.get("/verify/R2026"))
    plan = json.loads(made.plan)
    for digest in (made.frame_digest, made.plan_digest, plan["secret_digest"], plan["deal_secret_digest"]):
        assert digest in page
    for hidden in (made.secret, made.deal_secret, made.salt, "27182818284590452353"):
        assert hidden not in page
    assert statuses(client, "R2026") == [200, 404, 409]
    assert "data-verify" not in page


def test_the_draw_opens_certificate_and_frame_where_nothing_is_called_in(client, world):
    root, first, second = world
    stories.drawn(first, second, stories.spec(root.code))
    certificate, frame = (client.get(f"/verify/R2026{path}") for path in NAMES[1:])
    assert verify(certificate.data, frame.data).ok
    assert "R2026-frame.csv" in frame.headers["Content-Disposition"]
    page = text_of(client.get("/verify/R2026"))
    assert 'data-certificate="/verify/R2026/certificate.json"' in page
    assert 'data-frame="/verify/R2026/frame.csv"' in page
    assert page.count("data-check=") == len(PAGE_CHECKS)
    assert page.count("data-stratum=") == 2


def test_the_frame_is_packed_only_for_who_unpacks_it(client, world):
    root, first, second = world
    made = stories.drawn(first, second, stories.spec(root.code))
    plain = client.get("/verify/R2026/frame.csv")
    packed = client.get("/verify/R2026/frame.csv", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]
    import hashlib

    assert hashlib.sha256(plain.data).hexdigest() == made.frame_digest


def test_a_called_in_frame_waits_for_its_deadline(client, world, monkeypatch):
    root, first, second = world
    today = clock.office_today()
    stories.drawn(first, second, spec(root, call_in="required", hand_in=today))
    assert statuses(client, "R2026") == [200, 200, 409]
    page = text_of(client.get("/verify/R2026"))
    assert "data-frame=" not in page
    assert f"{today} 交卷期限过后公开" in page
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert statuses(client, "R2026") == [200, 200, 200]
    assert "data-frame=" in text_of(client.get("/verify/R2026"))


def test_a_withdrawn_round_stays_with_its_reason_and_the_next_names_it(client, world):
    root, first, second = world
    stories.drawn(first, second, stories.spec(root.code))
    withdrawn(first, "R2026")
    stories.drawn(first, second, stories.spec(root.code, code="AGAIN"))
    assert statuses(client, "R2026") == [200, 200, 200]
    assert "案件范围写错" in text_of(client.get("/verify/R2026"))
    assert 'href="/verify/R2026"' in text_of(client.get("/verify/AGAIN"))
    listed = text_of(client.get("/verify"))
    assert listed.index("AGAIN") > 0 < listed.index("R2026")
    assert "已撤回" in listed


def test_the_list_tells_of_each_round_what_it_is(client, world):
    root, first, second = world
    drawn = stories.drawn(first, second, stories.spec(root.code))
    frozen = stories.draft(first, stories.spec(root.code, code="DRAFT"))
    page = text_of(client.get("/verify"))
    for part in (
        drawn.title,
        root.name,
        drawn.frame_digest[:8],
        drawn.plan_digest[-8:],
        "/verify/R2026/frame.csv",
    ):
        assert part in page
    assert frozen.code not in page
    assert "没有符合条件的批次" in text_of(client.get("/verify?text=nothing"))
    assert "R2026" in text_of(client.get("/verify?text=r20"))


def test_a_round_with_a_chinese_code_is_named_by_its_public_id(client, world):
    root, first, second = world
    made = stories.drawn(first, second, stories.spec(root.code, code="二〇二六"))
    answer = client.get("/verify/二〇二六")
    assert answer.headers["Location"] == f"/verify/{made.public_id}"
    assert statuses(client, made.public_id) == [200, 200, 200]
    stories.draft(first, stories.spec(root.code, code=made.public_id))
    assert client.get(f"/verify/{made.public_id}").status_code == 200


def test_a_public_id_leads_to_the_code(client, world):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code))
    assert client.get(f"/verify/{made.public_id}").headers["Location"] == "/verify/R2026"


def test_no_case_and_no_person_is_on_the_page(client, world):
    root, first, second = world
    stories.drawn(first, second, stories.spec(root.code))
    page = text_of(client.get("/verify/R2026"))
    assert "王小明" not in page
    assert "2026-0001" not in page.replace("990102:2026-0001", "")
    assert first.name not in page


def test_the_verifier_is_the_one_in_the_package(client):
    answer = client.get("/verify/verify_draw.py")
    assert answer.data == (ROOT / "qualityeval" / "verifier" / "verify_draw.py").read_bytes()


def test_every_sentence_that_the_script_may_say_is_there(client, world):
    """Codes in the script's text, against the sentences that the page carries, in both languages."""
    root, first, second = world
    stories.drawn(first, second, stories.spec(root.code))
    sources = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.js"))
    said = set(
        re.findall(r'(?:Wrong\(|code: |say\(|\? |: )"([a-z_]+(?:\.[a-z_]+)+|place|waiting|unknown)"', sources)
    )
    for locale in ("zh", "en"):
        with client.session_transaction() as cookie:
            cookie["locale"] = locale
        page = text_of(client.get("/verify/R2026"))
        words = json.loads(html.unescape(re.search(r'data-words="([^"]*)"', page).group(1)))
        assert said <= set(words), said - set(words)
        stated = {code for code in words if not code.startswith("progress.")}
        assert stated <= said | set(re.findall(r'"([a-z_.]+)"', sources)), stated - said
        assert bool(re.search(r"[\u3400-\u9fff]", "".join(words.values()))) is (locale == "zh")


@pytest.mark.parametrize("path", ["/verify", "/verify/R2026"])
def test_the_pages_need_nothing_but_this_site(client, world, path):
    root, first, second = world
    stories.drawn(first, second, stories.spec(root.code))
    answer = client.get(path)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert re.findall(r'(?:src|href|data-worker)="(?:https?:)?//', text_of(answer)) == []
