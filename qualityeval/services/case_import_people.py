"""Providers and practitioners of an import: found by name, created on the way, remembered."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from qualityeval.core.case_fields import SECOND
from qualityeval.database import db, new_public_id
from qualityeval.models import Practitioner, Provider

FIRST = ("provider", "practitioner", "practitioner_licence")
HANDLING = (*FIRST, *SECOND)
LOOKED_UP = 500
Person = tuple[str, str, int | None]  # name, licence, provider


class People:
    """Ids of those who handle cases; `learn` before `ids`."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._providers: dict[str, int] = {}
        self._people: dict[Person, int] = {}

    def learn(self, cases: Iterable[Mapping[str, Any]]) -> None:
        """Find or create whoever handles these cases."""
        handled = {who for values in cases for who in _handlers(values)}
        self._learn_providers({firm for firm, _name, _licence in handled if firm} - self._providers.keys())
        people = {(name, licence, self._providers.get(firm)) for firm, name, licence in handled if name}
        self._learn_people(people - self._people.keys())

    def ids(self, values: Mapping[str, Any]) -> tuple[int | None, int | None, int | None]:
        """Keys of a case's provider, practitioner and second practitioner, None where there is none."""
        first, second = _handlers(values)
        return self._providers.get(first[0]), self._person(*first), self._person(*second)

    def _person(self, firm: str, name: str, licence: str) -> int | None:
        return self._people[name, licence, self._providers.get(firm)] if name else None

    def _learn_providers(self, names: set[str]) -> None:
        self._find_providers(names)
        missing = sorted(names - self._providers.keys())
        if missing:
            _add(
                Provider,
                [{"public_id": new_public_id(), "name": name, "created_at": self._now} for name in missing],
            )
            self._find_providers(set(missing))

    def _find_providers(self, names: set[str]) -> None:
        for part in _parts(sorted(names)):
            rows = db.session.execute(select(Provider.name, Provider.id).where(Provider.name.in_(part)))
            for name, id_ in rows:
                self._providers[name] = id_

    def _learn_people(self, people: set[Person]) -> None:
        self._find_people(people)
        missing = sorted(people - self._people.keys(), key=str)
        if missing:
            rows = [
                {"public_id": new_public_id(), "name": name, "licence": licence, "provider_id": firm, "created_at": self._now}
                for name, licence, firm in missing
            ]  # fmt: skip
            _add(Practitioner, rows)
            self._find_people(set(missing))

    def _find_people(self, people: set[Person]) -> None:
        for part in _parts(sorted({name for name, _licence, _firm in people})):
            rows = db.session.execute(
                select(Practitioner.name, Practitioner.licence, Practitioner.provider_id, Practitioner.id)
                .where(Practitioner.name.in_(part))
                .order_by(Practitioner.id.desc())
            )
            for name, licence, firm, id_ in rows:
                if (name, licence, firm) in people:
                    self._people[name, licence, firm] = id_


def _handlers(values: Mapping[str, Any]) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    """(provider, name, licence) of both practitioners; the second is of the first's provider unless another is named."""
    firm, name, licence, other, second, number = (str(values.get(field) or "") for field in HANDLING)
    return (firm, name, licence), (other or firm if second else firm, second, number if second else "")


def _parts(names: list[str]) -> Iterable[list[str]]:
    return (names[start : start + LOOKED_UP] for start in range(0, len(names), LOOKED_UP))


def _add(model: type[Provider] | type[Practitioner], rows: list[dict[str, Any]]) -> None:
    """Insert; whom another import added in between is left as it is."""
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    db.session.execute(dialect.insert(model).on_conflict_do_nothing(), rows)
