"""`launch`: what `make run` calls. Everything made on the first run, accounts printed, then serve."""

import click
from flask_babel import force_locale

from qualityeval import clock
from qualityeval.authz import COMMAND_LINE
from qualityeval.cli import demo
from qualityeval.cli.door import language
from qualityeval.cli.instance import Prepared, prepare
from qualityeval.cli.serve import bind, run
from qualityeval.cli.worker import log_to_stderr
from qualityeval.services.demo import is_unused


@click.command("launch")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), envvar="PORT", default=8000, show_default=True)
@click.option("--cases", type=int, default=demo.CASES, show_default=True, help="size of a new demonstration")
def launch(*, host: str, port: int, cases: int) -> None:
    """Make what is missing, a demonstration in an unused database, print its accounts, and serve.

    For looking and trying: the accounts are printed at every start. Real use is `init` and `serve`.
    """
    log_to_stderr()
    bind(host, port).close()  # a busy port is said before anything is made
    ready = prepare()
    first = _demonstrate(ready, cases)
    accounts = demo.noted(ready.home)
    if accounts:
        if not first:
            click.echo("The demonstration of an earlier start:")
        demo.print_accounts(accounts, codes=demo.present_codes(accounts, clock.now()))
        click.echo(
            "A code lives 30 seconds and works once; the next comes with the secret in any authenticator,"
        )
        click.echo(f"or by starting again. Everything lies in {ready.home}")
    run(host=host, port=port, threads=8, insecure_http=False, with_worker=True)


def _demonstrate(ready: Prepared, cases: int) -> bool:
    with ready.app.app_context(), force_locale(language()):
        if not is_unused():
            return False
        demo.make(actor=COMMAND_LINE, cases=cases, seed=demo.SEED, now=clock.now())
    return True
