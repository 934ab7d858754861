"""One case in words: groups of fields with what stands in them, sealed numbers masked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from qualityeval.adapters.person_numbers import masked_id, masked_phone
from qualityeval.authz import Actor, Permission, may
from qualityeval.core.case_fields import FIELDS, SECOND, Field, Kind
from qualityeval.models import Case
from qualityeval.queries import follow_ups, four_channels
from qualityeval.queries.trails import TrailRow
from qualityeval.web.locale import choose_locale
from qualityeval.words import moments
from qualityeval.words.cases import CODES, EVENTS, GROUPS, YES_NO, yuan
from qualityeval.words.channels import CONTRADICTIONS
from qualityeval.words.follow_ups import KINDS, STATES
from qualityeval.words.voices import voices

MASKS = {"recipient_id_number": masked_id, "recipient_phone": masked_phone}


@dataclass(frozen=True)
class Line:
    """A field and its value; `reveal` names the sealed field that a button can open."""

    label: str
    value: str
    is_defaulted: bool = False
    reveal: str = ""


@dataclass(frozen=True)
class Group:
    """A heading with its lines."""

    title: str
    lines: tuple[Line, ...]


def groups_of(case: Case) -> list[Group]:
    """The case's fields by group, in the order of the register."""
    return [
        Group(
            label.text(choose_locale()), tuple(_line(case, field) for field in FIELDS if field.group == name)
        )
        for name, label in GROUPS.items()
    ]


def title_of(case: Case) -> str:
    """Kind, form and stage in words."""
    names = ("case_type", "aid_form", "stage")
    return " · ".join(_words(name, getattr(case, name)) for name in names if getattr(case, name) != "none")


def events_of(trail: list[TrailRow]) -> list[dict[str, str]]:
    """The trail for the timeline."""
    return [
        {
            "at": moments.moment(row.at), "who": row.who, "detail": _detail(row),
            "what": EVENTS[row.action].text(choose_locale()) if row.action in EVENTS else row.action,
        }
        for row in trail
    ]  # fmt: skip


def _detail(row: TrailRow) -> str:
    if row.action == "register.imported":
        return str(row.detail.get("file", ""))
    if row.action == "case.revealed":
        field = next((field for field in FIELDS if field.name == row.detail.get("field")), None)
        return f"{_(field.label) if field else ''} · {row.detail.get('reason', '')}"
    return ""


def _line(case: Case, field: Field) -> Line:
    value = _value(case, field.name)
    is_defaulted = field.name in (case.defaulted or ())
    if field.kind is Kind.SECRET:
        return Line(_(field.label), MASKS[field.name](value or ""), reveal=field.name if value else "")
    return Line(_(field.label), _text(field, value), is_defaulted)


def _value(case: Case, name: str) -> Any:
    if name == "provider":
        return case.provider.name if case.provider else ""
    if name == "practitioner":
        return case.practitioner.name if case.practitioner else ""
    if name == "practitioner_licence":
        return case.practitioner.licence if case.practitioner else ""
    if name in SECOND:
        return _second(case, name)
    return getattr(case, name)


def _second(case: Case, name: str) -> str:
    person = case.second_practitioner
    if person is None:
        return ""
    provider = person.provider.name if person.provider else ""
    return {
        "second_practitioner": person.name,
        "second_licence": person.licence,
        "second_provider": provider,
    }[name]


def _text(field: Field, value: Any) -> str:
    if value is None or value == "":
        return ""
    if field.kind is Kind.CODE:
        return _words(field.name, value)
    if field.kind is Kind.YES_NO:
        return YES_NO[bool(value)].text(choose_locale())
    if field.kind is Kind.MONEY:
        return _("%(amount)s 元", amount=yuan(value))
    if field.kind is Kind.TAGS:
        return str(value).replace(";", "、" if choose_locale() == "zh" else ", ")
    return moments.day(value) if isinstance(value, date) else str(value)


def _words(name: str, code: str) -> str:
    label = CODES[name].get(code)
    return label.text(choose_locale()) if label else code


@dataclass(frozen=True)
class Channels:
    """What peers, hearing, organ and recipient said of a case, and where they contradict each other."""

    grade: str
    voices: list[tuple[str, str]]
    apart: list[str]


def channels_of(actor: Actor, case: Case, locale: str) -> Channels | None:
    """For whoever may see the channels of this case; None for others."""
    if not may(actor, Permission.CHANNELS_READ, case):
        return None
    grade, heard, kinds = four_channels.on_case(actor, case)
    return Channels(grade, list(voices(heard, locale)), [CONTRADICTIONS[kind].text(locale) for kind in kinds])


def follow_ups_of(actor: Actor, case: Case, locale: str) -> list[tuple[str, str, str, str]]:
    """Complaints and requests for papers on this case: public id, kind, state, last day."""
    if not may(actor, Permission.FOLLOW_UP_ANSWER):
        return []
    return [
        (one.public_id, KINDS[one.kind].text(locale), STATES[one.state].text(locale), moments.day(one.due_on))
        for one in follow_ups.of_case(actor, case)
    ]
