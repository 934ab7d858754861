"""What every verb of the command line shares: who acts, `--json`, refusals, exit codes, language."""

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import Babel, force_locale
from sqlalchemy.orm.exc import StaleDataError

from qualityeval import clock
from qualityeval.authz import COMMAND_LINE, Actor
from qualityeval.core.errors import InvalidInput, RuleViolation, Stale, msg
from qualityeval.queries.accounts import actor_named
from qualityeval.web.messages import words

TRANSLATIONS = str(Path(__file__).resolve().parent.parent / "translations")
Result = Mapping[str, Any]
BROKEN = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Refused:
    """A result that is printed whole although the answer is no (exit 1): rejected rows, a broken chain."""

    result: Result


def language() -> str:
    """`en` where the terminal speaks English, else `zh`."""
    chosen = os.environ.get("QUALITYEVAL_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if chosen.lower().startswith("en") else "zh"


def print_json(content: Result) -> None:
    """One object on standard output, nothing else."""
    click.echo(json.dumps(content, ensure_ascii=False, default=str))


def print_plain(content: Result) -> None:
    """The same keys as indented lines for people."""
    for line in plain_lines(content):
        click.echo(line)


def plain_lines(content: Any, indent: int = 0) -> list[str]:
    """`key: value` lines; lists of objects one line each."""
    pad = "  " * indent
    lines: list[str] = []
    for key, value in content.items():
        if isinstance(value, Mapping) and value:
            lines += [f"{pad}{key}:", *plain_lines(value, indent + 1)]
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            rows = ["  ".join(f"{name}={cell}" for name, cell in row.items()) for row in value]
            lines += [f"{pad}{key}:", *(f"{pad}  {row}" for row in rows)]
        else:
            lines.append(f"{pad}{key}: {_plain(value)}")
    return lines


def _plain(value: Any) -> str:
    if value is None or value in ([], {}):
        return "-"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)


def refuse(refusal: RuleViolation, *, as_json: bool) -> None:
    """Print the refusal and leave with 1."""
    message = words(refusal)
    if as_json:
        print_json({"error": {"code": refusal.code, "message": message, "where": refusal.where}})
    else:
        place = f" [{refusal.where}]" if refusal.where else ""
        click.echo(f"{message}{place} ({refusal.code})", err=True)
    sys.exit(1)


def verb(
    *, show: Callable[[Result], None] = print_plain
) -> Callable[[Callable[..., Result | Refused]], Callable[..., None]]:
    """Make a verb of a function that takes `actor`, `now` and its own options and returns its result.

    Adds `--as ACCOUNT` and `--json`. A RuleViolation prints as a refusal (exit 1); `Refused` prints its
    result and exits 1 too. `show` prints the result for people.
    """

    def decorate(function: Callable[..., Result | Refused]) -> Callable[..., None]:
        @click.option("--as", "acts_as", metavar="ACCOUNT", help="the account that acts")
        @click.option("--json", "as_json", is_flag=True, help="print one JSON object")
        @with_appcontext
        @wraps(function)
        def run(*, acts_as: str | None, as_json: bool, **options: Any) -> None:
            with force_locale(language()):
                try:
                    _refuse_broken_text({"--as": acts_as, **options})
                    outcome = function(actor=_actor(acts_as), now=clock.now(), **options)
                except RuleViolation as refusal:
                    refuse(refusal, as_json=as_json)
                    return
                except StaleDataError:  # somebody saved the same thing at the same moment
                    refuse(Stale(), as_json=as_json)
                    return
                result = outcome.result if isinstance(outcome, Refused) else outcome
                (print_json if as_json else show)(result)
            if isinstance(outcome, Refused):
                sys.exit(1)

        return run

    return decorate


def _refuse_broken_text(options: Mapping[str, Any]) -> None:
    """Bytes that aren't UTF-8 arrive as halves of surrogates, which no database takes (paths may hold them)."""
    for name, value in options.items():
        for text in value if isinstance(value, list | tuple) else (value,):
            if isinstance(text, str) and BROKEN.search(text):
                raise InvalidInput(
                    "input.encoding", msg("命令行里的文字不是UTF-8编码，请检查终端的编码。"), where=name
                )


def speaking(function: Callable[..., None]) -> Callable[..., None]:
    """For verbs that need no instance: messages in the terminal's language all the same."""

    @wraps(function)
    def run(**options: Any) -> None:
        with Flask("qualityeval").app_context():
            Babel(current_app, default_translation_directories=TRANSLATIONS)
            with force_locale(language()):
                function(**options)

    return run


def _actor(name: str | None) -> Actor:
    return actor_named(name) if name else COMMAND_LINE
