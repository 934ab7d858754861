"""Help inside the product: the Markdown pages of docs/help in the reader's language."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, render_template
from markdown_it import MarkdownIt
from markupsafe import Markup

from qualityeval.core.errors import NotFound
from qualityeval.web.guards import public
from qualityeval.web.locale import choose_locale

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "help"
SLUGS = (  # in the order of the work
    "sign-in", "roles", "import", "draw", "call-in", "papers", "experts", "verify", "channels", "results",
    "interface",
)  # fmt: skip
bp = Blueprint("help", __name__, url_prefix="/help")


@dataclass(frozen=True)
class Page:
    """One page: its title, its first sentence for the list, and its HTML."""

    slug: str
    title: str
    lead: str
    body: Markup


@cache
def read(slug: str, locale: str) -> Page:
    """The page, rendered. HTML in the Markdown is shown as text, and only plain links are links."""
    text = (FOLDER / locale / f"{slug}.md").read_text(encoding="utf-8")
    heading, _gap, rest = text.partition("\n")
    renderer = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    # Pages link to each other as files, so that the links work in the repository too.
    html = renderer.render(rest).replace('.md">', '">')
    body = Markup(html)  # noqa: S704 -- our own files, html off
    lead = rest.strip().partition("\n\n")[0].replace("\n", "")
    return Page(slug, heading.removeprefix("# ").strip(), lead, body)


@bp.get("/")
@public
def index() -> str:
    """What there is to read."""
    return render_template("help/index.html", pages=[read(slug, choose_locale()) for slug in SLUGS])


@bp.get("/<slug>")
@public
def page(slug: str) -> str:
    """One page, with the others beside it."""
    if slug not in SLUGS:
        raise NotFound
    locale = choose_locale()
    return render_template(
        "help/page.html", page=read(slug, locale), pages=[read(other, locale) for other in SLUGS]
    )
