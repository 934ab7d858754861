"""Scans that come as pictures: JPEG, PNG, TIFF (fax compressions too, one frame a page). Used by the child only."""

import time
from typing import Any

from qualityeval.adapters.pdf_types import BROKEN, IMAGE, MOST_PAGES, PROPERTIES, Refused

MOST_PIXELS = 60_000_000  # A3 at 600 dpi is 70 million: such scans aren't made of files
FORMATS = ("JPEG", "PNG", "TIFF")
LOOKING = 2.0


class ImagePaper:
    """A picture with one or more frames; EXIF and other properties stay behind in the file."""

    kind = IMAGE

    def __init__(self, path: str) -> None:
        from PIL import Image, UnidentifiedImageError

        Image.MAX_IMAGE_PIXELS = None  # our own bound below, in words
        try:
            self._image = Image.open(path, formats=FORMATS)
            self._sized()
            self.pages = int(getattr(self._image, "n_frames", 1))
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, TypeError):
            raise Refused("paper.image") from None
        if self.pages > MOST_PAGES:
            raise Refused("paper.pages", pages=self.pages, most=MOST_PAGES)

    def about(self) -> dict[str, Any]:
        """As of a PDF; a picture has no text layer."""
        broken, until = 0, time.monotonic() + LOOKING
        for number in range(1, self.pages + 1):
            if number > 1 and time.monotonic() > until:
                break
            try:
                self._frame(number)
            except Refused as refusal:
                if refusal.code != "paper.broken_page":
                    raise
                broken += 1
        if broken == self.pages:
            raise Refused("paper.image")
        found = ([PROPERTIES] if self._image.getexif() else []) + ([BROKEN] if broken else [])
        return {"kind": self.kind, "pages": self.pages, "text": False, "findings": found}

    def texts(self) -> list[str]:
        """Nothing to search."""
        return [""] * self.pages

    def pictured(self) -> list[bool]:
        """Every page is one picture."""
        return [True] * self.pages

    def spans(self, *_asked: object) -> list[Any]:
        """No rule reads a picture."""
        return []

    def picture(self, number: int, width: int) -> Any:
        """The frame upright, at most `width` pixels wide and twice as high."""
        from PIL import Image, ImageOps

        upright = ImageOps.exif_transpose(self._frame(number))
        flat = upright.convert("L" if upright.mode in ("1", "L", "I;16", "I", "F") else "RGB")
        flat.thumbnail((width, 2 * width), Image.Resampling.LANCZOS)
        return flat

    def _frame(self, number: int) -> Any:
        try:
            self._image.seek(number - 1)
            self._sized()
            self._image.load()
        except (OSError, SyntaxError, ValueError, EOFError, TypeError, IndexError, KeyError):
            raise Refused("paper.broken_page") from None
        return self._image

    def _sized(self) -> None:
        width, height = self._image.size
        if width * height > MOST_PIXELS:
            raise Refused("paper.pixels", width=width, height=height)
