"""`opinions …` and `practitioners …`: asking organs, telling practitioners, and the letters that carry the links."""

import gc
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import click

from qualityeval.authz import Actor
from qualityeval.cli.door import Result, verb
from qualityeval.cli.files import replacing
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.letter_parts import chosen, parts
from qualityeval.core.opinion import LINK_DAYS
from qualityeval.database import db, transaction
from qualityeval.queries import opinion_letters, practitioner_links, rounds
from qualityeval.services import letters as printing
from qualityeval.services import opinion_letters as asking
from qualityeval.services import practitioner_links as telling

DAYS = click.option("--days", type=click.IntRange(1), default=LINK_DAYS, show_default=True)
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="F.zip",
    help="or F.pdf for one part",
)


@click.group("opinions")
def opinions() -> None:
    """Opinions of case-handling organs."""


@click.group("practitioners")
def practitioners() -> None:
    """Practitioners' feedback and statements."""


@opinions.command("ask")
@click.argument("code")
@DAYS
@verb()
def ask(*, actor: Actor, now: datetime, code: str, days: int) -> Result:
    """Ask the organ of each drawn case of a round; the links go out by letter."""
    with transaction():
        made = asking.ask_round(actor=actor, round_=rounds.by_code_for(actor, code), days=days, now=now)
    return {"asked": made.made, "left_out": dict(made.left_out)}


@opinions.command("letters")
@click.argument("code", required=False)
@OUTPUT
@verb()
def opinion_file(*, actor: Actor, now: datetime, code: str | None, output: Path) -> Result:
    """Write the letters of all unopened requests, or of one round's."""
    round_ = rounds.by_code_for(actor, code) if code else None
    ids = opinion_letters.waiting_letters(actor, now=now, round_=round_)
    return _write(output, ids, lambda part: printing.organs(actor=actor, ids=part, now=now))


@practitioners.command("tell")
@click.argument("code")
@DAYS
@verb()
def tell(*, actor: Actor, now: datetime, code: str, days: int) -> Result:
    """Make a link for each drawn case of a notified or released round; they go out by letter."""
    with transaction():
        made = telling.send(actor=actor, round_=rounds.by_code_for(actor, code), days=days, now=now)
    return {"told": made.made, "left_out": dict(made.left_out)}


@practitioners.command("letters")
@click.argument("code")
@OUTPUT
@verb()
def practitioner_file(*, actor: Actor, now: datetime, code: str, output: Path) -> Result:
    """Write the letters of a round's unopened links."""
    round_ = rounds.by_code_for(actor, code)
    ids = practitioner_links.waiting_letters(round_, now=now)
    return _write(
        output, ids, lambda part: printing.practitioners(actor=actor, round_=round_, ids=part, now=now)
    )


def _write(output: Path, ids: Sequence[str], make: Callable[[Sequence[str]], bytes]) -> Result:
    """A PDF where the letters fit into one, else a ZIP of them, a part in memory at a time."""
    if not ids:
        raise InvalidInput("letters.none", msg("没有要打印的信函。"), where="letters")
    whole = output.suffix.lower() == ".pdf"
    listed = parts(ids)
    with replacing(output) as file:
        if whole:
            file.write(make(chosen(ids, "")))
        else:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
                for one in listed:
                    packed.writestr(
                        f"letters-{one.begin:05d}-{one.end:05d}.pdf", make(chosen(ids, one.first))
                    )
                    db.session.expunge_all()  # what one part read isn't kept for the next
                    gc.collect()  # the command line seldom looks for garbage by itself
    return {"file": str(output), "letters": len(ids), "parts": len(listed), "bytes": output.stat().st_size}
