"""The command line: Flask's own group with our verbs on it. The one package that imports config."""

from typing import IO, Any

import click
from flask import Flask
from flask.cli import FlaskGroup, NoAppException, routes_command

from config import ConfigurationError, from_environment
from qualityeval.cli import (
    accounts,
    audits,
    backup,
    bench,
    demo,
    doctor,
    draws,
    imports,
    launch,
    rounds,
    rubrics,
    serve,
    system,
    worker,
)


class NoInstance(NoAppException):
    """The instance can't start as it stands: a plain message and exit 1; `--help` still helps."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """The message alone, without usage."""
        click.echo(self.format_message(), err=True, file=file)


def build_app() -> Flask:
    """The application of the instance that the environment names; a plain message where it can't start."""
    from qualityeval.app import create_app

    try:
        return create_app(from_environment().mapping())
    except ConfigurationError as fault:
        raise NoInstance(str(fault)) from fault


@click.group(cls=FlaskGroup, create_app=build_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """qualityeval: quality evaluation of closed legal-aid cases."""


main.add_command(routes_command)
for group in (accounts.group, audits.group, draws.group, imports.group, rounds.group, rubrics.group):
    main.add_command(group)
for command in (
    system.init,
    serve.serve,
    worker.worker,
    demo.demo,
    launch.launch,
    backup.backup,
    backup.restore,
    doctor.doctor,
    bench.bench,
):
    main.add_command(command)
