"""`demo`: the demonstration province, and the note of its accounts in the instance folder."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from qualityeval.adapters.second_factor import code_at
from qualityeval.authz import Actor
from qualityeval.cli.bar import bar
from qualityeval.cli.door import Result, verb
from qualityeval.database import transaction
from qualityeval.services import demo as services
from qualityeval.services.demo import DemoAccount

CASES, SEED = 6_000, 1
NOTE = "demo"


def show(result: Result) -> None:
    """What was made, and the accounts as a table."""
    click.echo(f"institutions: {result['institutions']}  cases: {result['cases']}")
    print_accounts([DemoAccount(**account) for account in result["accounts"]], codes={})


@click.command("demo")
@click.option("--cases", type=int, default=CASES, show_default=True)
@click.option("--seed", type=int, default=SEED, show_default=True)
@verb(show=show)
def demo(*, actor: Actor, now: datetime, cases: int, seed: int) -> Result:
    """Fill an empty database with an invented province and accounts of every role."""
    return asdict(make(actor=actor, cases=cases, seed=seed, now=now))


def make(*, actor: Actor, cases: int, seed: int, now: datetime) -> services.Demo:
    """Make the province and note its accounts beside the database, readable by its owner alone."""
    with bar() as progress, transaction():
        made = services.create_demo(actor=actor, cases=cases, seed=seed, now=now, progress=progress)
        _write_note(Path(current_app.config["HOME"]) / NOTE, made.accounts)
    return made


def _write_note(path: Path, accounts: Sequence[DemoAccount]) -> None:
    partial = path.with_suffix(".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(account) for account in accounts], file, ensure_ascii=False, indent=1)
    partial.replace(path)


def noted(home: Path) -> list[DemoAccount]:
    """The accounts of the demonstration in this folder, none where there is none."""
    path = home / NOTE
    if not path.is_file():
        return []
    content: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [DemoAccount(**account) for account in content]


def print_accounts(accounts: Sequence[DemoAccount], *, codes: dict[str, str]) -> None:
    """A table: account, role, place, password, TOTP secret, and the present code where given."""
    table = Table(box=SIMPLE_HEAD, header_style="bold")
    for heading in (
        "account",
        "role",
        "institution",
        "password",
        "TOTP secret",
        *(["code now"] if codes else []),
    ):
        table.add_column(heading, no_wrap=True)
    for account in accounts:
        cells = [
            account.name,
            account.role,
            account.institution,
            account.password,
            account.totp_secret or "-",
        ]
        table.add_row(*cells, *([codes.get(account.name, "-")] if codes else []))
    width = None if os.isatty(1) else 140
    Console(width=width).print(table)


def present_codes(accounts: Sequence[DemoAccount], now: datetime) -> dict[str, str]:
    """The code of each account's second factor at this instant."""
    return {a.name: code_at(a.totp_secret, now) for a in accounts if a.totp_secret}
