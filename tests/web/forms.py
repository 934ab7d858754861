"""Reading forms out of pages as a browser would."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """All forms with their action and the fields that would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        if tag == "input" and self.forms and given.get("name"):
            self.forms[-1][1][given["name"]] = given.get("value", "")


def _forms(page: str) -> list[tuple[str, dict[str, str]]]:
    parser = _Forms()
    parser.feed(page)
    return parser.forms


def fields_of(page: str, *, action: str) -> dict[str, str]:
    """The inputs of the form that posts to `action`."""
    return next(fields for target, fields in _forms(page) if target == action)


def field_value(page: str, name: str) -> str:
    """The value of the first input of this name."""
    return next(fields[name] for _target, fields in reversed(_forms(page)) if name in fields)


def token_in(page: str) -> str:
    """The form token of the page's last form."""
    return field_value(page, "csrf_token")
