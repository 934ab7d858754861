"""Word documents filled from templates that an office edits itself; values are text, never markup."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualityeval.core.errors import InvalidInput, msg


@dataclass(frozen=True)
class Picture:
    """A PNG among the values, set so many millimetres wide where the template names it."""

    content: bytes
    width: int


def filled(template: Path, values: Mapping[str, Any]) -> bytes:
    """The template with its places filled, pictures among them; InvalidInput names a template that can't be used."""
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.exceptions import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    document = DocxTemplate(str(template))
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        document.render(_placed(dict(values), document), environment, autoescape=True)
    except TemplateError as fault:
        raise InvalidInput(
            "word.template", msg("Word模板“%(name)s”用不了：%(fault)s。请改正模板，或把它移走以使用自带的模板。"),
            where="template", name=template.name, fault=str(fault),
        ) from None  # fmt: skip
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _placed(value: Any, document: Any) -> Any:
    """The values with their pictures as the document takes them."""
    from docx.shared import Mm
    from docxtpl import InlineImage

    if isinstance(value, Picture):
        return InlineImage(document, io.BytesIO(value.content), width=Mm(value.width))
    if isinstance(value, dict):
        return {name: _placed(part, document) for name, part in value.items()}
    return [_placed(part, document) for part in value] if isinstance(value, list | tuple) else value
