"""Letters to recipients: no case, no lawyer, no charge; a name, an institution, a code to scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qualityeval.clock import office_date
from qualityeval.reports.certificate import day_zh
from qualityeval.reports.letters import Sheet, letters


@dataclass(frozen=True)
class Letter:
    """To whom the letter goes, until when its address opens, and the address."""

    institution: str
    recipient: str
    guardian: bool
    until: datetime
    link: str


def letters_pdf(made: Sequence[Letter], *, made_at: datetime) -> bytes:
    """The PDF, a sheet a recipient, with the office's date."""
    return letters(
        "法律援助回访信", "Letter to a recipient of legal aid", [_sheet(one) for one in made],
        day=day_zh(office_date(made_at)), made_at=made_at,
    )  # fmt: skip


def _sheet(one: Letter) -> Sheet:
    to = f"{one.recipient}的监护人" if one.guardian else one.recipient
    return Sheet(
        to, one.institution,
        (
            "您好。我们想了解法律援助的办理情况，请您回答几个问题，大约 4 分钟。法律援助全程免费。",
            "您的回答只用于改进法律援助，不会告诉律师本人；填不填都可以，不影响您的案件。",
            "如果您不是收信人，请打开后按“我不是这个人”；不想受访的，按“我不想受访”，以后不再打扰。",
        ),
        (
            "用手机扫左边的码，或者在浏览器里输入下面的地址。",
            f"{day_zh(office_date(one.until))}以前有效，只能打开一次。",
        ),
        one.link,
    )  # fmt: skip
