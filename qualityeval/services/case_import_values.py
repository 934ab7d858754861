"""What is stored beside the fields of a case so that it can be found: search terms and blind indexes."""

from collections.abc import Mapping
from typing import Any

from qualityeval.adapters.person_numbers import normal_id, normal_phone
from qualityeval.adapters.pinyin import person_initials, phrase_initials
from qualityeval.core.search_words import stored_terms
from qualityeval.database import blind_index
from qualityeval.queries.search import ID_PURPOSE, PHONE_PURPOSE

SEARCHED = (
    "number", "court_number", "notice_number", "series", "recipient_name", "practitioner", "provider", "cause",
    "organ", "second_practitioner",
)  # fmt: skip


def search_text(values: Mapping[str, Any]) -> str:
    """The search terms of a case; `values` holds fields of the register by name, missing ones are empty."""
    texts = [str(values.get(name) or "") for name in SEARCHED]
    _number, _court, _notice, _series, recipient, practitioner, provider, cause, _organ, second = texts
    initials = (
        person_initials(recipient), person_initials(practitioner), phrase_initials(provider), phrase_initials(cause),
        *((person_initials(second),) if second else ()),
    )  # fmt: skip
    return stored_terms(texts, initials)


def id_index(number: str | None) -> str | None:
    """The blind index of an ID number, the same however it was typed; None for none."""
    return blind_index(ID_PURPOSE, normal_id(number)) if number else None


def phone_index(number: str | None) -> str | None:
    """The blind index of a phone number; None for none."""
    return blind_index(PHONE_PURPOSE, normal_phone(number)) if number else None
