"""A browser and the site it looks at; without Chromium or a built bundle these tests say why they don't run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from qualityeval.web.assets import DIST
from tests.browser.site import Site, serving

HERE = Path(__file__).resolve().parent
CHROMIUM = os.environ.get("QUALITYEVAL_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--no-first-run", "--disable-domain-reliability", "--disable-breakpad",
    "--force-color-profile=srgb", "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    if not Path(CHROMIUM).is_file():
        pytest.skip("no Chromium: `make browser` installs it, QUALITYEVAL_CHROMIUM names another one")
    if not (DIST / "manifest.json").is_file():
        pytest.skip("the browser bundle isn't built: `make bundle`")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application with its province; only where there is a browser to look at it."""
    with serving(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture
def own_site(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """A site for one test: where a round is dealt, no other test of the same site can deal it."""
    with serving(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures go: a folder that isn't committed."""
    folder = HERE.parent / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder
