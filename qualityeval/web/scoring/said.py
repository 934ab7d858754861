"""What has to be mended on a sheet, as the list above it says it: the item first, so that each line leads somewhere."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from qualityeval.core.rubric_parts import Rubric, Title
from qualityeval.web.locale import choose_locale


def said(errors: Mapping[str, str], rubric: Rubric) -> list[tuple[str, str]]:
    """Sentences with the field they lead to; a sentence about an item begins with its number and title."""
    names = dict(_names(rubric))
    return [
        (_line(names.get(field.partition("-")[2]), sentence), field) for field, sentence in errors.items()
    ]


def _line(item: str | None, sentence: str) -> str:
    return _("%(item)s：%(sentence)s", item=item, sentence=sentence) if item else sentence


def _names(rubric: Rubric) -> Iterator[tuple[str, str]]:
    for at, part in enumerate(rubric.sections, 1):
        yield part.code, f"{at} {_title(part.title)}"
        for number, item in enumerate(part.items, 1):
            yield item.code, f"{at}.{number} {_title(item.title)}"


def _title(title: Title) -> str:
    return title.en if choose_locale() == "en" and title.en else title.zh
