"""Which page of a list the address asks for."""

from flask import request


def pages_of(total: int, per_page: int) -> int:
    """How many pages there are; one for an empty list."""
    return max(1, -(-total // per_page))


def page_asked(pages: int) -> int:
    """The number in the address, kept between the first and the last page."""
    asked = request.args.get("page", "")
    return min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
