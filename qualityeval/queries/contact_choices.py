"""Who doesn't want to be asked any more: by person where a number is known, else by case."""

from sqlalchemy import ColumnElement, or_, select

from qualityeval.core.self_service import Choice
from qualityeval.database import db
from qualityeval.models import Case, ContactChoice


def same_person(case: Case) -> ColumnElement[bool]:
    """Cases of the same recipient, as a condition over `Case`."""
    mine = Case.id == case.id
    if case.recipient_phone_index is None:
        return mine
    return or_(mine, Case.recipient_phone_index == case.recipient_phone_index)


def opted_out() -> tuple[frozenset[int], frozenset[str]]:
    """Case ids (where no number is known) and persons whose latest word is no."""
    rows = db.session.execute(
        select(ContactChoice.case_id, ContactChoice.person_index, ContactChoice.choice).order_by(
            ContactChoice.id
        )
    )
    cases: dict[int, str] = {}
    persons: dict[str, str] = {}
    for case, person, choice in rows:
        if person is None:
            cases[case] = choice
        else:
            persons[person] = choice
    return (
        frozenset(case for case, choice in cases.items() if choice == Choice.OPTED_OUT),
        frozenset(person for person, choice in persons.items() if choice == Choice.OPTED_OUT),
    )


def is_opted_out(case: Case) -> bool:
    """Whether the latest word about this recipient is no."""
    about = ContactChoice.case_id == case.id
    if case.recipient_phone_index is not None:
        about = or_(about, ContactChoice.person_index == case.recipient_phone_index)
    query = select(ContactChoice.choice).where(about).order_by(ContactChoice.id.desc()).limit(1)
    return db.session.execute(query).scalar_one_or_none() == Choice.OPTED_OUT
