"""The archive catalogue: which papers a case's two volumes must and may hold, by kind of case.

    parse_catalogues(node) -> Catalogues                      from the shipped YAML
    Catalogues.of(case_type, aid_form, stage) -> Catalogue    both volumes of one kind of case
    Catalogue.missing(codes) -> tuple[tuple[Line, ...], ...]  each a line, or alternatives of which one suffices
    named_after(file_name, lines) -> (case number, line)      how files of many cases name their place

The institution's volume 审批卷 is one list for all kinds; the undertaker's 承办卷 depends on the kind.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qualityeval.core.rubric_parts import Title

INSTITUTION, UNDERTAKER = "institution", "undertaker"
VOLUMES = (INSTITUTION, UNDERTAKER)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a catalogue. Of the lines of one `group` one suffices."""

    volume: str
    code: str
    title: Title
    must: bool = False
    group: str = ""


@dataclass(frozen=True)
class Catalogue:
    """Both volumes of one kind of case, in filing order: the institution's first."""

    code: str
    title: Title
    lines: tuple[Line, ...]

    def line(self, code: str) -> Line | None:
        """The line of that code, or None."""
        return next((line for line in self.lines if line.code == code), None)

    def called(self, word: str) -> Line | None:
        """The line of that code or that Chinese title, or None."""
        return next((line for line in self.lines if word in (line.code, line.title.zh)), None)

    def place(self, code: str) -> int:
        """Where papers of that code are filed; unknown ones come last."""
        return next((at for at, line in enumerate(self.lines) if line.code == code), len(self.lines))

    def missing(self, codes: Collection[str]) -> tuple[tuple[Line, ...], ...]:
        """What must be there and isn't: single lines, or the alternatives of a group none of which is there.

        A file with a notice from the organ needs no application, since both stand in one group.
        """
        wanted: dict[str, tuple[Line, ...]] = {}
        for line in self.lines:
            if line.must:
                key = f"{line.volume}/{line.group or '=' + line.code}"
                wanted[key] = (*wanted.get(key, ()), line)
        return tuple(lines for lines in wanted.values() if not any(line.code in codes for line in lines))


@dataclass(frozen=True)
class Catalogues:
    """The institution's volume and, per kind of case, the undertaker's."""

    institution: tuple[Line, ...]
    undertaker: tuple[tuple[tuple[str, ...], Catalogue], ...]  # patterns, and the volume they lead to

    @property
    def words(self) -> frozenset[str]:
        """Every code and every Chinese title of every catalogue."""
        lines = [*self.institution, *(line for _patterns, book in self.undertaker for line in book.lines)]
        return frozenset(word for line in lines for word in (line.code, line.title.zh))

    def of(self, *, case_type: str, aid_form: str, stage: str) -> Catalogue:
        """The catalogue of a kind of case: the first that fits; the last one fits everything."""
        kind = (case_type, aid_form, stage)
        found = next(
            book for patterns, book in self.undertaker if any(_fits(pattern, kind) for pattern in patterns)
        )
        return Catalogue(found.code, found.title, (*self.institution, *found.lines))


def parse_catalogues(node: Mapping[str, Any]) -> Catalogues:
    """The catalogues of the shipped file. A code that stands twice in one catalogue is a ValueError."""
    institution = tuple(_lines(INSTITUTION, node["institution"]))
    undertaker = []
    for raw in node["undertaker"]:
        book = Catalogue(raw["code"], _title(raw), tuple(_lines(UNDERTAKER, raw["lines"])))
        codes = [line.code for line in (*institution, *book.lines)]
        if len(codes) != len(set(codes)):
            raise ValueError(f"catalogue {book.code} names a paper twice")
        undertaker.append((tuple(raw["for"]), book))
    return Catalogues(institution, tuple(undertaker))


def named_after(file_name: str, lines: Collection[str]) -> tuple[str, str] | None:
    """Case number and catalogue word of a file named `<number>_<word>_….pdf`; None for another name.

    A number may hold `_` itself: the first part that is a catalogue word ends it.

    >>> named_after("2026_00418_meeting-note_2.pdf", {"meeting-note"})
    ('2026_00418', 'meeting-note')
    """
    parts = file_name.rpartition(".")[0].split("_") if "." in file_name else file_name.split("_")
    for at in range(1, len(parts)):
        if parts[at].strip() in lines:
            return "_".join(parts[:at]).strip(), parts[at].strip()
    return None


def _lines(volume: str, nodes: Iterable[Mapping[str, Any]]) -> Iterable[Line]:
    for node in nodes:
        yield Line(volume, node["code"], _title(node), bool(node.get("must", False)), node.get("group", ""))


def _title(node: Mapping[str, Any]) -> Title:
    return Title(zh=node["title"], en=node["title_en"])


def _fits(pattern: str, kind: tuple[str, str, str]) -> bool:
    return all(part in ("*", value) for part, value in zip(pattern.split("/"), kind, strict=True))
