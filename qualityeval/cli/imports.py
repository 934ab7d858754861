"""`import cases`: a register by its mapping file, all or nothing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from qualityeval import clock
from qualityeval.adapters.yaml_text import load_text
from qualityeval.authz import Actor
from qualityeval.cli.bar import bar
from qualityeval.cli.door import Refused, Result, verb
from qualityeval.cli.files import read_text, unreadable
from qualityeval.cli.reviews import imports as group
from qualityeval.core.mapping import Mapping, parse_mapping
from qualityeval.database import transaction
from qualityeval.services.case_import import ImportOptions, ImportOutcome, import_cases
from qualityeval.web.register_outcome import as_result


@group.command("cases")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", "mapping_file", type=click.Path(path_type=Path), required=True, metavar="MAP.yaml")
@click.option("--under", default="", metavar="CODE", help="the institution below which new ones are created")
@click.option("--create-institutions", is_flag=True, help="create the institutions that the register names")
@click.option("--update", is_flag=True, help="replace stored values that differ")
@click.option("--blank", is_flag=True, help="with --update: let empty cells empty stored values")
@click.option("--skip-rejected", is_flag=True, help="store the good rows although others are rejected")
@click.option("--dry-run", is_flag=True, help="say what would happen, store nothing")
@verb()
def cases(*, actor: Actor, now: datetime, file: Path, mapping_file: Path, **chosen: Any) -> Result | Refused:
    """Import a register of closed cases."""
    options = ImportOptions(**chosen)
    if not file.is_file():
        raise unreadable(file)
    mapping = parse_mapping(load_text(read_text(mapping_file)))
    outcome = _run(actor, now, file, mapping, options)
    result = as_result(outcome)
    return (
        Refused(result)
        if outcome.rejected and not outcome.is_stored and not options.skip_rejected
        else result
    )


def _run(actor: Actor, now: datetime, file: Path, mapping: Mapping, options: ImportOptions) -> ImportOutcome:
    with bar() as progress:

        def work() -> ImportOutcome:
            return import_cases(
                actor=actor, path=file, name=file.name, mapping=mapping, options=options, now=now,
                today=clock.office_today(), progress=progress,
            )  # fmt: skip

        if options.dry_run:
            return work()
        with transaction():
            return work()
