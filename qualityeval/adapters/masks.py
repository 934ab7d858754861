"""Painting over names on drawn pages: the pixels beneath are gone, the token stands in their place. Child only."""

import ctypes
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from qualityeval.core.pseudonyms import Name, Span, find

Names = Sequence[tuple[str, str, str]]  # kind, text, token
Area = tuple[int, int, int, int, str]  # left, top, right, bottom in pixels, and the token
GREY, DARK = (214, 219, 226), (40, 52, 70)
MARGIN = 0.12  # of a line's height, around what is painted
SMALLEST = 8


def areas_of(page: Any, names: Names, *, full: bool, size: tuple[int, int]) -> list[Area]:
    """The boxes of every name and number in the page's text layer, one a line."""
    letters = page.get_textpage()
    try:
        from pypdfium2 import raw

        count = letters.count_chars()
        text = "".join(_letter(raw.FPDFText_GetUnicode(letters, at)) for at in range(count))
        found = []
        for span in find(text, [Name(*one) for one in names], full=full):
            found += _lines(page, letters, text, span, size)
        return found
    finally:
        letters.close()


def by_hand(areas: Iterable[Sequence[int]], size: tuple[int, int]) -> list[Area]:
    """Areas in thousandths of the page as boxes in pixels."""
    width, height = size
    return [
        (left * width // 1000, top * height // 1000, -(-(left + across) * width // 1000), -(-(top + down) * height // 1000), "")
        for left, top, across, down in areas
    ]  # fmt: skip


def painted(picture: Any, areas: Iterable[Area]) -> Any:
    """The picture with the boxes filled and their tokens written in."""
    from PIL import ImageDraw

    page = picture.convert("RGB")
    draw = ImageDraw.Draw(page)
    for left, top, right, bottom, token in areas:
        draw.rectangle((left, top, right, bottom), fill=GREY)
        if not token:
            continue
        font = _font(max(SMALLEST, _fitting(token, right - left, bottom - top)))
        draw.text(((left + right) / 2, (top + bottom) / 2), token, fill=DARK, font=font, anchor="mm")
    return page


def _fitting(token: str, across: int, down: int) -> int:
    """The size of letters with which the token fits in: a Chinese letter is as wide as it is high."""
    return int(min(0.9 * down, across / max(1, len(token))))


def _letter(code: int) -> str:
    """One character a code, so that places in the text are pdfium's own."""
    return chr(code) if 0 < code < 0xD800 or 0xE000 <= code <= 0x10FFFF else " "


def _lines(page: Any, letters: Any, text: str, span: Span, size: tuple[int, int]) -> list[Area]:
    """The span's boxes, its letters of one line joined; the token stands in the first."""
    boxes: list[list[int]] = []
    for at in range(span.start, span.end):
        if text[at].isspace():
            continue
        box = _pixels(page, letters.get_charbox(at, loose=True), size)
        last = boxes[-1] if boxes else None
        if last and box[1] < last[3] and box[3] > last[1]:
            last[:] = [min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3])]
        else:
            boxes.append(box)
    margin = [max(1, int(MARGIN * (bottom - top))) for _l, top, _r, bottom in boxes]
    return [
        (left - more, top - more, right + more, bottom + more, "" if number else span.token)
        for number, ((left, top, right, bottom), more) in enumerate(zip(boxes, margin, strict=True))
    ]


def _pixels(page: Any, box: Sequence[float], size: tuple[int, int]) -> list[int]:
    """A box in the page's own units as the drawn page shows it, its rotation included."""
    from pypdfium2 import raw

    across, down = [], []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        px, py = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, px, py)
        across.append(px.value)
        down.append(py.value)
    return [min(across), min(down), max(across), max(down)]


@lru_cache(maxsize=16)
def _font(size: int) -> Any:
    import pylopdf_fonts_zh_cn as fonts
    from PIL import ImageFont

    return ImageFont.truetype(str(fonts.sans_path()), size)
