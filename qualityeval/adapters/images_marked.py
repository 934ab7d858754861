"""A reader's mark over a drawn page: who looks and when, slanting over the whole page, pale enough to read through.

Also a sentence in place of a page.
"""

import io
import re
from functools import lru_cache
from typing import Any

SLANT, PALENESS, QUALITY = 24, 34, 78  # degrees, of 255, of 100
GREY = (70, 90, 120)
INK = (150, 30, 30)


def marked(jpeg: bytes, text: str) -> bytes:
    """The page with the text all over it, as a JPEG without any properties. `jpeg` is one that we drew."""
    from PIL import Image

    page = Image.open(io.BytesIO(jpeg))
    page.load()
    page.paste(GREY, mask=_pattern(text, page.width, page.height))
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def sentence_page(text: str, width: int) -> bytes:
    """A white page of A4's shape with the text on it, as a JPEG."""
    from PIL import Image, ImageDraw

    page, margin, font = (
        Image.new("RGB", (width, width * 297 // 210), "white"),
        width // 10,
        _font(width // 36),
    )
    lines = [""]
    for part in re.findall(r"[!-~]+ ?|.", text):  # Latin words stay whole
        if font.getlength(lines[-1] + part) > width - 2 * margin:
            lines.append("")
        lines[-1] += part
    ImageDraw.Draw(page).multiline_text(
        (margin, margin), "\n".join(lines), fill=INK, font=font, spacing=width // 60
    )
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


@lru_cache(maxsize=8)
def _pattern(text: str, width: int, height: int) -> Any:
    """How strongly each pixel is covered: the text in rows, every second one shifted."""
    from PIL import Image, ImageDraw

    font = _font(max(14, width // 52))
    left, top, right, bottom = font.getbbox(text)
    step_x, step_y = int((right - left) * 1.6) + 1, int((bottom - top) * 7) + 1
    side = int((width**2 + height**2) ** 0.5) + 1
    sheet = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(sheet)
    for row, y in enumerate(range(0, side, step_y)):
        for x in range(-(step_x // 2) * (row % 2), side, step_x):
            draw.text((x, y), text, fill=PALENESS, font=font)
    turned = sheet.rotate(SLANT, Image.Resampling.BILINEAR)
    at_x, at_y = (side - width) // 2, (side - height) // 2
    return turned.crop((at_x, at_y, at_x + width, at_y + height))


@lru_cache(maxsize=4)
def _font(size: int) -> Any:
    import pylopdf_fonts_zh_cn as fonts
    from PIL import ImageFont

    return ImageFont.truetype(str(fonts.sans_path()), size)
