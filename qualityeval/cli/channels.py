"""`import callbacks` and `import answers`: calls and filled forms from elsewhere, by a mapping file."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from qualityeval.adapters.form_files import CALLBACK, OPINION, shipped_form
from qualityeval.adapters.tables import Table
from qualityeval.adapters.yaml_text import load_text
from qualityeval.authz import Actor
from qualityeval.cli.door import Refused, Result, verb
from qualityeval.cli.files import counted, open_table, read_text
from qualityeval.cli.imports import group
from qualityeval.core.channel_mapping import ANSWERS, CALLS, ChannelMapping, ChannelRow, parse_channel_mapping
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.database import transaction
from qualityeval.services.channel_import import import_answers, import_calls
from qualityeval.services.channel_rows import ChannelReport

MAPPING = click.option(
    "--mapping", "mapping_file", type=click.Path(path_type=Path), required=True, metavar="MAP.yaml"
)
FILE = click.argument("file", type=click.Path(path_type=Path))


@group.command("callbacks")
@FILE
@MAPPING
@verb()
def callbacks(*, actor: Actor, now: datetime, file: Path, mapping_file: Path) -> Result | Refused:
    """Bring calls in, one row a call."""
    return _import(
        import_calls, CALLS, (CALLBACK,), actor=actor, now=now, file=file, mapping_file=mapping_file
    )


@group.command("answers")
@FILE
@MAPPING
@verb()
def answers(*, actor: Actor, now: datetime, file: Path, mapping_file: Path) -> Result | Refused:
    """Bring filled forms in, one row a form: of recipients, or of organs."""
    return _import(
        import_answers,
        ANSWERS,
        (CALLBACK, OPINION),
        actor=actor,
        now=now,
        file=file,
        mapping_file=mapping_file,
    )


def _import(
    work: Callable[..., ChannelReport], kind: str, forms: Sequence[str], *, actor: Actor, now: datetime,
    file: Path, mapping_file: Path,
) -> Result | Refused:  # fmt: skip
    def questions(form: str) -> list[str]:
        if form not in forms:
            raise InvalidInput("form.not_found", msg("没有问卷“%(key)s”。"), where="form", key=form)
        return list(shipped_form(form).by_code)

    mapping = parse_channel_mapping(load_text(read_text(mapping_file)), kind, questions=questions)
    encoding = None if mapping.encoding == "auto" else mapping.encoding
    opened = open_table(file, sheet=mapping.sheet, encoding=encoding, header_row=mapping.header_row)
    with opened as table, transaction():
        report = work(actor=actor, mapping=mapping, lines=_lines(table, mapping), now=now)
    return counted(report)


def _lines(table: Table, mapping: ChannelMapping) -> Iterator[tuple[int, ChannelRow]]:
    read = mapping.reader(table.header)
    for row in table.rows():
        yield row.number, read(row.cells)
