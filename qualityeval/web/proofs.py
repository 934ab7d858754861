"""Papers chosen in a form, for the services that keep them as proof."""

from collections.abc import Iterable
from typing import Any

from qualityeval.core.errors import RuleViolation
from qualityeval.services.proofs import NewProof


def chosen(uploads: Iterable[Any] | None) -> list[NewProof]:
    """The files of a MultipleFileField; an empty choice is none."""
    return [NewProof(one.filename, one.read()) for one in uploads or () if getattr(one, "filename", "")]


def on_files(refusal: RuleViolation, fields: Iterable[str]) -> RuleViolation:
    """What is wrong with a paper stands at the files; what names a field of the form, there."""
    if refusal.where not in (*fields, "state"):
        refusal.where = "files"
    return refusal
