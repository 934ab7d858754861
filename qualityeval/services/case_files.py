"""Papers of a case: put into its file, replaced, taken out. What was handed in stays, byte for byte.

add_paper(actor=, case=, paper=NewPaper(…), now=, reader=)     one reader serves many papers
replace_paper, remove_paper                                    the earlier version stays, marked with a reason
"""

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import exists, func, select

from qualityeval.adapters.files import blocks
from qualityeval.adapters.pdf_pages import Checked, PaperReader, warm_reader
from qualityeval.adapters.pdf_types import CONVERTED
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.catalogue import Line
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.database import db
from qualityeval.models import Case, CaseFile, FrameCase, Round, SampledCase, StoredFile
from qualityeval.queries.case_files import catalogue_of
from qualityeval.services import audit, files

PURPOSE = "paper"
MEDIA = {"pdf": "application/pdf", "image": "image/*"}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHORTEST_REASON, LONGEST_REASON, LONGEST_TITLE = 4, 200, 200
NO_REASON = msg("请写明理由，4 到 200 个字；理由会记入审计日志。")


@dataclass(frozen=True)
class NewPaper:
    """A paper to be filed: its content, the name it came under, its catalogue line, and a note to its title."""

    name: str
    content: bytes | Path
    code: str
    title: str = ""


def add_paper(
    *, actor: Actor, case: Case, paper: NewPaper, now: datetime, reader: PaperReader | None = None
) -> CaseFile:
    """File a paper under its catalogue line, after the ones of that line that are there.

    The bytes are kept as they came, once for all cases that hold the same. Refuses what can't be read, in
    words, a line the catalogue doesn't have, and the same paper twice under one line of one case. `reader`
    is given by whoever files many papers: one child process then checks them all.
    """
    require(actor, Permission.PAPERS_KEEP, case)
    return _filed(actor, case, paper, now=now, reader=reader)


def replace_paper(
    *, actor: Actor, earlier: CaseFile, paper: NewPaper, reason: str, now: datetime, reader: PaperReader | None = None
) -> CaseFile:  # fmt: skip
    """File a new version in the place of `earlier`, which stays, marked as replaced."""
    require(actor, Permission.PAPERS_KEEP, earlier.case)
    _take_out(actor, earlier, reason, now)
    return _filed(actor, earlier.case, paper, now=now, reader=reader, replaces=earlier)


def remove_paper(*, actor: Actor, paper: CaseFile, reason: str, now: datetime) -> None:
    """Take a paper out of the file, with a reason; its row and its bytes stay."""
    require(actor, Permission.PAPERS_KEEP, paper.case)
    _take_out(actor, paper, reason, now)
    audit.record(
        actor, "paper.removed", now=now, object_type="case", object_id=paper.case.public_id, code=paper.code,
        sha256=paper.sha256, reason=paper.removed_because,
    )  # fmt: skip
    db.session.flush()


def is_drawn(case: Case) -> bool:
    """Whether a round that isn't withdrawn has drawn the case."""
    return bool(
        db.session.execute(
            select(
                exists().where(
                    SampledCase.frame_case_id == FrameCase.id,
                    SampledCase.round_id == Round.id,
                    FrameCase.case_id == case.id,
                    Round.state != "withdrawn",
                )
            )
        ).scalar()
    )


def line_of(case: Case, code: str) -> Line:
    """The catalogue line of that code; InvalidInput names the catalogue where it has none."""
    book = catalogue_of(case)
    line = book.line(code)
    if line is None:
        raise InvalidInput(
            "paper.code", msg("“%(catalogue)s”的归档目录里没有代码“%(line)s”。"), where="code", line=code,
            catalogue=book.title.zh,
        )  # fmt: skip
    return line


def check_paper(
    case: Case, paper: NewPaper, *, reader: PaperReader, replaces: CaseFile | None = None
) -> Checked:
    """What filing would say, without filing: the refusals of `add_paper`, or what the paper is."""
    line = line_of(case, paper.code)
    with _lying(paper.content) as (path, sha256):
        _refuse_twice(case, line, sha256, replaces)
        return reader.check(path, where=paper.name)


def _filed(
    actor: Actor, case: Case, paper: NewPaper, *, now: datetime, reader: PaperReader | None,
    replaces: CaseFile | None = None,
) -> CaseFile:  # fmt: skip
    line = line_of(case, paper.code)
    with _lying(paper.content) as (path, sha256):
        _refuse_twice(case, line, sha256, replaces)
        with _borrowed(reader) as reads:
            checked = reads.check(path, where=paper.name)
        stored = _stored_once(actor, paper, path, sha256, checked, now)
    row = CaseFile(
        case_id=case.id, volume=line.volume, code=line.code, title=paper.title.strip()[:LONGEST_TITLE],
        position=replaces.position if replaces else _next_position(case, line), file_id=stored.id, sha256=sha256,
        kind=checked.kind, pages=checked.pages, has_text_layer=checked.has_text_layer,
        findings=list(checked.findings), added_at=now, added_by_id=actor.account_id,
        added_after_draw=is_drawn(case), replaces_id=replaces.id if replaces else None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor, "paper.replaced" if replaces else "paper.added", now=now, object_type="case",
        object_id=case.public_id, code=line.code, pages=checked.pages, sha256=sha256, after_draw=row.added_after_draw,
        **({"replaces": replaces.sha256, "reason": replaces.removed_because} if replaces else {}),
    )  # fmt: skip
    return row


def _take_out(actor: Actor, paper: CaseFile, reason: str, now: datetime) -> None:
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise InvalidInput("paper.no_reason", NO_REASON, where="reason")
    if paper.removed_at is not None:
        raise WrongState("paper.gone", msg("这份材料已经撤出或换过。请刷新后再看。"))
    paper.removed_at, paper.removed_by_id, paper.removed_because = now, actor.account_id, reason


def _refuse_twice(case: Case, line: Line, sha256: str, replaces: CaseFile | None) -> None:
    same = select(CaseFile.id).where(
        CaseFile.case_id == case.id, CaseFile.code == line.code, CaseFile.sha256 == sha256,
        CaseFile.removed_at.is_(None),
    )  # fmt: skip
    if replaces is not None:
        same = same.where(CaseFile.id != replaces.id)
    if db.session.execute(same).first():
        raise InvalidInput(
            "paper.same", msg("“%(line)s”下已有内容完全相同的一份。"), where="file", line=line.title.zh
        )


def _next_position(case: Case, line: Line) -> int:
    last = select(func.max(CaseFile.position)).where(CaseFile.case_id == case.id, CaseFile.code == line.code)
    return (db.session.execute(last).scalar() or 0) + 1


def _stored_once(
    actor: Actor, paper: NewPaper, path: Path, sha256: str, checked: Checked, now: datetime
) -> StoredFile:
    found = (
        db.session.execute(
            select(StoredFile)
            .join(CaseFile, CaseFile.file_id == StoredFile.id)
            .where(CaseFile.sha256 == sha256)
            .limit(1)
        )
        .scalars()
        .first()
    )
    if found is not None:
        return found
    with path.open("rb") as content:
        return files.store(
            actor=actor,
            name=paper.name,
            media_type=WORD if CONVERTED in checked.findings else MEDIA[checked.kind],
            purpose=PURPOSE,
            content=content,
            now=now,
        )


@contextmanager
def _borrowed(reader: PaperReader | None) -> Iterator[PaperReader]:
    if reader is not None:
        yield reader
        return
    with warm_reader() as own:
        yield own


@contextmanager
def _lying(content: bytes | Path) -> Iterator[tuple[Path, str]]:
    """The content as a file for the child to read, and its digest."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            sha256 = _sha256(file)
        yield content, sha256
        return
    with tempfile.NamedTemporaryFile(prefix="qe-paper-") as file:
        file.write(content)
        file.flush()
        yield Path(file.name), _sha256(io.BytesIO(content))


def _sha256(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    for block in blocks(content):
        digest.update(block)
    return digest.hexdigest()
