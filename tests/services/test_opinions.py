"""Organs' opinions: the life of a one-time link, to the second, and what is stored of it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from qualityeval.core.codes import Role
from qualityeval.core.coverage import Rate
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.core.opinion import OpinionState
from qualityeval.core.questionnaire import Unanswered
from qualityeval.database import db, transaction
from qualityeval.queries import opinions as queries
from qualityeval.services import opinions as services
from qualityeval.services.one_time import LinkDead
from tests.channel_rows import PRAISE
from tests.factories import NOW, create_actor, create_case, create_institution

HOUR = timedelta(minutes=60)


@pytest.fixture
def office(session):
    """A manager and a case of the county."""
    county = create_institution()
    return create_actor(institution=county), create_case(institution=county, organ="临州市人民法院")


def ask(manager, case, *, days=15, organ="", now=NOW):
    with transaction():
        row, token = services.ask(actor=manager, case=case, organ=organ, officer="", days=days, now=now)
        return row.public_id, token


def exchange(token, now=NOW):
    with transaction():
        return services.exchange(token=token, now=now)


def answer(held, given=PRAISE, now=NOW):
    with transaction():
        return services.answer(session_token=held, given=given, now=now)


def test_from_the_letter_to_the_answer(office):
    manager, case = office
    public_id, token = ask(manager, case)
    held = exchange(token)
    assert services.of_session(session_token=held, now=NOW).public_id == public_id
    assert answer(held) is True
    row = queries.get_for(manager, public_id)
    assert (row.answers, row.via, queries.state_of(row, now=NOW)) == (PRAISE, "link", OpinionState.ANSWERED)
    assert queries.reply_rate_for(manager) == Rate(1, 1)
    assert [one.good for one in queries.dimensions_for(manager)] == [Rate(2, 2), Rate(2, 3), Rate(1, 2)]


def test_an_answer_is_sealed_once_sent(office):
    manager, case = office
    _public_id, token = ask(manager, case)
    held = exchange(token)
    answer(held)
    assert answer(held, {**PRAISE, "dutiful": "good"}, NOW + timedelta(minutes=1)) is False
    row = services.of_session(session_token=held, now=NOW)
    assert (row.answers["dutiful"], row.answered_at) == ("poor", NOW)


def test_a_link_is_exchanged_once_and_dies_to_the_second(office):
    manager, case = office
    _public_id, token = ask(manager, case, days=1)
    dead = NOW + timedelta(days=1)
    with pytest.raises(LinkDead):
        exchange(token, dead)
    exchange(token, dead - timedelta(seconds=1))
    with pytest.raises(LinkDead):
        exchange(token)


def test_wrong_used_revoked_and_expired_links_sound_alike(office):
    manager, case = office
    public_id, token = ask(manager, case)
    refusals = []
    for attempt, now in ((token[:-1], NOW), ("", NOW), (token, NOW + timedelta(days=15))):
        with pytest.raises(LinkDead) as refusal:
            exchange(attempt, now)
        refusals.append(refusal.value.message)
    with transaction():
        services.revoke(actor=manager, opinion=queries.get_for(manager, public_id), now=NOW)
    with pytest.raises(LinkDead) as refusal:
        exchange(token)
    assert {*refusals, refusal.value.message} == {LinkDead.text}


def test_the_session_is_short_and_dies_with_the_request(office):
    manager, case = office
    public_id, token = ask(manager, case)
    held = exchange(token)
    services.of_session(session_token=held, now=NOW + HOUR - timedelta(seconds=1))
    for bad, now in ((held, NOW + HOUR), ("", NOW), (held[:-1], NOW)):
        with pytest.raises(LinkDead):
            services.of_session(session_token=bad, now=now)
    with transaction():
        services.revoke(actor=manager, opinion=queries.get_for(manager, public_id), now=NOW)
    with pytest.raises(LinkDead):
        answer(held)


def test_no_usable_token_is_in_the_database(office):
    manager, case = office
    _public_id, token = ask(manager, case)
    held = exchange(token)
    whole = ""
    for table in ("organ_opinion", "audit_event"):
        whole += str(db.session.execute(text(f"SELECT * FROM {table}")).all())
    assert token not in whole
    assert held not in whole
    assert len(token) >= 32  # 24 random bytes in base64: 192 bits


def test_half_an_answer_is_not_kept(office):
    manager, case = office
    _public_id, token = ask(manager, case)
    held = exchange(token)
    with pytest.raises(Unanswered):
        answer(held, {"order": "good"})
    assert services.of_session(session_token=held, now=NOW).answered_at is None


def test_one_standing_request_a_case(office):
    manager, case = office
    public_id, _token = ask(manager, case)
    with pytest.raises(InvalidInput) as refusal:
        ask(manager, case)
    assert refusal.value.code == "exists"
    with transaction():
        services.revoke(actor=manager, opinion=queries.get_for(manager, public_id), now=NOW)
    ask(manager, case, days=1)
    ask(manager, case, now=NOW + timedelta(days=1))  # the one before has just expired
    assert queries.reply_rate_for(manager) == Rate(0, 1)  # one case, however often
    states = [one.state for one in queries.list_for(manager, now=NOW + timedelta(days=1))]
    assert states == ["asked", "expired", "revoked"]
    for state, count in (("asked", 1), ("expired", 1), ("revoked", 1), ("answered", 0), ("", 3)):
        assert queries.count_for(manager, state=state, now=NOW + timedelta(days=1)) == count


def test_a_letter_is_entered_and_kills_the_link(office):
    manager, case = office
    public_id, token = ask(manager, case)
    with transaction():
        services.enter_letter(
            actor=manager, opinion=queries.get_for(manager, public_id), given=PRAISE, now=NOW
        )
    row = queries.get_for(manager, public_id)
    assert (row.via, row.entered_by) == ("letter", manager.name)
    with pytest.raises(LinkDead):
        exchange(token)
    for again in (services.revoke, lambda **kind: services.enter_letter(**kind, given=PRAISE)):
        with pytest.raises(WrongState), transaction():
            again(actor=manager, opinion=queries.get_for(manager, public_id), now=NOW)


def test_a_revoked_request_takes_no_letter(office):
    manager, case = office
    public_id, _token = ask(manager, case)
    with transaction():
        services.revoke(actor=manager, opinion=queries.get_for(manager, public_id), now=NOW)
    with pytest.raises(WrongState), transaction():
        services.enter_letter(
            actor=manager, opinion=queries.get_for(manager, public_id), given=PRAISE, now=NOW
        )


@pytest.mark.parametrize("days", [0, 61])
def test_a_link_lives_a_day_to_sixty(office, days):
    with pytest.raises(InvalidInput):
        ask(*office, days=days)


def test_somebody_has_to_be_asked(office):
    manager, case = office
    bare = create_case(institution=case.institution)
    with pytest.raises(InvalidInput) as refusal:
        ask(manager, bare)
    assert refusal.value.where == "organ"
    public_id, _token = ask(manager, bare, organ=" 检察院 ")
    assert queries.get_for(manager, public_id).organ == "检察院"


def test_strangers_neither_ask_nor_read(office):
    manager, case = office
    public_id, _token = ask(manager, case)
    stranger = create_actor(institution=create_institution())
    with pytest.raises(NotFound):
        queries.get_for(stranger, public_id)
    with pytest.raises(NotAllowed):
        ask(stranger, case)
    with pytest.raises(NotAllowed):
        ask(create_actor(role=Role.CALLER, institution=case.institution), case)
