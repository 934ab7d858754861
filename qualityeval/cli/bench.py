"""`bench NAME`: how fast, how much memory, and how many times as long as a named peer."""

from collections.abc import Callable

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from qualityeval.cli.benches import assigning, chain, drawing, freezing, importing, pages, results
from qualityeval.cli.benches.measuring import machine
from qualityeval.cli.benches.peers import missing
from qualityeval.cli.door import Result, print_json

PROVINCE = 98_000
COLUMNS = {
    "what": "what", "scale": "scale", "queries": "queries", "constant": "constant", "seconds": "seconds", "cpu": "CPU s", "p95": "p95", "peak_mb": "peak MB",
    "ratio": "ratio", "to": "to",
}  # fmt: skip
BENCHES: dict[str, Callable[[int], list[dict[str, object]]]] = {
    "assign": assigning.bench,
    "chain": chain.bench,
    "draw": drawing.bench,
    "freeze": freezing.bench,
    "import": importing.bench,
    "results": results.bench,
    "pages": pages.bench,
    "preview": chain.previews,
}
PEERS = {"assign": ("ortools",), "draw": ("duckdb", "pandas")}


@click.command("bench")
@click.argument("name", type=click.Choice(sorted(BENCHES)))
@click.option("--scale", type=click.IntRange(min=100), default=PROVINCE, show_default=True, help="cases")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def bench(*, name: str, scale: int, as_json: bool) -> None:
    """Measure one piece of work beside a named peer, on this machine, now; a row with a problem ends it with 1."""
    if absent := missing(PEERS.get(name, ())):
        click.echo(absent, err=True)
    rows = BENCHES[name](scale)
    (print_json if as_json else show)({"name": name, "machine": machine(), "rows": rows})
    problems = [f"{line['what']}: {line['problem']}" for line in rows if line.get("problem")]
    if problems:
        raise click.ClickException("\n".join(problems))


def show(result: Result) -> None:
    """A table for people."""
    table = Table(box=SIMPLE_HEAD, title=f"bench {result['name']} · {result['machine']}")
    shown = [name for name in COLUMNS if any(line.get(name) is not None for line in result["rows"])]
    for name in shown:
        table.add_column(COLUMNS[name], justify="left" if name in {"what", "to"} else "right")
    for line in result["rows"]:
        cells = {**line, "scale": f"{line['scale']:,}"}
        table.add_row(*("" if cells.get(name) is None else str(cells[name]) for name in shown))
    Console().print(table)
