"""The import of a register through the command line, beside the sqlite3 shell's `.import` of the same file."""

import csv
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from qualityeval.cli.benches.measuring import Measured, measure, row
from qualityeval.core import demo_register

HERE = "qualityeval.cli.benches.importing"
COLUMNS = (
    "number", "case_type", "aid_form", "stage", "status", "source", "station", "recipient_name", "recipient_sex",
    "recipient_born_on", "recipient_tags", "cause", "position", "organ", "officer", "assigned_by", "applied_on",
    "accepted_on", "assigned_on", "met_on", "closed_on", "closing_method", "effect",
)  # fmt: skip
PLACE = ("institution_code", "institution_name")
MAPPING = """columns:
  institution: {{code: institution_code, name: institution_name}}
{columns}
dates: [iso]
"""


def bench(scale: int) -> list[dict[str, object]]:
    """Rows for registers of 1,000, a tenth and the whole of `scale`, each of 25 columns."""
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="qe-bench-") as name:
        folder = Path(name)
        mapping = folder / "mapping.yaml"
        mapping.write_text(
            MAPPING.format(columns="\n".join(f"  {c}: {c}" for c in COLUMNS)), encoding="utf-8"
        )
        for size in sorted({min(1_000, scale), max(1_000, scale // 10) if scale > 1_000 else scale, scale}):
            register = folder / f"register-{size}.csv"
            write_register(register, size)
            peer_name, peer = _peer(register, folder)
            ours = measure(f"{HERE}:our_import", str(register), str(mapping), str(folder / f"home-{size}"))
            rows += [
                row("import cases: the whole command", size, ours, to=peer_name, peer=peer),
                row(peer_name, size, peer),
            ]
    return rows


def write_register(path: Path, size: int) -> None:
    """A register of invented cases with 25 columns."""
    names = {code: f"{name}法律援助中心" for code, name, _ in demo_register.counties(size)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*PLACE, *COLUMNS))
        for number, case in enumerate(demo_register.cases(size, 1)):
            cells = [case.fields.get(column) for column in COLUMNS]
            cells[0] = f"{case.fields['number']}-{number}"
            writer.writerow(
                (case.institution, names[case.institution], *("" if c is None else c for c in cells))
            )


def our_import(register: str, mapping: str, home: str) -> Callable[[], object]:
    """A fresh instance, then `import cases` as anybody types it; the start of the interpreter isn't timed."""
    os.environ["QUALITYEVAL_HOME"] = home
    os.environ.pop("QUALITYEVAL_DATABASE_URL", None)
    from qualityeval.cli import main
    from qualityeval.cli.instance import prepare

    prepare()
    options = ["--under", "990000", "--create-institutions", "--json"]
    command = ["import", "cases", register, "--mapping", mapping, *options]
    return lambda: main(command, standalone_mode=False)


def shell_import(register: str, database: str) -> Callable[[], object]:
    """The sqlite3 shell, which stores text and asks nothing."""
    shell = shutil.which("sqlite3") or "sqlite3"
    return lambda: _run([shell, database, "-cmd", ".mode csv", f".import '{register}' register"])


def python_import(register: str, database: str) -> Callable[[], object]:
    """The stand-in where there is no shell: csv and executemany into the same plain table."""

    def work() -> None:
        store = sqlite3.connect(database)
        with store, Path(register).open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            names = ", ".join(f'"{name}" TEXT' for name in next(rows))
            store.execute(f"CREATE TABLE register ({names})")
            places = ", ".join("?" * (len(COLUMNS) + len(PLACE)))
            store.executemany(f"INSERT INTO register VALUES ({places})", rows)  # noqa: S608 -- our own names

    return work


def _peer(register: Path, folder: Path) -> tuple[str, Measured]:
    database = folder / f"{register.stem}.db"
    if shutil.which("sqlite3"):
        return "sqlite3 shell .import", measure(f"{HERE}:shell_import", str(register), str(database))
    name = "Python sqlite3 executemany (no sqlite3 shell here)"
    return name, measure(f"{HERE}:python_import", str(register), str(database))


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- fixed commands
