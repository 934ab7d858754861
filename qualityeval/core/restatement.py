"""Versions of a round's published figures: each one exact text, each later one naming the digest of the one before.

published(figures) -> dict                       what of `round results` a version holds: nothing about experts
changed_lines(before, after) -> [dict]           every shown figure that differs: table, code, figure, before, after
version_text(...) -> str                         the version as the text that is digested, word for word
check_versions([bytes, …]) -> tuple[Check, …]    whether versions, the first one first, stand up to an outsider

Only shown figures are compared: what is withheld in one version is withheld in the next, since n doesn't change.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qualityeval.core.digests import content_digest
from qualityeval.core.errors import msg
from qualityeval.core.verification import Check

TABLES = ("places", "institutions", "providers", "case_types")
PRIVATE = ("severity", "variance")  # about experts
COMPARED = ("n", "N", "good_rate", "interval", "band", "suppressed")
WHOLE, MARKS = "overall", "marks"

Figures = Mapping[str, Any]


def published(figures: Figures) -> dict[str, Any]:
    """The figures without those about experts."""
    return {name: part for name, part in figures.items() if name not in PRIVATE}


def changed_lines(before: Figures, after: Figures) -> list[dict[str, Any]]:
    """What differs, the whole first, the spread of the marks, then group by group in the order of `after`.

    >>> one = {"n": 9, "grades": {"良好": 9, "合格": 0}, "good_rate": 1.0}
    >>> two = {"n": 9, "grades": {"良好": 8, "合格": 1}, "good_rate": 8 / 9}
    >>> [(line["figure"], line["before"], line["after"]) for line in changed_lines({"overall": one}, {"overall": two})]
    [('grades.合格', 0, 1), ('grades.良好', 9, 8), ('good_rate', 1.0, 0.8888888888888888)]
    """
    found = list(_differences(WHOLE, "", "", before[WHOLE], after[WHOLE]))
    old, new = before.get(MARKS) or {}, after.get(MARKS) or {}
    found += [
        {"table": MARKS, "code": "", "name": "", "figure": figure, "before": old.get(figure), "after": new[figure]}
        for figure in sorted(new) if old.get(figure) != new[figure]
    ]  # fmt: skip
    for table in TABLES:
        earlier = {line["code"]: line for line in before.get(table, ())}
        for line in after.get(table, ()):
            found += _differences(table, line["code"], line["name"], earlier.get(line["code"], {}), line)
    return found


def _differences(
    table: str, code: str, name: str, before: Figures, after: Figures
) -> Iterator[dict[str, Any]]:
    grades = [(f"grades.{grade}", _grade(before, grade), count) for grade, count in _grades(after)]
    for figure, old, new in (*grades, *((name, before.get(name), after.get(name)) for name in COMPARED)):
        if old != new:
            yield {"table": table, "code": code, "name": name, "figure": figure, "before": old, "after": new}


def _grades(line: Figures) -> list[tuple[str, int]]:
    return sorted((line.get("grades") or {}).items())  # the text that is digested has its keys sorted too


def _grade(line: Figures, grade: str) -> int | None:
    found: int | None = (line.get("grades") or {}).get(grade)
    return found


def version_text(
    *, code: str, number: int, issued_at: str, reason: str, earlier: str, cases: int, figures: Figures,
    before: Figures | None = None,
) -> str:  # fmt: skip
    """One version as JSON with sorted keys; `earlier` is the digest of version number − 1, empty for the first.

    `cases` counts the cases restated; which they are isn't published.
    """
    content = {
        "code": code, "version": number, "issued_at": issued_at, "reason": reason, "earlier": earlier,
        "cases": cases, "changes": [] if before is None else changed_lines(before, figures), "figures": figures,
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def check_versions(files: Sequence[bytes]) -> tuple[Check, ...]:
    """Questions about each version: that it can be read, follows the one before by number and digest, lists exactly
    what differs, and adds up. Every version is looked at by itself: a later one doesn't make an earlier one wrong.
    """
    checks: list[Check] = []
    last: tuple[dict[str, Any], str] | None = None
    for place, file in enumerate(files, 1):
        content = _read(file)
        params: dict[str, object] = {"place": place}
        if content is None:
            checks.append(Check("readable", False, msg("第 %(place)s 个文件读不出来。"), params))
            last = None
            continue
        digest = content_digest(file)
        params = {"number": content["version"], "digest": digest}
        checks.append(Check("readable", True, msg("第 %(number)s 版，摘要 %(digest)s。"), params))
        checks += _follows(content, last, params)
        checks.append(_adds_up(content, params))
        last = content, digest
    return tuple(checks)


def _read(file: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(file)
        known = isinstance(content["version"], int) and isinstance(content["figures"][WHOLE], dict)
    except (ValueError, KeyError, TypeError):
        return None
    return content if known and {"code", "earlier", "changes"} <= content.keys() else None


def _follows(
    content: dict[str, Any], last: tuple[dict[str, Any], str] | None, params: Mapping[str, object]
) -> Iterator[Check]:
    if last is None:
        if content["version"] == 1:
            yield Check("first", content["earlier"] == "", msg("第 1 版之前没有别的版本。"), params)
        return
    before, digest = last
    same = content["code"] == before["code"] and content["version"] == before["version"] + 1
    named = content["earlier"] == digest
    text = (
        msg("第 %(number)s 版接着前一版，写明了它的摘要。")
        if same and named
        else msg("第 %(number)s 版没有接着前一版：批次、版次或前一版的摘要对不上。")
    )
    yield Check("follows", same and named, text, params)
    listed = content["changes"] == changed_lines(before["figures"], content["figures"])
    text = (
        msg("第 %(number)s 版列出的改动与两版数字的差别一致。")
        if listed
        else msg("第 %(number)s 版列出的改动与两版数字的差别不一致。")
    )
    yield Check("changes", listed, text, params)


def _adds_up(content: dict[str, Any], params: Mapping[str, object]) -> Check:
    lines = [content["figures"][WHOLE]]
    for table in TABLES:
        lines += content["figures"].get(table, [])
    ok = all(
        sum(count for _grade, count in _grades(line)) == line["n"] for line in lines if line.get("grades")
    )
    text = (
        msg("第 %(number)s 版各组的等次件数都等于 n。")
        if ok
        else msg("第 %(number)s 版有一组的等次件数不等于 n。")
    )
    return Check("sums", ok, text, params)
