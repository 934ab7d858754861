"""A label in both languages, for pages in one of them and papers that show both."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """Chinese and English of one code."""

    zh: str
    en: str

    def text(self, locale: str) -> str:
        """The label in the reader's language; Chinese unless that is English."""
        return self.en if locale == "en" else self.zh
