"""`bench NAME`: how fast, how much memory, and how many times as long as a named peer."""

from collections.abc import Callable

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from qualityeval.cli.benches import chain, drawing, importing
from qualityeval.cli.benches.measuring import machine
from qualityeval.cli.door import Result, print_json

PROVINCE = 98_000
BENCHES: dict[str, Callable[[int], list[dict[str, object]]]] = {
    "chain": chain.bench,
    "draw": drawing.bench,
    "import": importing.bench,
}


@click.command("bench")
@click.argument("name", type=click.Choice(sorted(BENCHES)))
@click.option("--scale", type=click.IntRange(min=100), default=PROVINCE, show_default=True, help="cases")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def bench(*, name: str, scale: int, as_json: bool) -> None:
    """Measure one piece of work beside a named peer, on this machine, now."""
    result = {"name": name, "machine": machine(), "rows": BENCHES[name](scale)}
    (print_json if as_json else show)(result)


def show(result: Result) -> None:
    """A table for people."""
    table = Table(box=SIMPLE_HEAD, title=f"bench {result['name']} · {result['machine']}")
    for heading in ("what", "scale", "seconds", "peak MB", "ratio", "to"):
        table.add_column(heading, justify="left" if heading in {"what", "to"} else "right")
    for line in result["rows"]:
        cells = (
            line["what"],
            f"{line['scale']:,}",
            line["seconds"],
            line["peak_mb"],
            line["ratio"],
            line["to"],
        )
        table.add_row(*("" if cell is None else str(cell) for cell in cells))
    Console().print(table)
