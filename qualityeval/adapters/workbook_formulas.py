"""Whether a workbook holds formulas: a filled form must say what its reader saw, not what is computed elsewhere."""

import re
import zipfile
from typing import BinaryIO

from qualityeval.core.errors import InvalidInput, msg

_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
MOST_BYTES = 64 << 20


def refuse_formulas(content: BinaryIO) -> None:
    """InvalidInput where a sheet of an .xlsx holds a formula; anything else is for the reader of tables to judge."""
    try:
        with zipfile.ZipFile(content) as archive:
            for part in archive.infolist():
                if _SHEETS.fullmatch(part.filename):
                    with archive.open(part) as sheet:
                        if _FORMULA.search(sheet.read(MOST_BYTES)):
                            raise InvalidInput(
                                "table.formula",
                                msg("表里有公式。请把公式改成数值（选择性粘贴为数值）再上传。"),
                                where="file",
                            )
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return
    finally:
        content.seek(0)
