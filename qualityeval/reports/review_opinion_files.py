"""The opinion as a file: Word from a template, to be edited before it is signed, and PDF/A."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from qualityeval.adapters.typesetting import pdf
from qualityeval.adapters.word_files import filled
from qualityeval.reports.review_opinion import ReviewOpinion

TYPESET = Path(__file__).with_name("review_opinion.typ")
WORD = Path(__file__).with_name("review_opinion.docx")
KINDS = ("docx", "pdf")


def opinion_file(
    opinion: ReviewOpinion, *, kind: str, made_at: datetime, template: Path | None = None
) -> bytes:
    """`docx` or `pdf`; `template` is the office's own Word template where it has one."""
    if kind == "docx":
        return filled(template or WORD, asdict(opinion))
    return pdf(TYPESET, asdict(opinion), made_at=made_at)
