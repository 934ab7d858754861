"""Lists of paid cases: looked through first, then kept whole or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.register_values import Unreadable, money
from qualityeval.core.table_row import Rejected
from qualityeval.core.vocabulary import field_of_heading
from qualityeval.database import db
from qualityeval.models import Round, SubsidyLine, SubsidyList
from qualityeval.services import audit

FIELDS = {
    "institution_code": "institution",
    "institution": "institution",
    "number": "number",
    "subsidy": "amount",
}
EMPTY = {"institution": msg("缺机构编码。"), "number": msg("缺案号。")}
LONGEST = {"institution": 60, "number": 120}
MOST, CHUNK = 500_000, 5_000


@dataclass(frozen=True)
class ListReport:
    """The lines of a list, and those that can't be read."""

    rows: int
    rejected: tuple[Rejected, ...]


def import_list(
    *,
    actor: Actor,
    round_: Round,
    name: str,
    lines: Iterable[tuple[int, Mapping[str, str]]],
    now: datetime,
    dry_run: bool = False,
) -> ListReport:
    """Keep a list for the round's body: institution code, case number, amount in yuan (may be empty).

    Headings may be Chinese or English. One line that can't be read keeps nothing; a dry run never does.
    """
    require(actor, Permission.ROUND_PLAN, round_)
    read, rejected = [], []
    for row, cells in lines:
        try:
            read.append({"row": row, **_line(cells)})
        except RuleViolation as refusal:
            rejected.append(Rejected.by(row, refusal))
        if len(read) > MOST:
            raise InvalidInput("subsidy.most", msg("一份清单最多%(most)s行。"), where="file", most=MOST)
    report = ListReport(len(read) + len(rejected), tuple(rejected))
    if rejected or dry_run:
        return report
    kept = SubsidyList(
        institution_id=round_.institution_id, name=name[:255], size=len(read), uploaded_by=actor.name[:64],
        uploaded_at=now,
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    for start in range(0, len(read), CHUNK):
        db.session.execute(
            insert(SubsidyLine), [{"list_id": kept.id, **one} for one in read[start : start + CHUNK]]
        )
    audit.record(
        actor, "subsidies.imported", now=now, object_type="institution", object_id=round_.institution.code,
        rows=len(read), file=name,
    )  # fmt: skip
    return report


def _line(cells: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, str] = {}
    for heading, text in cells.items():
        field = FIELDS.get(field_of_heading(heading) or "")
        if field and text.strip() and (field not in found or field_of_heading(heading) == "institution_code"):
            found[field] = text.strip()
    for field, most in LONGEST.items():
        if not found.get(field):
            raise InvalidInput("subsidy.empty", EMPTY[field], where=field)
        if len(found[field]) > most:
            raise InvalidInput(
                "subsidy.long", msg("这一格太长，最多%(most)s个字符。"), where=field, most=most
            )
    try:
        amount = money(found.get("amount", ""))
    except Unreadable as fault:
        raise InvalidInput("subsidy.amount", fault.text, where="amount", **fault.params) from fault
    return {"institution": found["institution"], "number": found["number"], "amount": amount}
