"""The certificate on paper: golden text and pages, the same bytes twice, nothing read as markup.

Counts are worked out by hand; digests are those of the certificate that was put in.
"""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from qualityeval.adapters.qr_codes import qr_svg
from qualityeval.core.allocation import Rate, SizeRule, SizeRules, allocate
from qualityeval.core.ceremony import SeedKind, SeedSource
from qualityeval.core.certificate import EarlierRound, certificate_text, issue
from qualityeval.core.frame import build_frame
from qualityeval.core.plan import build_plan
from qualityeval.core.rates import parse_rate
from qualityeval.reports.certificate import DrawOnPaper, certificate_pdf, stratum_row, values

A4_POINTS = (595.28, 841.89)


def certified(*, strata=8, cases=30, public="4163352614 2551634261"):
    """The certificate of a small draw: `strata` strata of `cases` cases each."""
    rows = [
        (f"330100:案〔2026〕{stratum:03d}-{number:03d}", f"criminal|层{stratum:03d}")
        for stratum in range(strata)
        for number in range(cases)
    ]
    sizes = allocate(
        {("criminal", f"层{stratum:03d}"): cases for stratum in range(strata)},
        fields=("case_type", "region"),
        rules=SizeRules(SizeRule(Rate(parse_rate("27.7%")))),
    )
    frame = build_frame(rows)
    plan = build_plan(
        code="LJ2026Q3", frame=frame, sizes=sizes, secret="a" * 64, deal_secret="b" * 64,
        source=SeedSource(SeedKind.DICE),
        more={
            "population": {"by": "closed", "from": "2026-07-01", "to": "2026-09-30", "where": {}, "exclude": []},
            "strata_fields": ["case_type", "region"],
            "left_out": {"held": 23, "series": 0, "late": 0, "exclusions": [{"reason": "终止", "cases": 1410}]},
        },
    )  # fmt: skip
    earlier = [EarlierRound("LJ2026Q2", "withdrawn", "c" * 64, "d" * 64, 190, 240)]
    certificate, _drawn = issue(plan=plan, frame=frame, secret="a" * 64, public=public, earlier=earlier)
    return certificate


def paper(certificate, **changes):
    """The paper of a certificate."""
    made = DrawOnPaper(
        title="2026年第三季度同行评估",
        institution="临江省法律援助中心",
        certificate=certificate_text(certificate),
        frozen_at=datetime(2026, 10, 12, 1, 30, tzinfo=UTC),
        drawn_at=datetime(2026, 10, 13, 16, 12, tzinfo=UTC),
        drawn_by="沈知行",
        typed_by=("顾明舟", "裴清和"),
        address="http://127.0.0.1:8000/rounds/0123456789abcdef0123/draw",
        frame_file="LJ2026Q3-frame.csv",
        certificate_file="LJ2026Q3-D1.json",
    )
    return replace(made, **changes)


def read(content):
    """Pages of a PDF as text without white space, since layout decides where that falls."""
    pages = PdfReader(io.BytesIO(content)).pages
    return pages, ["".join(page.extract_text().split()) for page in pages]


@pytest.fixture(scope="module")
def certificate():
    return certified()


@pytest.fixture(scope="module")
def content(certificate):
    return certificate_pdf(paper(certificate))


def test_two_a4_pages_numbered(content):
    pages, texts = read(content)
    assert len(pages) == 2
    for number, (page, text) in enumerate(zip(pages, texts, strict=True), 1):
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4_POINTS, abs=0.1)
        assert f"第{number}页，共2页Page{number}of2" in text


def test_it_says_what_was_drawn_when_and_by_whom(content):
    text = "".join(read(content)[1])
    # 8 strata of 30 at 27.7 %: ceil(8.31) = 9 each, 72 in all; 72/240 = 30.0 %
    for said in (
        "案件抽取证书", "Certificateofthedraw", "证书编号LJ2026Q3-D1", "自抽样框240件案件中抽取72件",
        "2026年10月14日00:12", "2026-10-1400:12(UTC+8;16:12UTC)", "结案2026年7月1日—2026年9月30日",
        "现场掷骰", "顾明舟、裴清和", "沈知行", "临江省法律援助中心", "41633526142551634261", "30.0%",
        "已在其他有效批次中：23件", "终止：1,410件", "190/240", "已撤回",
    ):  # fmt: skip
        assert said in text, said
    assert text.count("刑事·层") == 8


def test_every_digest_is_there_in_full(certificate, content):
    text = "".join(read(content)[1])
    plan = json.loads(certificate.plan)
    for digest in (
        certificate.frame_digest, certificate.plan_digest, plan["secret_digest"], certificate.secret,
        certificate.seed,
    ):  # fmt: skip
        assert digest in text
    for stratum in certificate.strata:
        assert stratum.last_ticket[:16] in text


def test_the_secret_of_the_dealing_is_nowhere(content):
    assert "b" * 16 not in "".join(read(content)[1])


def test_the_file_states_when_the_draw_was_made(content):
    made = PdfReader(io.BytesIO(content)).metadata.creation_date
    assert made == datetime(2026, 10, 13, 16, 12, tzinfo=UTC)


def test_the_same_draw_gives_the_same_bytes(certificate, content):
    assert certificate_pdf(paper(certificate)) == content
    assert certificate_pdf(paper(certificate, drawn_by="别人")) != content


def test_many_strata_go_over_pages_with_their_head_repeated():
    pages, texts = read(certificate_pdf(paper(certified(strata=120, cases=4))))
    assert len(pages) == 4
    assert sum("末位抽签号" in text for text in texts) == 4
    assert "".join(texts).count("刑事·层") == 120


def test_nothing_in_the_values_is_markup(certificate):
    title = '#panic() *粗* $x$ #image("/etc/hosts") <a> \\ _b_'
    text = "".join(read(certificate_pdf(paper(certificate, title=title)))[1])
    assert "".join(title.split()) in text


def test_the_code_leads_to_the_page_and_names_the_file(certificate):
    shown = values(paper(certificate))
    digest = "".join("".join(shown["file_digest"]).split())
    assert shown["qr"] == qr_svg(f"http://127.0.0.1:8000/rounds/0123456789abcdef0123/draw#sha256={digest}")
    assert len(digest) == 64


def test_a_stratum_without_a_draw_has_a_dash():
    row = stratum_row({"key": "-", "N": 3, "n": 0, "last_ticket": None}, [], {})
    assert row == {"label": "全部案件", "key": "-", "N": "3", "n": "0", "share": "0.0%", "last": "—"}


def test_institutions_have_their_names_beside_the_key():
    stratum = {"key": "330102|trial", "N": 3, "n": 2, "last_ticket": "ab" * 32}
    row = stratum_row(stratum, ["institution", "stage"], {"330102": "望澜区"})
    assert (row["label"], row["key"], row["share"]) == ("望澜区·审判", "330102|trial", "66.7%")


def test_a_weak_public_value_is_marked_on_the_paper(certificate):
    assert "较弱" not in "".join(read(certificate_pdf(paper(certificate)))[1])
    weak = certified(public="12345")
    assert "较弱：少于20位数字" in "".join(read(certificate_pdf(paper(weak)))[1])
