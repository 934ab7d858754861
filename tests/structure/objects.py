"""Objects of one's own and of others, one maker a kind, for the matrix of foreign objects."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from qualityeval import clock
from qualityeval.authz.actor import COMMAND_LINE
from qualityeval.core.codes import Level, Role
from qualityeval.database import db, transaction
from qualityeval.models import (
    Account,
    AccountSession,
    ApiToken,
    Assignment,
    CalibrationSheet,
    CaseResult,
    Expert,
    Institution,
    Job,
    Objection,
    PractitionerLink,
    Round,
)
from qualityeval.queries.accounts import actor_of
from qualityeval.services import audit, files, own_rubrics, sessions
from qualityeval.web.sessions import TOKEN
from tests.channel_rows import (
    create_callback,
    create_campaign,
    create_link,
    create_observation,
    create_opinion,
    create_photo,
)
from tests.factories import (
    NOW,
    create_account,
    create_anchor_sheet,
    create_assignment,
    create_case,
    create_expert,
    create_institution,
    create_round,
)
from tests.structure.paper_objects import follow_ups_of, papers_of, proofs_of
from tests.structure.route_table import NO_ROLE

LIMIT = sessions.timedelta(hours=12)


@dataclass(frozen=True)
class World:
    """A city with two counties and the province above: the actor sits in the first county."""

    province: Institution
    city: Institution
    county: Institution
    sibling: Institution
    station: Institution
    actor: Account
    neighbour: Account


def token_of(account: Account) -> str:
    """Sign in without the pages; the token goes into a client's cookie."""
    with transaction():
        attempt = sessions.note_attempt(name=account.name, address="127.0.0.1", now=clock.now())
        return sessions.open_session(attempt=attempt, account=account, now=clock.now(), limit=LIMIT)


def sign_in(client: object, token: str) -> None:
    """Put the token where the sign-in page would."""
    with client.session_transaction() as cookie:  # type: ignore[attr-defined]
        cookie[TOKEN] = token


def world(persona: str) -> World:
    """The places, an account of the persona in the first county, and one of the same role next door."""
    role = None if persona == NO_ROLE else Role(persona)
    province = create_institution(code="330000", level=Level.PROVINCE)
    city = create_institution(code="330100", level=Level.CITY, parent=province)
    county = create_institution(code="330102", level=Level.COUNTY, parent=city)
    sibling = create_institution(code="330105", level=Level.COUNTY, parent=city)
    station = create_institution(code="330102-1", level=Level.STATION, parent=county)
    actor = create_account(role=role, name="here", institution=county, expert_code="E-here")
    neighbour = create_account(role=role, name="next-door", institution=sibling, expert_code="E-next")
    return World(province, city, county, sibling, station, actor, neighbour)


def _session_of(account: Account) -> str:
    token = token_of(account)
    found = db.session.execute(db.select(AccountSession).filter_by(token_hash=sessions.token_hash(token)))
    return str(found.scalar_one().public_id)


def _api_tokens(*owners: Account) -> list[str]:
    """A token of each, whatever their role may ask for."""
    made = []
    for owner in owners:
        with transaction() as session:
            row = ApiToken(account_id=owner.id, title="x", scopes="results", token_hash=secrets.token_hex(32),
                           created_at=NOW, expires_at=NOW + timedelta(days=9))  # fmt: skip
            session.add(row)
            audit.record(COMMAND_LINE, "api_token.issued", now=NOW, object_type="api_token")
        made.append(row.public_id)
    return made


def _jobs(*owners: Account | None) -> list[str]:
    """Jobs that wait; the last kind of owner is none: what the system itself queued."""
    made = []
    for owner in owners:
        with transaction() as session:
            job = Job(kind="report", title="x", account_id=owner.id if owner else None, created_at=NOW)
            session.add(job)
            session.flush()
            made.append(job.public_id)
    return made


def _cases(*places: Institution) -> list[str]:
    return [create_case(institution=place).public_id for place in places]


def _uploads(*owners: Account) -> list[str]:
    """Registers that were uploaded and wait for their mapping."""
    made = []
    for owner in owners:
        with transaction():
            made.append(
                files.store(
                    actor=actor_of(owner), name="register.csv", media_type="text/csv", purpose="register",
                    content="案号,机构代码\n1,330102\n".encode(), now=NOW,
                ).public_id
            )  # fmt: skip
    return made


def _imports(*owners: Account) -> list[str]:
    """Imports that have been checked."""
    made = []
    for owner, upload in zip(owners, _uploads(*owners), strict=True):
        with transaction() as session:
            job = Job(
                kind="register.import", title="x", account_id=owner.id, created_at=NOW, state="done",
                arguments={"file": upload, "mapping": "", "options": {"dry_run": True}},
                result={
                    "rows": 0, "created": 0, "updated": 0, "unchanged": 0, "rejected": 0, "institutions": 0,
                    "defaulted": 0, "is_dry_run": True, "is_stored": False, "problems": [],
                },
            )  # fmt: skip
            session.add(job)
            session.flush()
            made.append(job.public_id)
    return made


def _rounds(*places: Institution) -> list[str]:
    return [create_round(institution=place).public_id for place in places]


def _assignment(code: str, place: Institution) -> list[str]:
    """A file dealt to the expert of this code, in a round that is being scored."""
    expert = db.session.execute(db.select(Expert).filter_by(code=code)).scalar_one_or_none()
    made = create_assignment(
        expert=expert or create_expert(code=code), case=create_case(institution=place),
        round_=create_round(institution=place, state="scoring"),
    )  # fmt: skip
    return [made.public_id]


def _anchor_sheets(code: str, *places: Institution) -> list[CalibrationSheet]:
    """A submitted sheet of an anchor of each place's round, by the expert of this code, who reads in it."""
    made = []
    for place in places:
        (file,) = _assignment(code, place)
        line = db.session.execute(db.select(Assignment).filter_by(public_id=file)).scalar_one()
        made.append(create_anchor_sheet(assignment=line, case=create_case(institution=place)))
    return made


def _far_expert() -> str:
    """An expert of another province: those of the own one are a shared pool."""
    return create_expert(institution=create_institution(code="110000", level=Level.PROVINCE)).public_id


def _table(owner: Account) -> str:
    """A table of experts that the account brought."""
    with transaction():
        return files.store(
            actor=actor_of(owner), name="experts.csv", media_type="text/csv", purpose="experts",
            content=b"code,name\nE-new,x\n", now=NOW,
        ).public_id  # fmt: skip


def _records(make: Callable[..., object], account: Account, place: Institution) -> list[str]:
    """A record of another channel about a case of the place, the account's own to work on."""
    return [make(case=create_case(institution=place), account=account).public_id]


def _drawn(place: Institution, *, owner: Institution, state: str) -> Assignment:
    """A file of the place, read in a round of the owner."""
    return create_assignment(
        expert=_any_expert(), case=create_case(institution=place),
        round_=create_round(institution=owner, state=state),
    )  # fmt: skip


def _called(*places: Institution, owner: Institution) -> list[str]:
    """Files of the places that a round of the owner calls in."""
    made = []
    for place in places:
        case = create_case(institution=place)
        round_ = create_round(institution=owner, state="called_in", plan='{"call_in": "required"}')
        line = create_assignment(expert=_any_expert(), case=case, round_=round_)
        made.append(line.sampled_case.public_id)
    return made


def _any_expert() -> Expert:
    expert = db.session.execute(db.select(Expert).filter_by(code="E-any")).scalar_one_or_none()
    return expert or create_expert(code="E-any")


def _notified(*places: Institution, owner: Institution) -> list[str]:
    """Cases with a released grade."""
    made = []
    for place in places:
        line = _drawn(place, owner=owner, state="released")
        with transaction() as session:
            result = CaseResult(
                round_id=line.round_id, sampled_case_id=line.sampled_case_id, step="first", total=8500,
                grade="良好", by="mean", made_at=NOW,
            )  # fmt: skip
            session.add(result)
            audit.record(
                COMMAND_LINE, "case.settled", now=NOW, object_type="assignment", object_id=line.public_id
            )
        made.append(line.sampled_case.public_id)
    return made


def _unread(world: World) -> list[str]:
    """Rounds of whose results the actor may read nothing: released ones without an own case, or not released."""
    others = [
        create_round(institution=place, state="released").public_id
        for place in (world.sibling, world.city, world.province)
    ]
    line = _drawn(world.county, owner=world.city, state="objection")
    return [*others, db.session.get_one(Round, line.round_id).public_id]


def _objections(*owners: Institution) -> list[str]:
    """Objections that wait for the owners' decision."""
    made = []
    for owner in owners:
        line = _drawn(owner, owner=owner, state="objection")
        with transaction() as session:
            row = Objection(
                round_id=line.round_id, sampled_case_id=line.sampled_case_id, reason="x", raised_at=NOW
            )
            session.add(row)
            session.flush()
            audit.record(
                COMMAND_LINE, "objection.raised", now=NOW, object_type="objection", object_id=row.public_id
            )
        made.append(row.public_id)
    return made


def own_rubrics_of(*places: Institution) -> list[str]:
    """A body's own copy of a shipped rubric."""
    made = []
    for place in places:
        with transaction():
            made.append(
                own_rubrics.copy(
                    actor=COMMAND_LINE, key="civil@1", code=f"own-{place.code}", institution=place, now=NOW
                ).public_id
            )
    return made


def _links(*places: Institution) -> list[str]:
    """A recipient's link for a callback of each place."""
    return [
        create_link(callback=create_callback(case=create_case(institution=place))).public_id
        for place in places
    ]


def _campaigns(*places: Institution) -> list[str]:
    """A campaign of callbacks of each place."""
    return [create_campaign(institution=place).public_id for place in places]


def _practitioner_links(*places: Institution) -> list[str]:
    """A link about a case of a released round of each place."""
    made = []
    for place in places:
        line = _drawn(place, owner=place, state="released")
        with transaction() as session:
            session.add(
                CaseResult(
                    round_id=line.round_id, sampled_case_id=line.sampled_case_id, step="first", total=8500,
                    grade="良好", by="mean", made_at=NOW,
                )
            )  # fmt: skip
            row = PractitionerLink(
                sampled_case_id=line.sampled_case_id, sent_at=NOW, expires_at=NOW + timedelta(days=15)
            )
            session.add(row)
            session.flush()
            audit.record(COMMAND_LINE, "practitioners.told", now=NOW, object_type="round")
        made.append(row.public_id)
    return made


def _photos(account: Account, place: Institution) -> list[str]:
    """A picture of a hearing of the place, the account's own to observe."""
    row = create_observation(case=create_case(institution=place), account=account)
    return [create_photo(observation=row).public_id]


FOREIGN: dict[str, Callable[[World], list[str]]] = {
    "account": lambda _: [],  # who keeps accounts keeps all of them
    "session": lambda w: [_session_of(w.neighbour)],
    "api_token": lambda w: _api_tokens(w.neighbour),
    "job": lambda w: _jobs(w.neighbour, None),
    "case": lambda w: _cases(w.sibling, w.city, w.province),
    "kept_case": lambda w: _cases(w.sibling, w.city, w.province),
    "paper": lambda w: papers_of(w.sibling, w.city),
    "import": lambda w: _imports(w.neighbour),
    "upload": lambda w: _uploads(w.neighbour),
    "assignment": lambda w: _assignment("E-next", w.sibling),
    "round": lambda w: _rounds(w.sibling, w.city, w.province, w.station),
    "dealt": lambda w: [*_assignment("E-next", w.sibling), *_assignment("E-above", w.city)],
    "anchor": lambda w: [one.anchor.public_id for one in _anchor_sheets("E-next", w.sibling, w.city)],
    "anchor_sheet": lambda w: [one.public_id for one in _anchor_sheets("E-next", w.sibling, w.city)],
    "called": lambda w: _called(w.sibling, w.station, w.city, owner=w.province),
    "drawn": lambda w: [*_called(w.county, owner=w.city), *_called(w.sibling, owner=w.sibling)],
    "notified": lambda w: _notified(w.sibling, w.station, w.city, owner=w.province),
    "released": _unread,
    "objection": lambda w: _objections(w.sibling, w.city, w.province, w.station),
    "expert": lambda _w: [_far_expert()],
    "table": lambda w: [_table(w.neighbour)],
    "observation": lambda w: _records(create_observation, w.neighbour, w.sibling),
    "photo": lambda w: _photos(w.neighbour, w.sibling),
    "callback": lambda w: _records(create_callback, w.neighbour, w.sibling),
    "opinion": lambda w: [
        create_opinion(case=create_case(institution=place)).public_id
        for place in (w.sibling, w.city, w.province)
    ],
    "practitioner_link": lambda w: _practitioner_links(w.sibling, w.city, w.province, w.station),
    "campaign": lambda w: _campaigns(w.sibling, w.city, w.province),
    "link": lambda w: _links(w.sibling, w.city, w.province),
    "follow_up": lambda w: follow_ups_of(w.sibling, w.city, w.province),
    "kept_follow_up": lambda w: follow_ups_of(w.sibling, w.city, w.province),
    "proof": lambda w: proofs_of(w.sibling, w.city, w.province),
    "own_rubric": lambda w: own_rubrics_of(w.sibling, w.city, w.station),
}
OWN: dict[str, Callable[[World], list[str]]] = {
    "account": lambda w: [w.actor.public_id, w.neighbour.public_id],
    "session": lambda w: [_session_of(w.actor)],
    "api_token": lambda w: _api_tokens(w.actor),
    "job": lambda w: _jobs(w.actor),
    "case": lambda w: _cases(w.county, w.station),
    "kept_case": lambda w: _cases(w.county),
    "paper": lambda w: papers_of(w.county),
    "import": lambda w: _imports(w.actor),
    "upload": lambda w: _uploads(w.actor),
    "assignment": lambda w: _assignment("E-here", w.county),
    "round": lambda w: _rounds(w.county),
    "dealt": lambda w: _assignment("E-here", w.county),
    "anchor": lambda w: [one.anchor.public_id for one in _anchor_sheets("E-here", w.county)],
    "anchor_sheet": lambda w: [one.public_id for one in _anchor_sheets("E-here", w.county)],
    "called": lambda w: _called(w.county, owner=w.city),
    "drawn": lambda w: _called(w.county, w.station, owner=w.county),
    "notified": lambda w: _notified(w.county, owner=w.city),
    "released": lambda w: _rounds(w.county),
    "objection": lambda w: _objections(w.county),
    "expert": lambda w: [create_expert(institution=w.county).public_id],
    "table": lambda w: [_table(w.actor)],
    "observation": lambda w: _records(create_observation, w.actor, w.county),
    "photo": lambda w: _photos(w.actor, w.county),
    "callback": lambda w: _records(create_callback, w.actor, w.county),
    "opinion": lambda w: [create_opinion(case=create_case(institution=w.county)).public_id],
    "practitioner_link": lambda w: _practitioner_links(w.county),
    "campaign": lambda w: _campaigns(w.county, w.station),
    "link": lambda w: _links(w.county),
    "follow_up": lambda w: follow_ups_of(w.county),
    "kept_follow_up": lambda w: follow_ups_of(w.county, w.station),
    "proof": lambda w: proofs_of(w.county),
    "own_rubric": lambda w: own_rubrics_of(w.county),
}
NOWHERE = "0" * 20
__all__ = ["FOREIGN", "NOW", "NOWHERE", "OWN", "World", "sign_in", "token_of", "world"]
