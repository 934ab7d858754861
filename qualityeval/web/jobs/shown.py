"""A job in words: where it stands, how far it is, what it led to or why it failed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import format_datetime, format_decimal, gettext, ngettext
from flask_babel import gettext as _

from qualityeval.adapters.queue import Beat
from qualityeval.core.codes import JobState
from qualityeval.models import Job
from qualityeval.services import jobs as services
from qualityeval.web.locale import choose_locale
from qualityeval.words.jobs import JOB_COUNTS, JOB_STATES

TONES = {JobState.RUNNING: "accent", JobState.DONE: "ok", JobState.FAILED: "danger"}
LIVE = frozenset({JobState.QUEUED, JobState.RUNNING})


@dataclass(frozen=True)
class Shown:
    """What the page and the JSON say of one job."""

    state: str
    label: str
    tone: str
    live: bool
    stage: str
    done: int
    total: int
    seconds_left: int | None
    facts: str
    error: str
    code: str
    counts: tuple[tuple[str, str], ...]
    page_href: str
    has_file: bool


def shown(job: Job, *, now: datetime) -> Shown:
    """The job as it stands now; a running one by its last beat, which the row doesn't know yet."""
    state = JobState(job.state)
    beat = services.queue().last_beat(job.public_id) if state is JobState.RUNNING else None
    beat = beat or Beat(0.0, job.stage, job.done, job.total)
    left = seconds_left(beat, now)
    error, code = _error(job.error)
    result = job.result or {}
    return Shown(
        state=state, label=JOB_STATES[state].text(choose_locale()), tone=TONES.get(state, ""), live=state in LIVE, stage=gettext(beat.stage) if beat.stage else "",
        done=beat.done, total=beat.total, seconds_left=left, facts=_facts(job, state, beat, left), error=error,
        code=code, counts=_counts(result), page_href=_page(result), has_file=bool(result.get("file")),
    )  # fmt: skip


def seconds_left(beat: Beat, now: datetime) -> int | None:
    """What remains of the stage at its pace so far; None while too little is known."""
    spent = now.timestamp() - beat.stage_from
    if not beat.stage_from or not beat.done or not beat.total or spent < 1:
        return None
    return round(spent * max(0, beat.total - beat.done) / beat.done)


def state_choices() -> list[tuple[str, str]]:
    """The states for the list's filter."""
    return [
        ("", _("全部")),
        *((state.value, label.text(choose_locale())) for state, label in JOB_STATES.items()),
    ]


def state_tag(state: str) -> tuple[str, str]:
    """Word and tone of a state."""
    return JOB_STATES[JobState(state)].text(choose_locale()), TONES.get(JobState(state), "")


def moment(value: datetime | None) -> str:
    """Date and time on the office wall; nothing for nothing."""
    return format_datetime(value, "yyyy-MM-dd HH:mm:ss") if value else ""


def duration(seconds: int) -> str:
    """A rough length of time in words."""
    if seconds < 90:
        return ngettext("%(num)s秒", "%(num)s秒", seconds)
    minutes = round(seconds / 60)
    return ngettext("%(num)s分钟", "%(num)s分钟", minutes)


def _facts(job: Job, state: JobState, beat: Beat, left: int | None) -> str:
    if state is JobState.QUEUED:
        return _("等待后台进程，稍后自动开始。")
    if state is not JobState.RUNNING:
        return ""
    if job.cancel_asked:
        return _("正在取消，到下一步就停。")
    parts = [gettext(beat.stage)] if beat.stage else [_("已开始")]
    if beat.total:
        parts.append(f"{format_decimal(beat.done)} / {format_decimal(beat.total)}")
    if left is not None:
        parts.append(_("约剩%(time)s", time=duration(left)))
    if job.attempts > 1:
        parts.append(_("第%(number)s次办理", number=job.attempts))
    return " · ".join(parts)


def _error(stored: str | None) -> tuple[str, str]:
    if not stored:
        return "", ""
    content: dict[str, Any] = json.loads(stored)
    source = content["text"]
    text = gettext(source)
    return (text % content["params"] if content["params"] else text), content["code"]


def _counts(result: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    found = []
    for name, label in JOB_COUNTS.items():
        value = result.get(name)
        if value is not None:
            count = len(value) if isinstance(value, list) else value
            found.append((label.text(choose_locale()), format_decimal(count)))
    return tuple(found)


def _page(result: dict[str, Any]) -> str:
    place = result.get("page")
    if not place or place[0] not in current_app.view_functions:
        return ""
    return url_for(place[0], **place[1])
