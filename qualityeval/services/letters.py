"""Printed letters: a part's worth of one-time links, each on its sheet with its code. Printing changes nothing.

organs(actor=, ids=, now=) -> bytes                  requests to organs
practitioners(actor=, round_=, ids=, now=) -> bytes  results of a round
recipients(actor=, ids=, now=) -> bytes              callbacks by letter
"""

from collections.abc import Sequence
from datetime import datetime

from qualityeval.authz import Actor, Permission, require
from qualityeval.database import instance_address
from qualityeval.models import Round
from qualityeval.queries import opinion_letters, practitioner_links, recipient_links
from qualityeval.reports import organ_letters, practitioner_letters, recipient_letters
from qualityeval.services import opinions
from qualityeval.services import practitioner_links as telling
from qualityeval.services import recipient_links as calling
from qualityeval.services.opinion_letters import links_of


def organs(*, actor: Actor, ids: Sequence[str], now: datetime) -> bytes:
    """The PDF of these requests' letters, by organ and case."""
    require(actor, Permission.OPINION_ASK)
    made = [
        organ_letters.letter_of(row, instance_address() + opinions.PATH + token)
        for row, token in links_of(opinion_letters.letters_for(actor, ids))
    ]
    return organ_letters.letters_pdf(made, made_at=now)


def practitioners(*, actor: Actor, round_: Round, ids: Sequence[str], now: datetime) -> bytes:
    """The PDF of these links' letters, by provider and practitioner."""
    require(actor, Permission.OBJECTION_DECIDE, round_)
    made = [
        (row, instance_address() + telling.PATH + telling.token_of(row.link.public_id))
        for row in practitioner_links.letters_of(round_, ids)
    ]
    return practitioner_letters.letters_pdf(made, made_at=now)


def recipients(*, actor: Actor, ids: Sequence[str], now: datetime) -> bytes:
    """The PDF of these links' letters, in the lists' order."""
    require(actor, Permission.CALLBACK_PLAN)
    made = [
        recipient_letters.Letter(
            one.callback.case.institution.name, one.callback.case.recipient_name, one.guardian, one.expires_at,
            instance_address() + calling.PATH + calling.token_of(one.public_id),
        )
        for one in recipient_links.letters_for(actor, ids)
    ]  # fmt: skip
    return recipient_letters.letters_pdf(made, made_at=now)
