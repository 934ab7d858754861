"""`account create`, `account reset`."""

from datetime import datetime

import click

from qualityeval.authz import Actor
from qualityeval.cli.door import Result, verb
from qualityeval.core.codes import Role
from qualityeval.core.errors import NotFound, msg
from qualityeval.database import transaction
from qualityeval.queries.accounts import by_name
from qualityeval.services import accounts


@click.group("account")
def group() -> None:
    """Accounts."""


@group.command("create")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--institution", metavar="CODE", help="the institution's code")
@click.option("--expert", metavar="CODE", help="the expert's code")
@verb()
def create(
    *, actor: Actor, now: datetime, name: str, role: str, institution: str | None, expert: str | None
) -> Result:
    """Create an account and print its one-time password and, where due, its TOTP secret."""
    with transaction():
        new = accounts.create_account(
            actor=actor, name=name, role=Role(role), now=now, institution=institution, expert=expert
        )
        created = {"name": new.account.name, "role": role}
    return {**created, "password": new.password, "totp_secret": new.totp_secret}


@group.command("reset")
@click.argument("name")
@verb()
def reset(*, actor: Actor, now: datetime, name: str) -> Result:
    """Replace an account's password and TOTP secret and end its sessions; the only way for two administrators."""
    with transaction():
        account = by_name(name)
        if account is None:
            raise NotFound("account.unknown", msg("没有这个账号。"), where="name")
        new = accounts.reset_access(actor=actor, account=account, now=now)
        known = {"name": account.name, "role": account.role}
    return {**known, "password": new.password, "totp_secret": new.totp_secret}
