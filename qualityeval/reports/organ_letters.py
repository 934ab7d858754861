"""Letters to case-handling organs (征询办案机关意见函): which case, which lawyer, a code to scan; no grade, no score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qualityeval.clock import office_date
from qualityeval.core.callback import masked_name
from qualityeval.models import OrganOpinion
from qualityeval.reports.certificate import day_zh
from qualityeval.reports.letters import Sheet, letters

ASKED = "依照《中华人民共和国法律援助法》第五十九条，现就承办人的诉讼礼仪、专业素养和职业精神征询贵单位意见，大约 3 分钟。"


@dataclass(frozen=True)
class OrganLetter:
    """Whom it goes to, what it asks about, until when its address opens, and the address."""

    organ: str
    officer: str
    institution: str
    court_number: str
    recipient: str
    practitioner: str
    until: datetime
    link: str


def letter_of(row: OrganOpinion, link: str) -> OrganLetter:
    """The letter of a request."""
    case = row.case
    return OrganLetter(
        row.organ, row.officer, case.institution.name, case.court_number, masked_name(case.recipient_name),
        case.practitioner.name if case.practitioner else "", row.expires_at, link,
    )  # fmt: skip


def letters_pdf(made: Sequence[OrganLetter], *, made_at: datetime) -> bytes:
    """The PDF, a sheet a case, with the office's date; the same letters at the same moment give the same bytes."""
    return letters(
        "征询办案机关意见函", "Letter asking for the organ's opinion", [_sheet(one) for one in made],
        day=day_zh(office_date(made_at)), made_at=made_at,
    )  # fmt: skip


def _sheet(one: OrganLetter) -> Sheet:
    number = f"案号{one.court_number}，" if one.court_number else ""
    lawyer = f"由{one.practitioner}承办" if one.practitioner else "已由本中心指派人员承办"
    return Sheet(
        f"{one.organ}{f'（{one.officer}收）' if one.officer else ''}", one.institution,
        (
            f"贵单位办理的案件（{number}受援人{one.recipient}）有法律援助，{lawyer}。{ASKED}",
            "意见只用于改进法律援助质量，不影响本案；不便在网上填写的，也可以书面回复，盖章后寄回或者交本中心人员带回。",
        ),
        (
            "用手机扫左边的码，或者在浏览器里输入下面的地址。",
            f"{day_zh(office_date(one.until))}以前有效，只能打开一次；不需要账号。",
        ),
        one.link,
    )  # fmt: skip
