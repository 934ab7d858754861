"""The plan on paper: what a witness takes home, the same bytes before the draw and after it."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from qualityeval.reports.announcement import PlanOnPaper, announcement_pdf, frame_public
from tests.reports.test_certificate import certified, read


@pytest.fixture(scope="module")
def content():
    return announcement_pdf(
        PlanOnPaper(
            title="2026年第三季度同行评估", institution="临江省法律援助中心", plan=certified().plan,
            frozen_at=datetime(2026, 10, 12, 1, 30, tzinfo=UTC), address="http://127.0.0.1:8000/verify/LJ2026Q3",
        )
    )  # fmt: skip


def test_it_says_what_is_fixed_and_that_no_seed_existed(content):
    _pages, texts = read(content)
    text = "".join(texts)
    # 8 strata of 30 at 27.7 %: ceil(8.31) = 9 each, 72 of 240
    for said in (
        "抽取方案公告", "Announcementoftheplanofadraw", "批次代码LJ2026Q3", "2026年10月12日09:30", "公布时种子尚未产生",
        "240件，拟抽72件（30.0%）", "现场掷骰", "密钥承诺", "派案密钥承诺", "终止：1,410件", "见证一",
        "http://127.0.0.1:8000/verify/LJ2026Q3",
    ):  # fmt: skip
        assert said in text, said
    assert "a" * 16 not in text
    assert "b" * 16 not in text


@pytest.mark.parametrize("paper", ["announcement", "certificate"])
def test_the_papers_are_for_archives(content, paper):
    """PDF/A-2b, as the file itself says in its metadata (ISO 19005-2, 6.6.4)."""
    from qualityeval.reports.certificate import certificate_pdf
    from tests.reports.test_certificate import paper as on_paper

    made = content if paper == "announcement" else certificate_pdf(on_paper(certified()))
    packet = PdfReader(io.BytesIO(made)).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in packet


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"call_in": "none"}, "自抽取时起"),
        ({"call_in": "required", "deadlines": {"hand_in": "2027-01-10"}}, "2027-01-10 交卷期限过后"),
        ({"call_in": "required"}, "交卷结束、开始派案时起"),
    ],
)
def test_when_the_frame_file_is_public(plan, said):
    assert frame_public(plan)["zh"] == said
