"""Rows for tests, keyword-only with sensible defaults. Every factory commits."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from qualityeval.adapters.rubric_files import shipped_text
from qualityeval.authz import COMMAND_LINE, Actor
from qualityeval.core.codes import Level, Role
from qualityeval.database import db, transaction
from qualityeval.models import (
    Account,
    Anchor,
    Assignment,
    CalibrationSheet,
    Case,
    Expert,
    FrameCase,
    Institution,
    Practitioner,
    Provider,
    Round,
    RubricVersion,
    SampledCase,
)
from qualityeval.queries.accounts import actor_of
from qualityeval.services import audit

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
# argon2id of PASSWORD with m=8 KiB, t=1, p=1: tests check the wiring, not the cost
CHEAP_HASH = "$argon2id$v=19$m=8,t=1,p=1$jJmHO9sL5uHYfjerLi8bQQ$Gvcg/FmqNA3Fee9M9FHOKEY1cowXUF5i5+iFxRFtBAQ"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_numbers = count(1)


def create_institution(
    *, code: str = "", name: str = "", level: Level = Level.COUNTY, parent: Institution | None = None
) -> Institution:
    """An institution below `parent`, its path complete."""
    code = code or f"33{next(_numbers):04d}"
    with transaction() as session:
        row = Institution(
            code=code, name=name or f"{code}法律援助中心", level=level, created_at=NOW,
            parent_id=parent.id if parent else None,
        )  # fmt: skip
        session.add(row)
        session.flush()
        row.path = f"{parent.path if parent else '/'}{row.id}/"
        audit.record(COMMAND_LINE, "institution.created", now=NOW, object_type="institution", object_id=code)
    return db.session.get_one(Institution, row.id)


def create_account(
    *, role: Role | None = Role.MANAGER, name: str = "", institution: Institution | None = None, **fields: Any
) -> Account:
    """An account whose password is PASSWORD and whose TOTP secret is TOTP_SECRET."""
    name = name or f"user{next(_numbers)}"
    defaults = {
        "display_name": name, "password_hash": CHEAP_HASH, "must_change_password": False,
        "totp_secret": TOTP_SECRET, "created_at": NOW,
    }  # fmt: skip
    with transaction() as session:
        row = Account(
            name=name,
            role=role,
            institution_id=institution.id if institution else None,
            **{**defaults, **fields},
        )
        session.add(row)
        audit.record(COMMAND_LINE, "account.created", now=NOW, object_type="account", object_id=name)
    return db.session.get_one(Account, row.id)


def create_actor(
    *, role: Role = Role.MANAGER, institution: Institution | None = None, name: str = ""
) -> Actor:
    """An account as services see it."""
    return actor_of(create_account(role=role, institution=institution, name=name))


def _case(institution: Institution, number: str, fields: dict[str, Any]) -> Case:
    defaults = {
        "case_type": "criminal", "aid_form": "defence", "stage": "trial", "cause": "盗窃罪",
        "recipient_name": "王小明", "closed_on": date(2026, 6, 1), "registered_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return Case(institution_id=institution.id, number=number, **{**defaults, **fields})


def create_case(*, institution: Institution, number: str = "", **fields: Any) -> Case:
    """A closed criminal trial case of 2026."""
    with transaction() as session:
        row = _case(institution, number or f"2026-{next(_numbers):05d}", fields)
        session.add(row)
        audit.record(COMMAND_LINE, "case.created", now=NOW, object_type="case", object_id=row.number)
    return db.session.get_one(Case, row.id)


def create_cases(*, institution: Institution, numbers: Iterable[str], **fields: Any) -> None:
    """Such a case for each number, in one transaction: most tests want many and look at few."""
    with transaction() as session:
        session.add_all([_case(institution, number, fields) for number in numbers])
        audit.record(COMMAND_LINE, "case.created", now=NOW, object_type="case")


def create_round(
    *, institution: Institution, code: str = "", state: str = "draft", spec: str = "", **fields: Any
) -> Round:
    """A round row in any state, for lists and permissions; stories go through the services."""
    code = code or f"R{next(_numbers)}"
    with transaction() as session:
        row = Round(
            code=code, title=f"评估 {code}", institution_id=institution.id, kind="peer", state=state,
            spec=spec or f"code: {code}\n", created_at=NOW, **fields,
        )  # fmt: skip
        session.add(row)
        audit.record(COMMAND_LINE, "round.created", now=NOW, object_type="round", object_id=code)
    return db.session.get_one(Round, row.id)


def _expert(code: str, institution: Institution | None, fields: dict[str, Any]) -> Expert:
    return Expert(
        code=code, name=f"专家{code}", institution_id=institution.id if institution else None, created_at=NOW,
        updated_at=NOW, **fields,
    )  # fmt: skip


def create_expert(*, code: str = "", institution: Institution | None = None, **fields: Any) -> Expert:
    """An active expert, of no provider unless told."""
    with transaction() as session:
        row = _expert(code or f"E{next(_numbers):04d}", institution, fields)
        session.add(row)
        audit.record(COMMAND_LINE, "expert.created", now=NOW, object_type="expert", object_id=row.code)
    return db.session.get_one(Expert, row.id)


def create_experts(numbers: Iterable[int], *, provider: str = "", **fields: Any) -> None:
    """Such experts, E and their number, in one transaction; `provider` may hold a place for the number."""
    with transaction() as session:
        for number in numbers:
            session.add(_expert(f"E{number}", None, {"provider": provider.format(number), **fields}))
        audit.record(COMMAND_LINE, "expert.created", now=NOW, object_type="expert")


def handler(name: str, licence: str, provider: str, *, now: datetime) -> tuple[Provider, Practitioner]:
    """A practitioner and the provider, for use inside a transaction."""
    firm = Provider(name=provider, created_at=now)
    db.session.add(firm)
    db.session.flush()
    person = Practitioner(name=name, licence=licence, provider_id=firm.id, created_at=now)
    db.session.add(person)
    db.session.flush()
    return firm, person


def create_assignment(
    *, expert: Expert, case: Case, round_: Round, rubric: str = "criminal-trial@1"
) -> Assignment:
    """A drawn case of a round, dealt to the expert; rows only. The rubric is a shipped one or one that is stored."""
    code, _at, version = rubric.partition("@")
    with transaction() as session:
        if not session.query(RubricVersion).filter_by(code=code, version=int(version)).first():
            text = shipped_text(code)
            session.add(
                RubricVersion(code=code, version=int(version), text=text, digest="0" * 64, stored_at=NOW)
            )
        framed = FrameCase(
            round_id=round_.id, case_id=case.id, key=f"{case.institution.code}:{case.number}", stratum="-",
            rubric=rubric,
        )  # fmt: skip
        session.add(framed)
        session.flush()
        opened = session.query(SampledCase).filter_by(round_id=round_.id).count()
        drawn = SampledCase(
            round_id=round_.id, frame_case_id=framed.id, stratum="-", place=opened + 1, ticket="0" * 64,
            weight_numerator=1, weight_denominator=1,
        )  # fmt: skip
        session.add(drawn)
        session.flush()
        row = Assignment(
            round_id=round_.id, sampled_case_id=drawn.id, expert_id=expert.id, slot="1", dealt_at=NOW
        )
        session.add(row)
        audit.record(COMMAND_LINE, "round.assigned", now=NOW, object_type="round", object_id=round_.code)
    return db.session.get_one(Assignment, row.id)


def create_anchor_sheet(*, assignment: Assignment, case: Case) -> CalibrationSheet:
    """The reader's sheet of an anchor of the round, in; rows only, the reference still open."""
    with transaction() as session:
        anchor = Anchor(
            round_id=assignment.round_id, case_id=case.id, rubric="criminal-trial@1", chosen_at=NOW, source="", reason=""
        )  # fmt: skip
        session.add(anchor)
        session.flush()
        row = CalibrationSheet(
            round_id=assignment.round_id, expert_id=assignment.expert_id, case_id=case.id, anchor_id=anchor.id,
            rubric=anchor.rubric, slot="anchor", state="submitted", dealt_at=NOW, content={}, total=9000, grade="优秀",
            submitted_at=NOW,
        )  # fmt: skip
        session.add(row)
        audit.record(COMMAND_LINE, "anchor.chosen", now=NOW, object_type="round")
    return db.session.get_one(CalibrationSheet, row.id)
