"""Letters with a QR code on A4: the sheets that both recipients' and organs' letters are printed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qualityeval.adapters.qr_codes import qr_svg
from qualityeval.adapters.typesetting import pdf, pdf_apart

TEMPLATE = Path(__file__).with_name("letter.typ")
FEW = 20  # letters that aren't worth a process of their own


@dataclass(frozen=True)
class Sheet:
    """One letter: to whom, from whom, paragraphs, lines beside the code, the address that the code holds."""

    to: str
    sender: str
    body: Sequence[str]
    steps: Sequence[str]
    link: str


def letters(heading: str, heading_en: str, sheets: Sequence[Sheet], *, day: str, made_at: datetime) -> bytes:
    """The PDF, a sheet a letter; the same letters at the same moment give the same bytes."""
    values = {
        "title": heading, "institution": sheets[0].sender if sheets else "", "code": "", "plan_digest_short": "",
        "heading": heading, "heading-en": heading_en,
        "letters": [
            {
                "to": one.to, "from": one.sender, "body": list(one.body), "steps": list(one.steps), "link": one.link,
                "qr": qr_svg(one.link), "day": day,
            }
            for one in sheets
        ],
    }  # fmt: skip
    typeset = pdf if len(sheets) <= FEW else pdf_apart
    return typeset(TEMPLATE, values, made_at=made_at)
