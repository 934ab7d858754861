"""What an empty form of a new round proposes."""

from datetime import date
from typing import Any

from qualityeval.core.consensus import ConsensusRule
from qualityeval.core.rubric_parts import show_points
from qualityeval.core.workload import Workload

RUBRICS = """\
criminal/*/investigation: criminal-investigation@1
criminal/*/prosecution: criminal-prosecution@1
criminal/*/trial: criminal-trial@1
criminal/*/appeal: criminal-appeal@1
criminal/representation/*: criminal-representation@1
criminal/duty/*: duty-lawyer@1
criminal/*/*: criminal-trial@1
civil/*/*: civil@1
civil/arbitration/*: labour-arbitration@1
civil/nonlitigation/*: nonlitigation@1
civil/*/enforcement: enforcement@1
administrative/*/*: administrative@1"""


def quarter_before(today: date) -> tuple[date, date]:
    """First and last day of the quarter that has ended."""
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    last = date.fromordinal(first.toordinal() - 1)
    return date(last.year, last.month - 2, 1), last


def proposal(today: date) -> dict[str, Any]:
    """The last quarter, by institution and case type, at the rate that most offices work with."""
    since, until = quarter_before(today)
    rule, load = ConsensusRule(), Workload()
    return {
        "kind": "peer", "by": "closed", "since": since, "until": until, "strata": ["institution"],
        "ask": "rate", "specialty": "ignore", "default": "10%", "minimum": 2, "take_all_below": 0, "series": "each",
        "source": "dice", "call_in": "required", "missing_file": "fail", "reviewers": 2,
        "region": "county", "provider": "true", "blind": "metadata", "rule": rule.rule, "gap": "10",
        "triggers": sorted(rule.triggers), "resolve": rule.resolve, "rubrics": RUBRICS, "objection_days": 5,
        "unit": load.unit, "minutes_base": load.base, "minutes_page": show_points(load.per_page),
        "minutes_pages": load.pages, **{f"minutes_{kind}": more for kind, more in load.by_type.items()},
    }  # fmt: skip
