"""PDF and Word as pages: drawn, read, looked through; mended by qpdf where pdfium alone can't. Runs in pdf_child."""

import io
import time
from typing import Any

from qualityeval.adapters.masks import Area, Names, areas_of
from qualityeval.adapters.pdf_findings import findings_of
from qualityeval.adapters.pdf_types import BROKEN, CONVERTED, MOST_PAGES, PDF, REPAIRED, Refused
from qualityeval.adapters.word_pages import word_pdf

TALLEST = 2.0  # times the width: a roll of paper isn't drawn at full length
LARGEST_SCALE = 8.0
LOOKING = 2.0  # seconds spent on looking at every page


class PdfPaper:
    """A PDF as pdfium reads it, mended by qpdf first where pdfium alone can't."""

    kind = PDF

    def __init__(self, path: str) -> None:
        self.path, self.repaired = path, False
        self._document = self._open()
        self.pages = len(self._document)
        if self.pages > MOST_PAGES:
            raise Refused("paper.pages", pages=self.pages, most=MOST_PAGES)

    def _open(self) -> Any:
        import pypdfium2

        try:
            document = pypdfium2.PdfDocument(self._source())
            if len(document):
                document[0].close()
                return document
        except pypdfium2.PdfiumError as fault:
            if "password" in str(fault).lower():
                raise Refused("paper.password") from None
        self.repaired = True
        try:
            document = pypdfium2.PdfDocument(_mended(self.path))
            if len(document):
                return document
        except pypdfium2.PdfiumError:
            pass
        raise Refused("paper.unreadable")

    def _source(self) -> str | bytes:
        """What pdfium reads."""
        return self.path

    def about(self) -> dict[str, Any]:
        """Kind, number of pages, whether there is text to search, and what else the file carries."""
        broken, text = self._looked_through()
        if broken == self.pages:
            raise Refused("paper.unreadable")
        found = findings_of(self.path)
        found += [REPAIRED] if self.repaired else []
        found += [BROKEN] if broken else []
        return {"kind": self.kind, "pages": self.pages, "text": text, "findings": found}

    def _looked_through(self) -> tuple[int, bool]:
        """Pages that can't be loaded, and whether one holds text, as far as the time goes."""
        broken, text, until = 0, False, time.monotonic() + LOOKING
        for number in range(self.pages):
            if number and time.monotonic() > until:
                break
            page = self._page(number)
            if page is None:
                broken += 1
                continue
            text = text or bool(_text(page).strip())
            page.close()
        return broken, text

    def _page(self, index: int) -> Any:
        import pypdfium2

        try:
            return self._document[index]
        except pypdfium2.PdfiumError:
            return None

    def texts(self) -> list[str]:
        """The text layer, page by page; empty where there is none."""
        found = []
        for number in range(self.pages):
            page = self._page(number)
            found.append(_text(page) if page is not None else "")
            if page is not None:
                page.close()
        return found

    def pictured(self) -> list[bool]:
        """Whether a page holds a picture, in which no rule can read."""
        from pypdfium2 import raw

        found = []
        for number in range(self.pages):
            page = self._page(number)
            found.append(page is None or any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4)))
            if page is not None:
                page.close()
        return found

    def spans(self, number: int, names: Names, full: bool, size: tuple[int, int]) -> list[Area]:
        """Where names and numbers stand on the drawn page, in its pixels."""
        page = self._page(number - 1)
        if page is None:
            return []
        try:
            return areas_of(page, names, full=full, size=size)
        finally:
            page.close()

    def picture(self, number: int, width: int) -> Any:
        """The page as it is printed, `width` pixels wide."""
        page = self._page(number - 1)
        if page is None:
            raise Refused("paper.broken_page")
        wide, high = max(page.get_width(), 1.0), max(page.get_height(), 1.0)
        scale = min(width / wide, TALLEST * width / high, LARGEST_SCALE)
        bitmap = page.render(scale=scale, draw_annots=False, may_draw_forms=False)
        picture = bitmap.to_pil().copy()
        bitmap.close()
        page.close()
        return picture


class WordPaper(PdfPaper):
    """A Word document, its text set anew as pages; what an editor left behind stays behind."""

    def _source(self) -> str | bytes:
        return word_pdf(self.path)

    def about(self) -> dict[str, Any]:
        """As of a PDF; it is said that the pages are ours."""
        return {"kind": PDF, "pages": self.pages, "text": True, "findings": [CONVERTED]}


def _text(page: Any) -> str:
    textpage = page.get_textpage()
    text: str = textpage.get_text_bounded()
    textpage.close()
    return text


def _mended(path: str) -> bytes:
    """The file as qpdf writes it anew, with what it can still find."""
    import pikepdf

    buffer = io.BytesIO()
    try:
        with pikepdf.open(path) as document:
            document.save(buffer)
    except pikepdf.PasswordError:
        raise Refused("paper.password") from None
    except (pikepdf.PdfError, ValueError, RuntimeError, OSError, TypeError):
        raise Refused("paper.unreadable") from None
    return buffer.getvalue()
