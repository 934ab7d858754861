"""The institutions of a register being imported: found by code inside the actor's own subtree, or created.

places = Places(actor=…, under=…, create=…, writes=…, now=…)
places.find(code, name) -> Place or RuleViolation     the refusal is the row's reason
places.settle()                                       created ones move below the city that was named later
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from qualityeval.authz import Actor, Permission, scope
from qualityeval.core.codes import Level
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.region_codes import codes_above, level_of, lies_below
from qualityeval.database import db
from qualityeval.models import Case, Institution
from qualityeval.services import audit

UNKNOWN = msg(
    "机构代码“%(value)s”没有登记，或不在您的管辖范围内。请核对代码；新机构请选“自动建立机构”（--under 代码 --create-institutions）。"
)
ELSEWHERE = msg("机构代码“%(value)s”是别处的行政区划代码，不在“%(under)s”之下，不能自动建立。")
NO_UNDER = msg("自动建立机构时要用 --under 指明上级机构的代码。")
UNDER_UNKNOWN = msg("上级机构“%(value)s”没有登记，或不在您的管辖范围内。")
BAD_UNDER = msg("上级机构代码“%(value)s”不能用：不得为空，不得含冒号或竖线，最长120个字。")


@dataclass(slots=True)
class Place:
    """An institution as the import needs it; `id` is None where a dry run would create it."""

    id: int | None
    code: str
    path: str
    has_cases: bool


class Places:
    """Every institution that the actor may import into, by code."""

    def __init__(self, *, actor: Actor, under: str, create: bool, writes: bool, now: datetime) -> None:
        self._actor, self._now, self._writes = actor, now, writes
        self._create = create
        self.created: list[str] = []
        self._made: dict[str, Institution] = {}
        self._refused: dict[str, RuleViolation] = {}
        rows = db.session.execute(
            select(Institution.id, Institution.code, Institution.path).where(
                scope.institutions(actor, Permission.REGISTER_IMPORT)
            )
        )
        self._known = {code: Place(id_, code, path, has_cases=True) for id_, code, path in rows}
        self._looked: set[str] = set()
        self._base = self._base_of(under.strip())

    def find(self, code: str, name: str) -> Place | RuleViolation:
        """The institution of a row; created where asked for; else why it can't be."""
        place = self._known.get(code)
        if place is not None:
            if code not in self._looked:
                self._look(place, name)
            return place
        if code in self._refused:
            return self._refused[code]
        refusal = self._why_not(code)
        if refusal is None:
            return self._add(code, name, level_of(code) or Level.COUNTY)
        self._refused[code] = refusal
        return refusal

    def settle(self) -> None:
        """Put each created institution below the nearest one that its code names and the base contains."""
        for code, row in sorted(self._made.items(), key=lambda item: len(codes_above(item[0]))):
            if row.parent_id is None:
                continue
            parent = next((self._known[above] for above in codes_above(code) if self._is_inside(above)), None)
            if parent is not None and parent.id is not None:
                row.parent_id, row.path = parent.id, f"{parent.path}{row.id}/"
                self._known[code].path = row.path
        db.session.flush()

    def _base_of(self, under: str) -> Place | None:
        if not under:
            if self._create and self._actor.is_command_line:
                raise InvalidInput("institution.no_under", NO_UNDER, where="--under")
            return next((p for p in self._known.values() if p.id == self._actor.institution_id), None)
        if under in self._known:
            return self._known[under]
        if len(under) > 120 or not under.isprintable() or ":" in under or "|" in under:
            raise InvalidInput("institution.code", BAD_UNDER, where="--under", value=under[:40])
        # only the shell may add a root: everybody else works below a body that exists
        if not (self._create and self._actor.is_command_line):
            raise InvalidInput("institution.under_unknown", UNDER_UNKNOWN, where="--under", value=under)
        place = self._add(under, under, level_of(under) or Level.PROVINCE)
        self._looked.discard(under)  # the register may name it
        return place

    def _look(self, place: Place, name: str) -> None:
        """Once an institution: whether it holds cases; a root named by its code alone gets its name."""
        self._looked.add(place.code)
        if place.code in self._made:
            row = self._made[place.code]
            if name and row.name == row.code:
                row.name = name
        elif place.id is not None:
            place.has_cases = bool(
                db.session.execute(select(exists().where(Case.institution_id == place.id))).scalar_one()
            )

    def _why_not(self, code: str) -> RuleViolation | None:
        if not self._create or self._base is None or self._is_taken(code):
            return RuleViolation("institution.unknown", UNKNOWN, value=code)
        if not lies_below(code, self._base.code):
            return RuleViolation("institution.elsewhere", ELSEWHERE, value=code, under=self._base.code)
        return None

    def _is_taken(self, code: str) -> bool:
        """Whether it exists outside the actor's subtree; the answer is the same as for an unknown one."""
        return bool(db.session.execute(select(exists().where(Institution.code == code))).scalar_one())

    def _is_inside(self, code: str) -> bool:
        place = self._known.get(code)
        return place is not None and self._base is not None and place.path.startswith(self._base.path)

    def _add(self, code: str, name: str, level: Level) -> Place:
        base = getattr(self, "_base", None)
        self.created.append(code)
        self._looked.add(code)
        place = Place(None, code, f"{base.path if base else '/'}?/", has_cases=False)
        self._known[code] = place
        if self._writes:
            self._store(place, name, level, base)
        return place

    def _store(self, place: Place, name: str, level: Level, base: Place | None) -> None:
        row = Institution(
            code=place.code, name=name or place.code, level=level, created_at=self._now,
            parent_id=base.id if base else None,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        row.path = f"{base.path if base else '/'}{row.id}/"
        place.id, place.path = row.id, row.path
        self._made[place.code] = row
        audit.record(
            self._actor, "institution.created", now=self._now, object_type="institution", object_id=place.code,
            name=row.name, level=level.value, under=base.code if base else "",
        )  # fmt: skip
