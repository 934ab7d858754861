"""Finding cases by words, on either database through an index over the same terms (core.search_words).

    matching(text) -> condition on Case       every word of the text; a whole ID or phone number by its blind index

SQLite keeps the terms in the FTS5 table `case_search`, PostgreSQL in a GIN index; migration 0003 makes both.
"""

import re

from sqlalchemy import ColumnElement, Integer, column, false, or_, select, text

from qualityeval.adapters.person_numbers import normal_id, normal_phone
from qualityeval.core.search_words import Term, asked_terms
from qualityeval.database import blind_index, db
from qualityeval.models import Case

ID_PURPOSE, PHONE_PURPOSE = "case.recipient_id_number", "case.recipient_phone"
_WHOLE_NUMBER = re.compile(r"[0-9+()\s-]{7,30}[0-9Xx]")
# the same expression as the index, letter by letter, else PostgreSQL doesn't use it
_POSTGRESQL = text(
    "array_to_tsvector(array_remove(string_to_array(legal_case.search_text, ' '), '')) @@ CAST(:asked AS tsquery)"
)
_SQLITE = text("SELECT rowid FROM case_search WHERE case_search MATCH :asked")


def matching(typed: str) -> ColumnElement[bool]:
    """The condition of a typed text; one in which nothing can be looked for finds nothing."""
    terms = asked_terms(typed)
    if not terms:
        return false()
    found = _by_terms(terms)
    bare = typed.strip()
    if not _WHOLE_NUMBER.fullmatch(bare):
        return found
    return or_(
        found,
        Case.recipient_id_index == blind_index(ID_PURPOSE, normal_id(bare)),
        Case.recipient_phone_index == blind_index(PHONE_PURPOSE, normal_phone(bare)),
    )


def _by_terms(terms: tuple[Term, ...]) -> ColumnElement[bool]:
    if db.session.get_bind().dialect.name == "postgresql":
        # terms hold letters and digits only, so a quote can't end them
        asked = " & ".join(f"'{term.text}'{':*' if term.is_prefix else ''}" for term in terms)
        return _POSTGRESQL.bindparams(asked=asked).self_group()  # type: ignore[return-value]
    asked = " AND ".join(f'"{term.text}"{"*" if term.is_prefix else ""}' for term in terms)
    rows = _SQLITE.bindparams(asked=asked).columns(column("rowid", Integer)).subquery()
    return Case.id.in_(select(rows.c.rowid))
