"""Opening a page as a person, and everything that a browser may complain about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request

from tests.browser.site import Site

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RECORD_VIOLATIONS = """
window.qeViolations = [];
document.addEventListener("securitypolicyviolation", event =>
  window.qeViolations.push(event.violatedDirective + " " + event.blockedURI));
"""
OVERFLOW = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter(element => element.getBoundingClientRect().right > width + 1)
    .map(element => element.tagName + "." + element.className).slice(0, 5);
}
"""


@dataclass
class Complaints:
    """What went wrong on a page, gathered while it loads."""

    console: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """For the next page in the same window."""
        self.console.clear()
        self.outside.clear()


@contextmanager
def looking(
    browser: Browser,
    site: Site,
    *,
    account: str,
    locale: str = "zh",
    width: int = 1440,
    height: int = 900,
    scripts: bool = True,
) -> Iterator[tuple[Page, Complaints]]:
    """A fresh browser window of that width, signed in as the account; nothing outside the site is reached."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN" if locale == "zh" else "en-GB",
        timezone_id="Asia/Shanghai", reduced_motion="reduce", java_script_enabled=scripts,
    )  # fmt: skip
    context.set_default_timeout(10_000)
    context.add_cookies([site.cookie(account, locale)])  # type: ignore[list-item]
    context.add_init_script(RECORD_VIOLATIONS)
    complaints = Complaints()

    def note(request: Request) -> None:  # the browser itself resolves no name: see conftest
        if not request.url.startswith((site.url, "data:", "blob:")):
            complaints.outside.append(request.url)

    context.on("request", note)
    page = context.new_page()
    page.on("console", lambda said: complaints.console.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.console.append(str(error)))
    try:
        yield page, complaints
    finally:
        context.close()


def faults_of(page: Page, complaints: Complaints) -> dict[str, Any]:
    """Everything that is wrong with the page that is open; empty when nothing is."""
    found = {
        "content security policy": page.evaluate("window.qeViolations"),
        "console": complaints.console,
        "outside addresses": complaints.outside,
        "wider than the window": page.evaluate(OVERFLOW),
    }
    return {name: value for name, value in found.items() if value}


RUN_AXE = """
() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
  resultTypes: ["violations"],
}).then(result => result.violations.map(one =>
  `${one.id}: ${one.nodes[0].html.slice(0, 160)} (${one.nodes.length})`))
"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def violations_of(page: Page) -> list[str]:
    """What axe finds against WCAG 2.1 AA: rule, first place, how many."""
    page.evaluate(_axe())
    found: list[str] = page.evaluate(RUN_AXE)
    return found
