"""The archive catalogues that come with the product, read from the package's own file once."""

from functools import cache
from importlib.resources import files

from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.catalogue import Catalogues, parse_catalogues


@cache
def shipped_catalogues() -> Catalogues:
    """The catalogues of all kinds of case."""
    return parse_catalogues(load_text((files("qualityeval") / "catalogues" / "archive.yaml").read_bytes()))
