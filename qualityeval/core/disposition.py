"""What becomes of a drawn file: when it counts as there, as late, and what may be said of it.

    is_there(state, call_in=) -> bool                       may be dealt and read
    is_late(state, handed_in_on=, deadline=, today=) -> bool
    refuse_dealing(due=, deadline=, today=)                 WrongState deal.files_due
    refuse_missing(call_in=, deadline=, today=)             WrongState file.not_overdue
    hand_in(pages=, handed_in_on=, ...) -> HandIn           InvalidInput names the field

A day of grace is none: the deadline's own day is in time, the next is late.
"""

import re
from dataclasses import dataclass
from datetime import date

from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.workflow import FileState

MOST_PAGES = 100_000
LONGEST_NOTE = 400
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class HandIn:
    """A file as it was handed in: pages counted, SHA-256 of the papers ("" where none was named)."""

    pages: int
    handed_in_on: date
    digest: str = ""
    note: str = ""


def is_there(state: FileState | str, *, call_in: str) -> bool:
    """Whether the file can be read: handed in, or, where nothing is called in, neither missing nor replaced."""
    if call_in == "none":
        return state in (FileState.DUE, FileState.HANDED_IN)
    return state == FileState.HANDED_IN


def is_late(state: FileState | str, *, handed_in_on: date | None, deadline: date | None, today: date) -> bool:
    """Whether the file came, or still hasn't come, after the deadline; never for a replaced one."""
    if deadline is None or state == FileState.REPLACED:
        return False
    if state == FileState.HANDED_IN and handed_in_on is not None:
        return handed_in_on > deadline
    return today > deadline


def refuse_dealing(*, due: int, deadline: date | None, today: date) -> None:
    """Refuse the dealing while files are due and the deadline hasn't passed (or there is none)."""
    if not due or (deadline is not None and today > deadline):
        return
    if deadline is None:
        raise WrongState(
            "deal.files_due",
            msg("还有%(count)s件案卷没有交来。请先收卷，或者记为未提交、替换，再派案。"),
            where="files",
            count=due,
        )
    raise WrongState(
        "deal.files_due",
        msg("还有%(count)s件案卷没有交来，交卷期限是 %(day)s。全部交来、处理完或过了期限才能派案。"),
        where="files",
        count=due,
        day=deadline,
    )


def refuse_missing(*, call_in: str, deadline: date | None, today: date) -> None:
    """Refuse to declare a file missing before its deadline has passed."""
    if call_in != "none" and deadline is not None and today <= deadline:
        raise WrongState(
            "file.not_overdue", msg("交卷期限 %(day)s 还没有过，不能记为未提交。"), where="file", day=deadline
        )


def hand_in(
    *, pages: int | str, handed_in_on: date | None, today: date, called_in_on: date | None,
    digest: str = "", note: str = "",
) -> HandIn:  # fmt: skip
    """What was typed, checked: pages from 1, a day between the call-in and today, 64 hexadecimal digits."""
    text = str(pages).strip()
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_PAGES:
        raise InvalidInput(
            "file.pages", msg("页数应是 1 到 %(most)s 之间的整数。"), where="pages", most=MOST_PAGES
        )
    day = handed_in_on or today
    if day > today or (called_in_on is not None and day < min(called_in_on, today)):
        raise InvalidInput(
            "file.handed_in_on", msg("交卷日期应在调卷之后、今天或以前。"), where="handed_in_on"
        )
    found = digest.strip().lower()
    if found and not _DIGEST.fullmatch(found):
        raise InvalidInput(
            "file.digest", msg("摘要应是 64 位十六进制数（SHA-256），没有可以空着。"), where="digest"
        )
    written = note.strip()
    if len(written) > LONGEST_NOTE:
        raise InvalidInput("file.note", msg("备注最多%(most)s个字。"), where="note", most=LONGEST_NOTE)
    return HandIn(int(text), day, found, written)
