"""A worker that only sends, to a folder of letters, until nothing waits; it is killed in the middle."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config import from_environment
from qualityeval.adapters.gateway_file import Gateways
from qualityeval.app import create_app
from qualityeval.core.quiet_hours import QuietHours
from qualityeval.jobs import outbox


class Spool:
    """Writes down every acceptance at once: key and recipient, a line each."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, *, key: str, recipient: str, body: dict[str, Any]) -> None:
        """Append the line; a kill comes before or after, never inside a write this short."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{key}\t{recipient}\t{body['text']}\n")
            file.flush()


def send(environment: Mapping[str, str], path: Path) -> None:
    """Send what waits, again and again, until it is killed or nothing is left."""
    app = create_app(from_environment(environment).mapping())
    midnight = QuietHours(*([QuietHours().start] * 2))
    with app.app_context():
        while outbox.send_waiting(Gateways({"sms": Spool(path)}, midnight)):
            pass
