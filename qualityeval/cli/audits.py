"""`audit verify` and `audit head`."""

from datetime import datetime

import click

from qualityeval.authz import Actor, Permission, require
from qualityeval.cli.door import Refused, Result, verb
from qualityeval.services import audit


@click.group("audit")
def group() -> None:
    """The audit log."""


@group.command("verify")
@click.option("--head", "expected", metavar="HASH", help="a head that was noted elsewhere earlier")
@verb()
def verify(*, actor: Actor, now: datetime, expected: str | None) -> Result | Refused:
    """Walk the hash chain from its first event."""
    del now
    require(actor, Permission.AUDIT_READ)
    verdict = audit.verify(expected_head=expected)
    result = {
        "ok": verdict.ok, "events": verdict.events, "head": verdict.head, "first_bad": verdict.first_bad,
    }  # fmt: skip
    return result if verdict.ok else Refused(result)


@group.command("head")
@verb()
def head(*, actor: Actor, now: datetime) -> Result:
    """Print the hash of the last event, to be kept elsewhere."""
    del now
    require(actor, Permission.AUDIT_READ)
    return {"head": audit.head()}
