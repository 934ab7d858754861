"""Clean pages made to look scanned: a little askew, grey, speckled, with a stamped page number. Same in, same out.

A child process typesets and draws them: the memory of fonts and pictures is gone with it.
"""

import hashlib
import io
import json
import marshal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qualityeval.adapters.typesetting import pictures

SPECK = 16  # of 256 greys
QUALITY = 45
PAPER = 246
PACKAGE = Path(__file__).parents[2]
CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); from qualityeval.adapters.scanned_look import main; main()"
)


def scans(template: Path, values: Mapping[str, Any], *, seed: str, dots_per_inch: int) -> list[bytes]:
    """The pages of the filled template as JPEGs."""
    asked = json.dumps([str(template), values, seed, dots_per_inch]).encode()
    command = [sys.executable, "-P", "-c", CHILD, str(PACKAGE)]
    answer = subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=True)  # noqa: S603 -- ourselves
    pages: list[bytes] = marshal.loads(answer.stdout)  # noqa: S302 -- our own child's
    return pages


def main() -> None:
    """What the child does."""
    template, values, seed, dots = json.load(sys.stdin)
    clean = pictures(Path(template), values, dots_per_inch=dots)
    drawn = [scanned(page, seed=f"{seed} {number}", number=number) for number, page in enumerate(clean, 1)]
    sys.stdout.buffer.write(marshal.dumps(drawn))


def scanned(page: bytes, *, seed: str, number: int) -> bytes:
    """The picture of a page as the JPEG that an office scanner would make of it."""
    from PIL import Image, ImageChops, ImageDraw

    image = Image.open(io.BytesIO(page)).convert("L")
    turn = hashlib.sha256(seed.encode()).digest()
    ImageDraw.Draw(image).text((image.width - 90, 36), f"No. {number:03d}", fill=90, font_size=22)
    image = image.rotate((turn[0] - 128) / 110, fillcolor=PAPER, resample=Image.Resampling.BILINEAR)
    small = (image.width // 3, image.height // 3)
    grain = Image.frombytes("L", small, hashlib.shake_128(seed.encode()).digest(small[0] * small[1]))
    grain = grain.point(lambda grey: grey * SPECK // 256).resize(image.size)
    out = io.BytesIO()
    ImageChops.subtract(image, grain).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
