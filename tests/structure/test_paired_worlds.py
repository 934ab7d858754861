"""Paired worlds (BL1, BL3, BL4, BL6, BL9 of the threat list): 0 differing bytes for whoever must not know the secret.

`make test` asks a part of everything as some of the people, on SQLite; the proof asks everything as everybody.
"""

import os
from collections import Counter
from contextlib import contextmanager
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select, update

from qualityeval import clock
from qualityeval.database import WRITING, db
from qualityeval.extensions import limiter
from qualityeval.models import Assignment, Case, Expert, Institution, Provider, Sheet
from qualityeval.queries import sheets
from tests import audit_guard, personas
from tests.databases import Scaled
from tests.structure import crawler, paired_secrets, practitioner_worlds
from tests.structure import paired_worlds as past
from tests.structure.crawler import Crawl, Dice

FULL = float(os.environ.get("QUALITYEVAL_PROOF_SCALE", "0.1")) >= 1
WORDS = ("E002", "承办人990102-31", "受援人990102-31", "案号990102-31", "87", "%")
FEW = ["liaison", personas.ANONYMOUS]


@pytest.fixture(scope="module")
def world(shared_app, tmp_path_factory):
    """The application on the common past, made once; names and tokens of those who look at what comes of it.

    As the fixture `app` does for one test: one connection, never committed.
    """
    home = tmp_path_factory.mktemp("paired")
    (home / "files").mkdir()
    with pytest.MonkeyPatch.context() as patch, shared_app.app_context():
        for name, value in (("HOME", home), ("FILES", home / "files")):
            patch.setitem(shared_app.config, name, value)
        patch.setattr(limiter, "enabled", False)
        patch.setattr(clock, "now", lambda: past.LATER)
        patch.setattr(shared_app, "request_class", crawler.ListeningRequest)
        connection = db.engines[None].connect().execution_options(**{WRITING: True})
        outer = connection.begin()
        patch.setitem(db.engines, None, connection)
        with audit_guard.watched(judging=False):
            with pytest.MonkeyPatch.context() as seeded:
                Dice("past").replace(seeded)
                tokens = past.build()
            yield tokens
        db.session.remove()
        outer.rollback()
        connection.close()


@pytest.fixture
def app(shared_app, world):
    """The application in one way on from the past, which is taken back after the test."""
    del world
    with way(paired_secrets.nothing):
        yield shared_app


@contextmanager
def way(step):
    """One way on from the past, taken back at the end."""
    db.session.rollback()
    savepoint = db.engines[None].begin_nested()
    try:
        with pytest.MonkeyPatch.context() as patch:
            Dice("way").replace(patch)
            step()
        crawler.forget_all()
        yield
    finally:
        db.session.rollback()
        savepoint.rollback()
        db.session.expire_all()


def crawl_of(secret, every=1):
    if FULL:
        return Crawl(
            WORDS, inventory=past.inventory(most=8, also=[*secret.watched, *past.drawn_of(secret.watched)])
        )
    return Crawl(
        WORDS[:1],
        full=False,
        every=every,
        inventory=past.inventory(most=1, also=[*secret.watched, *past.drawn_of(secret.watched)]),
    )


def look(app, tokens, people, crawl):
    """Everything that each of the people gets to see, by name and address, and the letters they are sent (BL6)."""
    asked = {
        (name, address): answer
        for name in people
        for address, answer in crawl.answers(app, name, past.role_of(name), tokens[name])
    }
    return asked | {
        (name, f"letter {number}"): crawler.Answer("letter", 200, (), bytes(one))
        for name in people
        for number, one in enumerate(past.letters_to(name))
    }


def differences(left, right):
    """What is not the same to the byte, in words."""
    found = []
    for key in sorted(left.keys() | right.keys()):
        one, other = left.get(key), right.get(key)
        if one != other:
            found.append(f"{key[0]} {key[1]}: {_first_difference(one, other)}")
    return found


def _first_difference(one, other):
    if one is None or other is None:
        return "is asked for in one world only"
    if (one.status, one.headers) != (other.status, other.headers):
        return f"{one.status} {set(one.headers) ^ set(other.headers)} {other.status}"
    at = next(
        (n for n, (a, b) in enumerate(zip(one.body, other.body, strict=False)) if a != b), len(one.body)
    )
    return f"{one.body[max(0, at - 60) : at + 60].decode(errors='replace')!r} ≠ {other.body[max(0, at - 60) : at + 60].decode(errors='replace')!r}"


def compare(app, tokens, secret, *, people, every=1):
    """The differences between the two ways, and how many answers were compared."""
    before, seen, knows = paired_secrets.dealt(), [], secret.knows
    crawl = crawl_of(secret, every)
    for step in (secret.left, secret.right):
        with way(step):
            knows |= paired_secrets.dealt_to(before)
            seen.append(look(app, tokens, [name for name in people if name not in knows], crawl))
    return differences(
        *({key: one for key, one in part.items() if key[0] not in knows} for part in seen)
    ), len(seen[0])


@pytest.mark.proof("paired-worlds")
@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"] if FULL else ["sqlite"], indirect=True)
def test_whoever_must_not_know_gets_the_same_bytes(app, world, proof_count: Scaled, record_property) -> None:
    faults: list[str] = []
    answers: Counter[str] = Counter()
    secrets = paired_secrets.all_of()
    for secret, people in _pairs(secrets, set(world)):
        found, count = compare(app, world, secret, people=people)
        answers[secret.name] += count
        faults += [f"{secret.name} | {one}" for one in found]
    print(answers)
    record_property("count", f"{sum(answers.values())} answers compared")
    assert faults == []
    assert answers
    assert min(answers.values()) > 5


def _pairs(secrets, everybody):
    """(secret, who looks): those that go together in one pair of worlds, the readers in one of their own for each."""
    together, experts = paired_secrets.together(secrets), {past.account_of(code) for code in past.EXPERTS}
    yield together, sorted(everybody if FULL else {*FEW, max(experts)})
    for number, secret in enumerate(secrets):
        if not FULL and number % 6:  # the proof asks the readers of all of them
            continue
        readers = sorted(
            {past.account_of(past.line(one).expert.code) for one in secret.watched} - secret.knows
        )
        people = everybody if secret.alone else experts
        if FULL or readers:
            yield secret, sorted(people) if FULL else readers[:1]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
class TestOneWorld:
    """What no page may hold, whichever way the world went."""

    def test_every_kind_of_object_is_asked_for(self, app) -> None:
        del app
        assert [kind for kind, ids in past.inventory().items() if not ids] == []

    def test_a_leak_is_found(self, app, world, monkeypatch) -> None:
        """The comparison can fail: a header that counts sheets, a page in the order of the rows."""
        secrets = {secret.name: secret for secret in paired_secrets.all_of()}

        def mean(response):
            response.set_etag(str(db.session.execute(select(func.avg(Sheet.total))).scalar()))
            return response

        def first_row(response):
            top = select(Assignment.public_id).order_by(Assignment.id.desc()).limit(1)
            response.headers["X-Last"] = db.session.execute(top).scalar_one()
            return response

        for name, leak in (("another's mark", mean), ("order of the rows", first_row)):
            with monkeypatch.context() as patch:
                patch.setitem(app.after_request_funcs, None, [*app.after_request_funcs[None], leak])
                found, _ = compare(app, world, secrets[name], people=["liaison"], every=8)
            assert found, name

    def test_an_experts_pages_hold_no_names(self, app, world) -> None:
        """Blind by metadata: of the dealt cases neither number nor a name, in page, header or file name."""
        words = {"案号", "受援人99", "承办人99", "承办所", "办案机关99", *(place.name for place in _places())}
        bad = []
        seen = _seen(app, world, ["expert"], also=_own_lines())
        assert sum(one.status == 200 and one.endpoint == "scoring.sheet" for one in seen.values()) > 3
        for (name, address), answer in seen.items():
            bad += [f"{name} {address}: {word}" for word in words if word in unquote(answer.text)]
        assert bad == []

    def test_liaison_and_viewer_see_nothing_of_unreleased_rounds(self, app, world) -> None:
        """But what is public, which is asked for as nobody and compared elsewhere."""
        hidden = {f"{code}质量评估" for code in past.ROUNDS if code not in past.RELEASED}
        bad = []
        for (name, address), answer in _seen(app, world, ["liaison", "viewer"]).items():
            bad += [f"{name} {address}: {word}" for word in hidden if word in answer.text]
        assert bad == []

    def test_prints_workbooks_files_letters_and_mails_are_among_what_is_compared(self, app, world) -> None:
        """BL1, BL5 and BL6 speak of them: with what the crawl asks for they are there."""
        case = paired_secrets.open_cases("SCORING")[0]
        reader = past.account_of(case[0].expert.code)
        own = past.drawn_of(line.public_id for line in past.lines_of("RELEASED", untouched=False))
        asked = {
            f"/scoring/{case[0].public_id}/paper": reader, "/scoring/workbook.xlsx": reader,
            f"/scoring/{case[0].public_id}/page": reader,
        }  # fmt: skip
        for address, name in asked.items():
            assert crawler.ask(app, "", address, name, world[name]).status == 200, address
        letters = [f"/grades/{one}/review-opinion/docx" for one in own]
        got = [crawler.ask(app, "", address, "liaison", world["liaison"]).status for address in letters]
        assert 200 in got
        assert past.letters_to("liaison")

    def test_a_case_that_must_be_recused_is_gone(self, app, world) -> None:
        """It is in no list and no count, and its address answers as one that doesn't exist."""
        line = past.lines_of("SCORING")[0]
        name, public_id, expert = past.account_of(line.expert.code), line.public_id, line.expert_id
        before = sheets.count_for(past.actor(name), state="open")
        case = db.session.get_one(Case, line.sampled_case.frame_case.case_id)
        firm = db.session.get_one(Provider, case.provider_id).name
        past.change(update(Expert).where(Expert.id == expert).values(provider=firm))
        assert sheets.count_for(past.actor(name), state="open") == before - 1
        seen = _seen(app, world, [name], also=[public_id])
        assert seen[name, f"/scoring/{public_id}"].status == 404
        told = (public_id, public_id[:8].upper())
        bad = [
            address
            for (_, address), one in seen.items()
            if public_id not in address and any(t in one.text for t in told)
        ]
        assert bad == []

    @pytest.mark.proof("paired-worlds", heavy=True)
    def test_a_practitioner_sees_the_notified_result_of_the_own_case_alone(self, app, world) -> None:
        """In the window: the own marks, and no byte of who reads, of a later step, of another case's grade."""
        del world
        own, *rest = ([line.public_id for line in case] for case in paired_secrets.open_cases("WAITING"))
        drawn = past.drawn_of(own)[0]

        def seen(*, mine=87, others=87, step=paired_secrets.nothing):
            points = {**dict.fromkeys(own, mine), **{one: others for case in rest for one in case}}
            with way(lambda: practitioner_worlds.told_early("WAITING", points)):
                step()
                return practitioner_worlds.feedback_page(app, drawn)

        page = seen()
        assert "初步结果".encode() in page
        assert b"E00" not in page
        assert seen(others=62) == page
        assert seen(step=lambda: practitioner_worlds.rescored(drawn, 40)) == page
        assert seen(step=lambda: practitioner_worlds.read_by_another(own[0])) == page
        assert seen(mine=86) != page


def _places():
    return db.session.execute(select(Institution).where(Institution.level == "county")).scalars()


def _own_lines():
    """Public ids of what the expert reads."""
    mine = Expert.code == personas.PERSONAS["expert"].expert
    return list(db.session.execute(select(Assignment.public_id).join(Expert).where(mine)).scalars())


def _seen(app, tokens, people, *, also=()):
    crawl = Crawl(WORDS[:1], full=False, inventory=past.inventory(most=1, also=also))
    return look(app, tokens, people, crawl)
