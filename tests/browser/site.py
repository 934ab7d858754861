"""The real application with the demonstration province, served to a browser from a thread."""

import json
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread

from flask import Flask
from waitress.server import create_server

from qualityeval import clock
from qualityeval.adapters.rubric_files import shipped_rubric
from qualityeval.authz import COMMAND_LINE, Actor
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import (
    Account,
    CalibrationSheet,
    Case,
    FrameCase,
    Institution,
    Job,
    Round,
    RubricVersion,
    SampledCase,
)
from qualityeval.queries import rounds as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import audit, calibration, demo, freezing, rounds, sampling, seeds
from qualityeval.web import assets
from qualityeval.web.sessions import TOKEN
from tests.channel_rows import create_callback, create_observation, create_opinion
from tests.databases import Place, application, close
from tests.factories import (
    create_account,
    create_anchor_sheet,
    create_assignment,
    create_case,
    create_expert,
    create_round,
)
from tests.staff_rubric import divided_rubric
from tests.structure.objects import own_rubrics_of, token_of

CASES = 240
SPEC = """\
code: {code}
title: {title}
institution: "990000"
kind: {kind}
population: {{by: closed, from: 2000-01-01, to: 2099-12-31{where}}}
strata: [{strata}]
rates: {{default: 27.7%, minimum: 2}}
seed: {{source: dice}}
call_in: none
rubrics: {{criminal/*/*: criminal-trial@1, "*/*/*": civil@1}}
deadlines: {{hand_in: 2027-01-10, score: 2027-02-10, objection_days: 5}}
"""
PUBLIC = "4163352614 2551634261"
CITY = "990100"
CITY_MANAGERS = ("manager-city", "manager-city2")


@dataclass(frozen=True)
class Site:
    """Where the application answers, and the objects that its pages are about."""

    url: str
    app: Flask
    objects: Mapping[str, str]

    def cookie(self, account: str, locale: str = "zh") -> dict[str, object]:
        """The session cookie of an account that is signed in, or of a visitor in that language."""
        content = {"locale": locale}
        if account:
            with self.app.app_context(), transaction():
                found = db.session.execute(db.select(Account).filter_by(name=account)).scalar_one()
                found.locale = locale
            with self.app.app_context():
                found = db.session.execute(db.select(Account).filter_by(name=account)).scalar_one()
                content[TOKEN] = token_of(found)
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return {
            "name": self.app.config["SESSION_COOKIE_NAME"],
            "value": signer.dumps(content),
            "url": self.url,
        }


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """The site, until the block ends."""
    place = Place("sqlite", folder)
    place.template()
    (folder / "files").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    app = application(
        place.copy("site"),
        home=folder,
        WTF_CSRF_ENABLED=True,
        URL=url,
        RATELIMIT_ENABLED=False,
        DEVELOPMENT=True,
    )
    with app.app_context():
        objects = furnish()
    keep_bundle(folder / "dist")
    server = create_server(app, host="127.0.0.1", port=port, threads=6)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield Site(url, app, objects)
    finally:
        server.close()
        thread.join(timeout=5)
        close(app)


def keep_bundle(copy: Path) -> None:
    """Serve a copy of the bundle, so that one built meanwhile doesn't take the style sheet away."""
    shutil.copytree(assets.DIST, copy)
    assets.DIST = copy
    assets._manifest.cache_clear()


def furnish() -> dict[str, str]:
    """The province and a round in each state that pages show; public ids by what they are for."""
    now = clock.now()
    with transaction():
        demo.create_demo(actor=COMMAND_LINE, cases=CASES, seed=1, now=now, rounds=False)
    with transaction() as session:
        for account in session.execute(db.select(Account)).scalars():
            account.must_change_password = False
        audit.record(COMMAND_LINE, "account.changed", now=now, object_type="account")
        city = session.execute(db.select(Institution).filter_by(code=CITY)).scalar_one()
    create_account(role=Role.MANAGER, institution=city, name=CITY_MANAGERS[1])
    first, second = _manager("manager"), _manager("manager2")
    made = {
        "drawn": _round("LC2026Q1", "2026年第一季度同行评估", where="criminal", strata="case_type, stage"),
        "frozen": _round("LC2026Q2", "2026年第二季度同行评估", where="civil", strata="institution"),
        "seeded": _round("LC2026Q3", "2026年第三季度同行评估", where="administrative", strata="case_type"),
    }
    viewer = db.select(Account.public_id).filter_by(role="viewer").order_by(Account.name).limit(1)
    made["account"] = db.session.execute(viewer).scalar_one()
    for code in ("LC2026Q1", "LC2026Q2", "LC2026Q3"):
        with transaction():
            freezing.freeze(actor=first, round_=_get(first, code), now=now)
    for code in ("LC2026Q1", "LC2026Q3"):
        for actor in (first, second):
            with transaction():
                seeds.type_seed(
                    actor=actor, round_=_get(actor, code), public=PUBLIC, now=now, today=clock.office_today()
                )
    with transaction():
        sampling.draw_sample(actor=first, round_=_get(first, "LC2026Q1"), now=now)
    sampled = db.select(SampledCase.public_id).order_by(SampledCase.id).limit(1)
    made["drawn_file"] = db.session.execute(sampled).scalar_one()
    (made["own_rubric"],) = own_rubrics_of(_body_of("manager"))
    made["anchor"], made["anchor_sheet"] = _anchor(first), _anchor_sheet(city)
    made["divided"], made["staff_file"] = _divided(_body_of("manager"))
    made["draft"] = _round(
        "LC2026Q4", "2026年第四季度机构自评", where="", strata="case_type, stage", kind="self"
    )
    made["withdrawn"] = _withdrawn(first)
    return {**made, **_others()}


def _manager(name: str) -> Actor:
    return actor_of(db.session.execute(db.select(Account).filter_by(name=name)).scalar_one())


def _body_of(name: str) -> Institution:
    return db.session.execute(
        db.select(Institution)
        .join(Account, Account.institution_id == Institution.id)
        .where(Account.name == name)
    ).scalar_one()


def _get(actor: Actor, code: str) -> Round:
    return queries.by_code_for(actor, code)


def _round(code: str, title: str, *, where: str, strata: str, kind: str = "peer") -> str:
    condition = f", where: {{case_type: {where}}}" if where else ""
    text = SPEC.format(code=code, title=title, where=condition, strata=strata, kind=kind)
    with transaction():
        return rounds.create_round(actor=_manager("manager"), spec_text=text, now=clock.now()).public_id


def _anchor(actor: Actor) -> str:
    """A case of the drawn round's frame that chance left out, chosen as an anchor."""
    round_ = _get(actor, "LC2026Q1")
    drawn = db.select(SampledCase.frame_case_id)
    keys = db.session.execute(
        db.select(FrameCase.key)
        .join(Case, FrameCase.case_id == Case.id)
        .where(FrameCase.round_id == round_.id, FrameCase.id.not_in(drawn), Case.sealed.is_(False))
        .order_by(FrameCase.key)
    ).scalars()
    with transaction():
        return calibration.choose(
            actor=actor, round_=round_, key=keys.first() or "", now=clock.now()
        ).public_id


def _anchor_sheet(place: Institution) -> str:
    """An anchor that the expert has scored, in a round of the city, beside the reference answer."""
    reader = db.session.execute(db.select(Account.expert_code).filter_by(name="expert")).scalar_one()
    line = create_assignment(
        expert=create_expert(code=reader), case=create_case(institution=place),
        round_=create_round(institution=place, state="scoring"),
    )  # fmt: skip
    sheet = create_anchor_sheet(assignment=line, case=create_case(institution=place))
    marks = {code: {"earned": item.points} for code, item in shipped_rubric(sheet.rubric).by_item.items()}
    with transaction() as session:
        sheet = session.get_one(CalibrationSheet, sheet.id)
        first, lost = next(iter(marks)), {"earned": 0}
        sheet.content = {"marks": {**marks, first: lost}}
        sheet.anchor.reference = {"content": {"marks": marks}, "total": 10_000, "grade": "优秀"}
        sheet.anchor.source, sheet.anchor.reason = "panel", "会商一致"
        audit.record(COMMAND_LINE, "reference.set", now=clock.now(), object_type="round")
    return sheet.public_id


def _divided(place: Institution) -> tuple[str, str]:
    """A round that is being scored under a rubric with a staff part, and its one case, which is open."""
    round_ = create_round(institution=place, state="scoring", plan='{"rubric_digests": {"divided@1": ""}}')
    text = json.dumps(divided_rubric(), ensure_ascii=False)
    with transaction() as session:
        session.add(
            RubricVersion(code="divided", version=1, text=text, digest="0" * 64, stored_at=clock.now())
        )
        audit.record(
            COMMAND_LINE, "round.frozen", now=clock.now(), object_type="round", object_id=round_.code
        )
    line = create_assignment(
        expert=create_expert(), case=create_case(institution=place), round_=round_, rubric="divided@1"
    )
    return round_.public_id, line.sampled_case.public_id


def _withdrawn(actor: Actor) -> str:
    public_id = _round("LC2025Q4", "2025年第四季度同行评估", where="", strata="case_type")
    with transaction():
        rounds.withdraw(
            actor=actor, round_=_get(actor, "LC2025Q4"), reason="案件范围写错，另建一批。", now=clock.now()
        )
    return public_id


def _others() -> dict[str, str]:
    owner = _manager("manager")
    with transaction() as session:
        job = Job(kind="report", title="导出台账", account_id=owner.account_id, created_at=clock.now())
        session.add(job)
    with transaction() as session:
        case = session.execute(db.select(Case.public_id).order_by(Case.id)).scalars().first()
        account = session.execute(db.select(Account.public_id).filter_by(role=Role.EXPERT)).scalars().first()
    return {"case": str(case), "account": str(account), "job": job.public_id, **_channels()}


def _channels() -> dict[str, str]:
    """A hearing of the observer, a recipient of the caller, a question to an organ."""
    case = db.session.execute(db.select(Case).order_by(Case.id)).scalars().first()
    people = {
        name: db.session.execute(db.select(Account).filter_by(name=name)).scalar_one()
        for name in ("observer", "caller")
    }
    return {
        "observation": create_observation(case=case, account=people["observer"]).public_id,
        "callback": create_callback(case=case, account=people["caller"]).public_id,
        "opinion": create_opinion(case=case, expires_at=clock.now() + timedelta(days=15)).public_id,
    }
