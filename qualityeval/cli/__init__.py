"""The command line: Flask's own group with our verbs on it. The one package that imports config."""

import gc
from importlib import import_module
from typing import IO, Any

import click
from flask import Flask
from flask.cli import FlaskGroup, NoAppException, routes_command

from config import ConfigurationError, from_environment

# loaded when they are asked for: a verb shouldn't wait for what only others need
VERBS = {
    "account": "qualityeval.cli.accounts:group",
    "audit": "qualityeval.cli.audits:group",
    "backup": "qualityeval.cli.backup:backup",
    "bench": "qualityeval.cli.bench:bench",
    "calibration": "qualityeval.cli.calibration:group",
    "callbacks": "qualityeval.cli.fieldwork:callbacks",
    "demo": "qualityeval.cli.demo:demo",
    "doctor": "qualityeval.cli.doctor:doctor",
    "draw": "qualityeval.cli.draws:group",
    "expert": "qualityeval.cli.experts:group",
    "export": "qualityeval.cli.staff_parts:exports",
    "import": "qualityeval.cli.channels:group",
    "index": "qualityeval.cli.composite:group",
    "init": "qualityeval.cli.system:init",
    "launch": "qualityeval.cli.launch:launch",
    "model-cases": "qualityeval.cli.model_cases:group",
    "observations": "qualityeval.cli.fieldwork:observations",
    "objections": "qualityeval.cli.objections:group",
    "opinions": "qualityeval.cli.letters:opinions",
    "practitioners": "qualityeval.cli.letters:practitioners",
    "restatement": "qualityeval.cli.restatements:group",
    "restore": "qualityeval.cli.backup:restore",
    "round": "qualityeval.cli.staff_parts:group",
    "rubric": "qualityeval.cli.rubrics:group",
    "serve": "qualityeval.cli.serve:serve",
    "tickets": "qualityeval.cli.tickets:group",
    "training": "qualityeval.cli.model_cases:training",
    "watch": "qualityeval.cli.experts:watching",
    "worker": "qualityeval.cli.worker:worker",
}
# starting makes hundreds of thousands of objects that all last: looking for garbage among them is in vain
gc.set_threshold(50_000, 20, 50)

WITH_PAGES = {"bench", "routes"}


class NoInstance(NoAppException):
    """The instance can't start as it stands: a plain message and exit 1; `--help` still helps."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """The message alone, without usage."""
        click.echo(self.format_message(), err=True, file=file)


def build_app(*, with_pages: bool = False) -> Flask:
    """The application of the instance that the environment names; a plain message where it can't start.

    Without pages unless they are asked for, here or by the verb that is called.
    """
    from qualityeval.app import create_app, create_core

    called = click.get_current_context(silent=True)
    with_pages = with_pages or (called is not None and called.find_root().invoked_subcommand in WITH_PAGES)
    try:
        return (create_app if with_pages else create_core)(from_environment().mapping())
    except ConfigurationError as fault:
        raise NoInstance(str(fault)) from fault


class Verbs(FlaskGroup):
    """The group of our verbs, each in its own module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, for `--help`."""
        return sorted({*super().list_commands(ctx), *VERBS})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Our verb of that name, else what Flask knows."""
        place = VERBS.get(name)
        if place is None:
            return super().get_command(ctx, name)
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Verbs, create_app=build_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """qualityeval: quality evaluation of closed legal-aid cases."""


main.add_command(routes_command)
