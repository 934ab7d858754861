"""Word documents (.docx) as pages of text: what would be printed, without what an editor left behind. Child only.

Deleted text, comments, hidden text, field codes and properties stay behind; inserted text counts as written.
Pictures are named, not drawn. The layout is our own: one column of A4.
"""

import json
import zipfile
from pathlib import Path
from typing import Any

from qualityeval.adapters.pdf_types import Refused

TEMPLATE = Path(__file__).with_name("word_pages.typ")
MOST_UNPACKED, MOST_RATIO, MOST_PARTS, SMALL = 60_000_000, 100, 2_000, 1_000_000
MOST_LETTERS, MOST_BLOCKS = 400_000, 20_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_UNSEEN = {f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", f"{_W}instrText", f"{_W}delText"} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}  # a fallback says the same once more
_PICTURES = {f"{_W}drawing", f"{_W}pict", f"{_W}object"}
PICTURE = "［图片］"


def word_pdf(path: str) -> bytes:
    """The document set anew as a PDF; refused where it is no document, too big, or can't be read."""
    import typst

    from qualityeval.adapters.typesetting import font_folder

    blocks = _blocks(path)
    content = typst.compile(
        str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=[str(font_folder())], ignore_system_fonts=True,
        format="pdf", sys_inputs={"values": json.dumps({"blocks": blocks}, ensure_ascii=False)}, timestamp=0,
    )  # fmt: skip
    return bytes(content)


def refuse_packed(path: str) -> None:
    """A document that unpacks to too much is refused before anything of it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused("paper.word") from None
    whole = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > SMALL and part.file_size > MOST_RATIO * max(1, part.compress_size) for part in parts
    )
    if whole > MOST_UNPACKED or len(parts) > MOST_PARTS or swollen:
        raise Refused("paper.too_big")


def _blocks(path: str) -> list[Any]:
    """Paragraphs as text, tables as rows of cells, in the order in which they are printed."""
    import docx

    refuse_packed(path)
    try:
        document = docx.Document(path)
        found = [block for section in document.sections[:1] for block in _of(section.header.part.element)]
        found += _of(document.element.body)
        found += [block for section in document.sections[:1] for block in _of(section.footer.part.element)]
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - python-docx and lxml raise whatever a broken part leads them to
        raise Refused("paper.word") from None
    if len(found) > MOST_BLOCKS or sum(len(str(block)) for block in found) > MOST_LETTERS:
        raise Refused("paper.too_big")
    return found or [""]


def _of(parent: Any) -> list[Any]:
    found: list[Any] = []
    for child in parent.iterchildren():
        if child.tag == f"{_W}p":
            found.append(_text(child).strip("\n"))
        elif child.tag == f"{_W}tbl":
            found.append([[_cell(cell) for cell in row.iter(f"{_W}tc")] for row in child.iter(f"{_W}tr")])
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            found += _of(child)
    return found


def _cell(cell: Any) -> str:
    return "\n".join(_text(paragraph) for paragraph in cell.iter(f"{_W}p"))


def _text(element: Any) -> str:
    """What is printed of a paragraph."""
    parts: list[str] = []
    for child in element.iterchildren():
        if child.tag in _UNSEEN or _is_hidden(child):
            continue
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            parts.append("\t" if child.tag == f"{_W}tab" else "\n")
        else:
            inside = _text(child)
            parts.append(inside or (PICTURE if child.tag in _PICTURES else ""))
    return "".join(parts)


def _is_hidden(run: Any) -> bool:
    return run.tag == f"{_W}r" and run.find(f"{_W}rPr/{_W}vanish") is not None
