"""Word documents filled from templates that an office edits itself; values are text, never markup."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qualityeval.core.errors import InvalidInput, msg


def filled(template: Path, values: Mapping[str, Any]) -> bytes:
    """The template with its places filled; InvalidInput names a template that can't be used."""
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.exceptions import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    document = DocxTemplate(str(template))
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        document.render(dict(values), environment, autoescape=True)
    except TemplateError as fault:
        raise InvalidInput(
            "word.template", msg("Word模板“%(name)s”用不了：%(fault)s。请改正模板，或把它移走以使用自带的模板。"),
            where="template", name=template.name, fault=str(fault),
        ) from None  # fmt: skip
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
