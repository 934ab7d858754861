"""`draw verify`: repeat a draw from its certificate and frame file. Needs no instance."""

import sys
from pathlib import Path

import click
from flask_babel import gettext

from qualityeval.cli.door import Result, print_json, refuse, speaking
from qualityeval.cli.files import read_whole
from qualityeval.core.errors import RuleViolation
from qualityeval.core.verification import Verification
from qualityeval.core.verification import verify as verify_draw


@click.group("draw")
def group() -> None:
    """Draws."""


@group.command("verify")
@click.argument("certificate", type=click.Path(path_type=Path))
@click.argument("frame", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
@speaking
def verify(*, certificate: Path, frame: Path, as_json: bool) -> None:
    """Check a certificate against its frame file; exit 0 only when every check holds."""
    try:
        verdict = verify_draw(read_whole(certificate), read_whole(frame))
    except RuleViolation as refusal:
        refuse(refusal, as_json=as_json)
        return
    result = shown(verdict)
    if as_json:
        print_json(result)
    else:
        for check in result["checks"]:
            click.echo(f"{'✓' if check['ok'] else '✗'} {check['name']}: {check['detail']}")
    sys.exit(0 if verdict.ok else 1)


def shown(verdict: Verification) -> Result:
    """`ok` and the checks, in the reader's language."""
    checks = [
        {
            "name": check.name,
            "ok": check.ok,
            "detail": gettext(check.text) % check.params if check.params else gettext(check.text),
        }
        for check in verdict.checks
    ]
    return {"ok": verdict.ok, "checks": checks}
