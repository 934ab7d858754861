"""`init`: a new instance, ready to serve."""

import click

from qualityeval.cli.door import print_json
from qualityeval.cli.instance import prepare


@click.command("init")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def init(*, as_json: bool) -> None:
    """Make the instance folder, its keys and its database; twice does no harm."""
    ready = prepare()
    result = {
        "home": str(ready.home),
        "created": ready.new_folder,
        "database_created": ready.new_database,
        "schema": ready.schema,
        "migrated": ready.schema != ready.schema_before,
    }
    if as_json:
        print_json(result)
        return
    click.echo(f"Instance folder: {ready.home}" + (" (new)" if ready.new_folder else " (kept as it was)"))
    click.echo(
        f"Database schema: {ready.schema}" + (" (migrated)" if result["migrated"] else " (up to date)")
    )
    click.echo(
        "Keep keys.json somewhere safe, apart from the backups: without it nothing sealed can be read."
    )
    click.echo(
        "Next: qualityeval account create NAME --role system, then --role security; then qualityeval serve"
    )
