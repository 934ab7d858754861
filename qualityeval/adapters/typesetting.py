"""PDF pages set by typst from a template of ours and values handed over as JSON, never as markup.

pdf(template, values, made_at=)         here
pdf_apart(template, values, made_at=)   by a child: typst remembers what it set as long as its process lives, which for
                                        2,000 letters were 600 MB
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PDF_STANDARD = "a-2b"  # archives ask for PDF/A
PACKAGE = Path(__file__).parents[2]
CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); from qualityeval.adapters.typesetting import main; main()"
)


def font_folder() -> Path:
    """Where the Chinese faces lie; the same files on every machine, so the same pages."""
    import pylopdf_fonts_zh_cn as fonts

    return Path(fonts.sans_path()).parent


def pdf(template: Path, values: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The template filled with the values. The same values give the same bytes.

    The template reads `json(bytes(sys.inputs.values))`; `made_at` is the time the file states.
    """
    import typst

    content = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(font_folder())],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
        pdf_standards=PDF_STANDARD,
        timestamp=int(made_at.astimezone(UTC).timestamp()),
    )
    return bytes(content)


def pdf_apart(template: Path, values: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The same bytes as `pdf`, set by a process of its own, with which its memory is gone."""
    asked = json.dumps([str(template), values, made_at.isoformat()]).encode()
    command = [sys.executable, "-P", "-c", CHILD, str(PACKAGE)]
    return subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603 -- ourselves


def main() -> None:
    """What the child does."""
    template, values, made_at = json.load(sys.stdin)
    sys.stdout.buffer.write(pdf(Path(template), values, made_at=datetime.fromisoformat(made_at)))


def pictures(template: Path, values: Mapping[str, Any], *, dots_per_inch: int) -> list[bytes]:
    """The pages of the filled template as PNG pictures."""
    import typst

    pages = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(font_folder())],
        ignore_system_fonts=True,
        format="png",
        ppi=dots_per_inch,
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
    )
    return [bytes(page) for page in pages] if isinstance(pages, list) else [bytes(pages)]
