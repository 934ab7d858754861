"""A past for paired worlds, made by the services, and the hands that lead on from it.

A city with two counties, a round in every state, eight experts, a record of every channel. Ids come from
seeded dice, so that two ways on from here give their rows the same public ids (paired_secrets.py).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from qualityeval.adapters.outgoing import letter
from qualityeval.authz import Actor
from qualityeval.core.codes import Role
from qualityeval.database import Base, db, transaction
from qualityeval.models import (
    Account,
    AccountSession,
    ApiToken,
    Assignment,
    CalibrationSheet,
    Case,
    CaseFile,
    FollowUp,
    FrameCase,
    Institution,
    Job,
    Objection,
    ObservationPhoto,
    OrganOpinion,
    Outbox,
    OwnRubric,
    PractitionerLink,
    RecipientLink,
    Round,
    SampledCase,
    StoredFile,
)
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.accounts import actor_of, by_name
from qualityeval.services import (
    audit,
    case_files,
    dealing,
    objections,
    practitioner_links,
    releases,
    scoring,
    sheet_import,
)
from tests import channel_rows, factories, personas
from tests.factories import NOW
from tests.papers import scan
from tests.services import chain, stories
from tests.structure import objects, paper_objects
from tests.structure.route_table import ANONYMOUS, NO_ROLE, ROUTES

EXPERTS = tuple(f"E00{number}" for number in range(1, 9))
ROUNDS = {"DRAFT": 1, "SEEDING": 2, "SCORING": 3, "WAITING": 4, "NOTIFIED": 5, "RELEASED": 6}  # code: month
RELEASED = ("RELEASED",)
CASES = 6  # a month and county: half of them are drawn
LATER = NOW + timedelta(days=25)  # past the window of a round notified at NOW
NAMED_OTHERWISE: dict[str, Any] = {  # kinds of route_table.py that aren't called as their model is
    "anchor_sheet": CalibrationSheet, "session": AccountSession, "api_token": ApiToken, "import": Job, "upload": StoredFile, "table": StoredFile, "dealt": Assignment,
    "opinion": OrganOpinion,
    "notified": SampledCase, "called": SampledCase, "drawn": SampledCase, "kept_case": Case, "paper": CaseFile,
    "link": RecipientLink, "practitioner_link": PractitionerLink,
    "photo": ObservationPhoto, "own_rubric": OwnRubric,
    "follow_up": FollowUp, "kept_follow_up": FollowUp,
    "released": Round,
}  # fmt: skip


def spec(code: str, *, month: int, title: str = "") -> str:
    """A round over the cases closed in one month; half of them are drawn."""
    text = stories.spec("990100", code=code) + "deadlines: {objection_days: 5}\n"
    plain = text.replace("2026-01-01", f"2026-{month:02d}-01")
    return (
        plain.replace("2026-12-31", f"2026-{month:02d}-28")
        .replace("27.7%", "50%")
        .replace("2026年度案件质量评估", title or f"{code}质量评估")
    )


def current(code: str) -> Round:
    """The round as the owning manager sees it."""
    return round_queries.by_code_for(actor("manager"), code)


def actor(name: str) -> Actor:
    """A persona as services see it."""
    return actor_of(by_name(name))


def build() -> dict[str, str | None]:
    """The common past; returns a session token for everybody who looks."""
    for code in personas.PLACES:
        personas.institution_for(code)
    for name in personas.PERSONAS:
        personas.account_for(name)
    for code in EXPERTS:
        factories.create_expert(code=code)
        if code != personas.PERSONAS["expert"].expert:
            factories.create_account(role=Role.EXPERT, name=account_of(code), expert_code=code)
    other = factories.create_institution(code="990103", parent=personas.institution_for("990100"))
    for place, name in (("990000", "above"), ("990102", "below")):
        factories.create_account(role=Role.MANAGER, name=name, institution=personas.institution_for(place))
    _register((personas.institution_for("990102"), other))
    _channels()
    _everybody_gets_letters()
    _rounds()
    _papers_of_a_dealt_case()
    names = [*personas.PERSONAS, "above", "below", *map(account_of, EXPERTS[1:])]
    return {name: objects.token_of(by_name(name)) for name in names} | {personas.ANONYMOUS: None}


def _register(places: Iterable[Institution]) -> None:
    for place in places:
        for month in ROUNDS.values():
            for number in range(CASES):
                mark = f"{place.code}-{month}{number}"
                with transaction():
                    firm, person = factories.handler(f"承办人{mark}", f"L{mark}", f"承办所{mark}", now=NOW)
                    audit.record(actor("manager"), "case.people", now=NOW, object_type="case")
                    ids = firm.id, person.id
                factories.create_case(
                    institution=place, number=f"案号{mark}", recipient_name=f"受援人{mark}",
                    closed_on=date(2026, month, 3), provider_id=ids[0], practitioner_id=ids[1], organ=f"办案机关{mark}",
                )  # fmt: skip


def _everybody_gets_letters() -> None:
    with transaction() as session:
        for account in session.execute(select(Account)).scalars():
            account.email, account.mail_notices = mail_of(account.name), True
        audit.record(actor("manager"), "account.changed", now=NOW, object_type="account")


def _papers_of_a_dealt_case() -> None:
    line = lines_of("SCORING")[0]
    case = db.session.get_one(Case, line.sampled_case.frame_case.case_id)
    with transaction():
        paper = case_files.NewPaper("y.png", scan(size=(60, 80), form="PNG"), "hearing-record")
        case_files.add_paper(actor=actor("manager"), case=case, paper=paper, now=NOW)


def mail_of(name: str) -> str:
    """Where the letters of an account go."""
    return f"{name}@example.org"


def letters_to(name: str) -> list[EmailMessage]:
    """The letters that were left for somebody, as they go out."""
    rows = db.session.execute(
        select(Outbox).where(Outbox.channel == "mail", Outbox.recipient == mail_of(name)).order_by(Outbox.key)
    ).scalars()
    return [
        letter(key=one.key, recipient=one.recipient, body=one.body, sender="office@example.org")
        for one in rows
    ]


def _channels() -> None:
    case = db.session.execute(select(Case).order_by(Case.id)).scalars().first()
    seen = channel_rows.create_observation(case=case, account=by_name("observer"))
    channel_rows.create_photo(observation=seen)
    called = channel_rows.create_callback(case=case, account=by_name("caller"))
    channel_rows.create_link(callback=called)
    channel_rows.create_campaign(institution=personas.institution_for("990102"))
    channel_rows.create_opinion(case=case)
    paper_objects.proof_of(channel_rows.create_follow_up(case=case))
    with transaction():
        paper = case_files.NewPaper("x.png", scan(size=(60, 80), form="PNG"), "judgment")
        case_files.add_paper(actor=actor("manager"), case=case, paper=paper, now=NOW)
    owner = by_name("manager")
    objects._jobs(owner)
    objects._api_tokens(owner)
    objects._uploads(owner)
    objects._imports(owner)
    objects.own_rubrics_of(owner.institution)


def _rounds() -> None:
    first, second = actor("manager"), actor("other_manager")
    stories.draft(first, spec("DRAFT", month=ROUNDS["DRAFT"]))
    stories.frozen(first, spec("SEEDING", month=ROUNDS["SEEDING"]))
    for code in ("SCORING", "WAITING", "NOTIFIED", "RELEASED"):
        stories.drawn(first, second, spec(code, month=ROUNDS[code]))
        with transaction():
            dealing.assign(actor=first, round_=current(code), now=NOW)
    _anchored("SCORING")
    for code in ("NOTIFIED", "RELEASED"):
        bring(code, {"1": 87, "2": 87}, all_but=1 if code == "NOTIFIED" else 0)
    bring("SCORING", {"1": 87}, only_slots=("1",), all_but=5)
    with transaction():
        releases.notify(actor=first, round_=current("RELEASED"), now=NOW)
    object_to(_own_case("RELEASED"), by=actor("liaison"), now=NOW)
    with transaction():
        raised = db.session.execute(select(Objection)).scalar_one()
        objections.reject(actor=first, objection=raised, answer="评分无误", now=NOW)
    for manager in (first, second):
        with transaction():
            releases.release(actor=manager, round_=current("RELEASED"), now=LATER)
    with transaction():
        practitioner_links.send(actor=first, round_=current("RELEASED"), days=15, now=LATER)


def _anchored(code: str) -> None:
    """An anchor of the round that the expert persona has scored."""
    own = personas.PERSONAS["expert"].expert
    case = factories.create_case(
        institution=personas.institution_for("990102"), number="定标案号", closed_on=date(2025, 1, 3)
    )
    line = next(one for one in lines_of(code) if one.expert.code == own)
    factories.create_anchor_sheet(assignment=line, case=case)


def _own_case(code: str) -> str:
    """A drawn case of the liaison's county in the round."""
    return lines_of(code, untouched=False)[0].sampled_case.public_id


def object_to(public_id: str, *, by: Actor, now: datetime, reason: str = "评分有误") -> None:
    """An objection to the notified grade of a drawn case."""
    with transaction():
        drawn = db.session.execute(select(SampledCase).filter_by(public_id=public_id)).scalar_one()
        objections.raise_objection(actor=by, sampled=drawn, reason=reason, now=now)


def bring(
    code: str, points: dict[str, int], *, only_slots: tuple[str, ...] = ("1", "2"), all_but: int = 0
) -> None:
    """Sheets of a round by proxy; the last `all_but` cases are left open."""
    lines = list(chain.lines(current(code), points, slots=only_slots))
    cases = sorted({line["case"] for _, line in lines})
    kept = set(cases[: len(cases) - all_but])
    with transaction():
        sheet_import.import_sheets(
            actor=actor("manager"), round_=current(code), now=NOW,
            lines=[(row, line) for row, line in lines if line["case"] in kept],
        )  # fmt: skip


def inventory(*, most: int = 0, also: Iterable[str] = ()) -> dict[str, list[str]]:
    """Public ids of every kind of object that an address can name; `most` of each, rounds and `also` all."""
    kinds = {access.over for access in ROUTES.values()} - {""}
    return {kind: _ids(kind, most, frozenset(also)) for kind in sorted(kinds)}


def _ids(kind: str, most: int, also: frozenset[str]) -> list[str]:
    models = {mapper.class_.__name__.lower(): mapper.class_ for mapper in Base.registry.mappers}
    if kind not in NAMED_OTHERWISE.keys() | models.keys():
        raise LookupError(
            f"say in NAMED_OTHERWISE which model holds the objects called {kind!r} in route_table.py"
        )
    model = NAMED_OTHERWISE.get(kind) or models[kind]
    ids = list(db.session.execute(select(model.public_id).order_by(model.id)).scalars())
    step = len(ids) // most + 1 if most and model is not Round else 1
    return [public_id for number, public_id in enumerate(ids) if number % step == 0 or public_id in also]


def role_of(name: str) -> str:
    """How route_table.py calls the role of an account."""
    if name == ANONYMOUS:
        return ANONYMOUS
    return by_name(name).role or NO_ROLE


def account_of(code: str) -> str:
    """Expert code → account name."""
    return "expert" if code == personas.PERSONAS["expert"].expert else code.lower()


def lines_of(code: str, *, untouched: bool = True) -> list[Assignment]:
    """The round's assignments by case and slot; `untouched`: of cases without any sheet."""
    done = select(Assignment.sampled_case_id).where(Assignment.state == "submitted")
    query = (
        select(Assignment)
        .join(Round, Assignment.round_id == Round.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(Round.code == code)
        .order_by(FrameCase.key, Assignment.slot)
    )
    if untouched:
        query = query.where(Assignment.sampled_case_id.not_in(done))
    return list(db.session.execute(query).scalars())


def drawn_of(public_ids: Iterable[str]) -> list[str]:
    """Public ids of the drawn cases that these assignments are about."""
    return [line(public_id).sampled_case.public_id for public_id in public_ids]


def line(public_id: str) -> Assignment:
    """The assignment of this public id."""
    return db.session.execute(select(Assignment).filter_by(public_id=public_id)).scalar_one()


def submit(public_id: str, points: int, *, draft: bool = False, overall: str = "") -> None:
    """The expert's own hand: a sheet handed in, or only a draft."""
    who, content = actor(account_of(line(public_id).expert.code)), chain.content(points, overall=overall)
    with transaction():
        if draft:
            scoring.save_draft(
                actor=who, assignment=line(public_id), content=content, seen_version=0, now=NOW
            )
        else:
            scoring.submit_sheet(actor=who, assignment=line(public_id), content=content, now=NOW)


def change(*statements: Any) -> None:
    """Another past, written straight into the rows: what no service could do afterwards."""
    with transaction():
        for statement in statements:
            db.session.execute(statement)
        audit.record(actor("manager"), "world.changed", now=NOW, object_type="round")
