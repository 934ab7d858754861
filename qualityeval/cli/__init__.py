"""The command line: Flask's own group with our verbs on it. The one package that imports config."""

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup, routes_command

from config import ConfigurationError, from_environment
from qualityeval.cli import accounts, audits


def build_app() -> Flask:
    """The application of the instance that the environment names; a plain message where it can't start."""
    from qualityeval.app import create_app

    try:
        return create_app(from_environment().mapping())
    except ConfigurationError as fault:
        click.echo(str(fault), err=True)
        sys.exit(1)


@click.group(cls=FlaskGroup, create_app=build_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """qualityeval: quality evaluation of closed legal-aid cases."""


main.add_command(routes_command)
for group in (accounts.group, audits.group):
    main.add_command(group)
