"""The days that the address asks for: this year where it names none."""

from datetime import date

from flask import request

from qualityeval.queries.coverage import Period
from qualityeval.web.guards import now
from qualityeval.words.moments import OFFICE


def asked_period() -> Period:
    """From `period_from` and `period_to`."""
    today = now().astimezone(OFFICE).date()
    return Period(_day("period_from", date(today.year, 1, 1)), _day("period_to", date(today.year, 12, 31)))


def _day(name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise
