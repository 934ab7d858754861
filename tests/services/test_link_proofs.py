"""Tokens in bulk: a million of them, and a hundred thousand guesses (threat list TK1, TK2)."""

import secrets

import pytest

from qualityeval.core.self_service import Way
from qualityeval.database import db, transaction
from qualityeval.models import Callback
from qualityeval.services import opinions, recipient_links
from qualityeval.services.one_time import LinkDead, keyed_token, new_token
from tests.channel_rows import create_callback
from tests.factories import NOW, create_actor, create_case, create_institution

ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.proof("link-tokens")
def test_no_two_tokens_are_alike_and_all_signs_are_used(proof_count):
    """192 bits: of a million the chance of one pair is 2^-153; each place takes all 64 signs."""
    tokens = [new_token() for _ in range(proof_count(1_000_000))]
    assert len(set(tokens)) == len(tokens)
    assert {len(one) for one in tokens} == {32}
    assert all({one[place] for one in tokens} == ALPHABET for place in range(32))


@pytest.mark.proof("link-guesses", heavy=True)
def test_no_guess_opens_anything(session, proof_count):
    """Random tokens, one sign off, and the public ids themselves, against 20 open links of each kind."""
    county = create_institution()
    manager = create_actor(institution=county)
    known = {opinions.exchange: [], recipient_links.exchange: []}
    for _ in range(20):
        case = create_case(institution=county, organ="法院")
        row = create_callback(case=case)
        with transaction():
            known[opinions.exchange].append(
                opinions.ask(actor=manager, case=case, organ="", officer="", days=15, now=NOW)[1]
            )
            link = recipient_links.send(
                actor=manager, callback=db.session.get_one(Callback, row.id), way=Way.LETTER, days=15, guardian=False,
                now=NOW,
            )  # fmt: skip
            known[recipient_links.exchange] += [recipient_links.token_of(link.public_id)]
    tried = opened = 0
    with transaction():
        while tried < proof_count(100_000):
            for exchange, tokens in known.items():
                near = secrets.choice(tokens)
                place = secrets.randbelow(32)
                for guess in (
                    new_token(),
                    near[:place] + secrets.choice("AbCd") + near[place + 1 :],
                    keyed_token("x", near),
                ):
                    tried += guess not in tokens
                    try:
                        opened += guess not in tokens and bool(exchange(token=guess, now=NOW))
                    except LinkDead:
                        continue
    assert (opened, tried >= proof_count(100_000)) == (0, True)
