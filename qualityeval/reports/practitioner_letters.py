"""Letters to practitioners: the result of an own case waits behind a code; the letter itself says no grade."""

from collections.abc import Sequence
from datetime import datetime

from qualityeval.clock import office_date
from qualityeval.queries.practitioner_links import LetterRow
from qualityeval.reports.certificate import day_zh
from qualityeval.reports.letters import Sheet, letters


def letters_pdf(made: Sequence[tuple[LetterRow, str]], *, made_at: datetime) -> bytes:
    """The PDF of these letters with their addresses, a sheet a case."""
    early = any(row.is_preliminary for row, _link in made)
    return letters(
        "案件质量评估初步结果告知书" if early else "案件质量评估结果告知书",
        "Preliminary result of a quality evaluation, to the practitioner" if early
        else "Result of a quality evaluation, to the practitioner",
        [sheet(row, link) for row, link in made], day=day_zh(office_date(made_at)), made_at=made_at,
    )  # fmt: skip


def sheet(row: LetterRow, link: str) -> Sheet:
    """One letter."""
    return Sheet(
        f"{row.practitioner}{f'（{row.provider}）' if row.provider else ''}", row.institution,
        (
            f"您承办的法律援助案件（{row.number}）在“{row.round_title}”中作了质量评估，{'初步结果已经作出，还没有发布' if row.is_preliminary else '结果已经发布'}。",
            "打开后可以看到本案的等次、得分和扣分理由，并可以陈述申辩一次；我们会答复，并记入本案的评估过程。",
        ),
        (
            "用手机扫左边的码，或者在浏览器里输入下面的地址。",
            f"{day_zh(office_date(row.link.expires_at))}以前有效，只能打开一次，打开后 60 分钟内填完。",
        ),
        link,
    )  # fmt: skip
