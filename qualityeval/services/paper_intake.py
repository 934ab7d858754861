"""Many papers at once, each named after its case and catalogue line: looked through first, filed when confirmed.

look_through(actor=, waiting=[StoredFile], now=) -> [Offered]     a dry run: nothing is filed
take_in(actor=, waiting=[StoredFile], now=) -> [Offered]          files what can be filed, says of the rest why not
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qualityeval.adapters.catalogue_files import shipped_catalogues
from qualityeval.adapters.pdf_pages import Checked, warm_reader
from qualityeval.authz import Actor
from qualityeval.core.catalogue import Line, named_after
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.database import db
from qualityeval.models import Case, StoredFile
from qualityeval.queries.case_files import cases_numbered, catalogue_of
from qualityeval.services import audit
from qualityeval.services.case_files import NewPaper, add_paper, check_paper
from qualityeval.services.files import open_stored

PURPOSE = "paper.waiting"
NO_NAME = msg("文件名看不出案号和目录项。请写成“案号_目录代码或名称_序号.pdf”。")
NO_CASE = msg("您管的案件里没有案号“%(number)s”。")
TWO_CASES = msg("有 %(count)s 件案件的案号都是“%(number)s”。请到案件的材料页单独上传。")
NO_LINE = msg("“%(catalogue)s”的归档目录里没有“%(word)s”。")

Act = Callable[[Case, NewPaper], int]


@dataclass(frozen=True)
class Offered:
    """What came of one file: where it belongs and its pages, or the refusal."""

    public_id: str
    name: str
    number: str = ""
    line: Line | None = None
    pages: int = 0
    refusal: RuleViolation | None = None

    @property
    def is_same(self) -> bool:
        """The very same paper is in the file already: nothing to do, nothing wrong."""
        return self.refusal is not None and self.refusal.code == "paper.same"


def look_through(*, actor: Actor, waiting: Sequence[StoredFile]) -> list[Offered]:
    """What taking in these files would do; nothing is filed."""
    with warm_reader() as reader:

        def check(case: Case, paper: NewPaper) -> int:
            found: Checked = check_paper(case, paper, reader=reader)
            return found.pages

        return [_offered(actor, row, check) for row in waiting]


def take_in(*, actor: Actor, waiting: Sequence[StoredFile], now: datetime) -> list[Offered]:
    """File every paper that can be filed; the others come back with their refusals. None is left waiting."""
    with warm_reader() as reader:

        def file(case: Case, paper: NewPaper) -> int:
            return add_paper(actor=actor, case=case, paper=paper, now=now, reader=reader).pages

        offered = [_offered(actor, row, file) for row in waiting]
    for row in waiting:
        db.session.delete(row)  # its bytes are tidied away
    filed = sum(one.refusal is None for one in offered)
    audit.record(actor, "papers.taken_in", now=now, object_type="file", offered=len(offered), filed=filed)
    return offered


def _offered(actor: Actor, row: StoredFile, act: Act) -> Offered:
    found = named_after(row.name, shipped_catalogues().words)
    if found is None:
        return Offered(row.public_id, row.name, refusal=InvalidInput("paper.name", NO_NAME, where=row.name))
    number, word = found
    line = None
    try:
        case = _case(actor, number, row.name)
        book = catalogue_of(case)
        line = book.called(word)
        if line is None:
            raise InvalidInput("paper.code", NO_LINE, where=row.name, word=word, catalogue=book.title.zh)
        with open_stored(row) as file:
            paper = NewPaper(row.name, Path(file.name), line.code)
            return Offered(row.public_id, row.name, number, line, act(case, paper))
    except RuleViolation as refusal:
        return Offered(row.public_id, row.name, number, line, refusal=refusal)


def _case(actor: Actor, number: str, name: str) -> Case:
    found = cases_numbered(actor, number)
    if not found:
        raise InvalidInput("paper.no_case", NO_CASE, where=name, number=number)
    if len(found) > 1:
        raise InvalidInput("paper.two_cases", TWO_CASES, where=name, number=number, count=len(found))
    return found[0]
