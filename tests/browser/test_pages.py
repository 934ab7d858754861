"""Every page that the URL map knows, at both widths and in both languages, looked at by a browser.

The list is made from the table of routes, so a page is covered on the day it gets its row there.
"""

from contextlib import ExitStack
from functools import cache

import pytest
from playwright.sync_api import Error

from tests.browser.looking import AXE, faults_of, looking, violations_of
from tests.conftest import scale
from tests.structure.route_table import ANONYMOUS, NO_ROLE, ROUTES

WIDTHS = {1440: 900, 375: 812}
LOCALES = ("zh", "en")
# which object a page is shown with, where the kind alone doesn't say
SHOWN_WITH = {
    "rounds.edit": "draft", "rounds.freeze": "draft", "rounds.withdraw": "drawn", "rounds.detail": "frozen",
    "sampling.seed": "frozen", "sampling.draw": "seeded", "sampling.detail": "drawn", "round": "drawn",
    "drawn": "drawn_file", "assignments.staff": "divided", "assignments.staff_part": "staff_file",
}  # fmt: skip
# a step after the password, the bundle itself, a step after a one-time link
NO_PAGE = {
    "account.totp",
    "api.bring",
    "api.figures",
    "api.openapi",
    "api.rounds",
    "assets.file",
    "opinions.form",
    "practitioners.form",
    "recipients.form",
    "verify.certificate",
    "verify.frame",
    "verify.results_file",
    "verify.verifier",
}
QUERY = {
    "results.period": {"code": "LC2026Q1"},
    "results.csv": {"code": "LC2026Q1"},
    "results.period_circular": {"code": "LC2026H1"},
    "results.period_circular_file": {"code": "LC2026H1"},
    "results.workbook": {"code": "LC2026Q1"},
    "results.items_workbook": {"code": "LC2026Q1"},
}
EXTRA = {
    "rounds.detail-draft": ("rounds.detail", "draft"),
    "rounds.detail-drawn": ("rounds.detail", "drawn"),
    "rounds.detail-withdrawn": ("rounds.detail", "withdrawn"),
    "sampling.seed-fixed": ("sampling.seed", "seeded"),
    "verify.detail-frozen": ("verify.detail", "frozen"),
}


@pytest.fixture
def languages(proof_count):
    """Both languages where the count is shown in full; otherwise pages take turns, Chinese and English."""

    def of(name):
        turn = turn_of(name) % len(LOCALES)
        return LOCALES if proof_count(100) == 100 else LOCALES[turn : turn + 1]

    return of


def persona_of(endpoint):
    """The account of the demonstration that may open the page; a visitor where anyone may."""
    who = ROUTES[endpoint].who
    if ANONYMOUS in who:
        return ""
    return next(
        name
        for name in ("manager", "system", "security", "audit", "expert", "observer", "caller")
        if name in who
    )


def turn_of(name):
    """Pages take turns outside the proof, by their names: every second is looked at, every fourth by axe too."""
    return sum(name.encode()) % 4


def pages():
    """(name, endpoint, object) of what answers a GET with a page: all in the proof, otherwise every second.

    Components are shared, so the other half would tell little more; least of all axe, which takes most of a look.
    """
    plain = [(endpoint, endpoint, "") for endpoint in ROUTES if endpoint not in NO_PAGE]
    every = plain + [(name, endpoint, shown) for name, (endpoint, shown) in EXTRA.items()]
    return every if scale() == 1 else [page for page in every if turn_of(page[0]) < 2]


def path_of(site, endpoint, shown):
    """The address, or None where the endpoint takes no GET or names what the site doesn't hold."""
    rule = next((rule for rule in site.app.url_map.iter_rules(endpoint) if "GET" in rule.methods), None)
    if rule is None:
        return None
    access = ROUTES[endpoint]
    values = dict(access.arguments)
    for name in set(rule.arguments) - set(values):
        kind = shown or SHOWN_WITH.get(endpoint) or SHOWN_WITH.get(access.over, access.over)
        if kind not in site.objects:
            return None
        values[name] = site.objects[kind]
    with site.app.test_request_context("/", base_url=site.url):
        return site.app.url_for(endpoint, **values, **QUERY.get(endpoint, {}))


@pytest.fixture(scope="module")
def windows(browser, site):
    """One window a person and language: it signs in once and keeps what a browser keeps between pages."""
    with ExitStack() as opened:

        @cache
        def window(account, locale):
            return opened.enter_context(looking(browser, site, account=account, locale=locale))

        def speaking(account, locale):
            if account:
                site.cookie(
                    account, locale
                )  # an account speaks the language that was chosen last, in any window
            return window(account, locale)

        yield speaking


def opened(page, address, endpoint):
    """The page's status. Files are looked at by other tests; a page for another state of its object needs one in it."""
    try:
        answer = page.goto(address)
    except Error as refusal:
        if "Download is starting" not in str(refusal):
            raise
        pytest.skip("answers with a file, which is no page")
    if not (kind := answer.headers.get("content-type", "")).startswith("text/html"):
        pytest.skip(f"answers with {kind}, which is no page")
    if answer.status == 409 or (answer.status == 404 and ROUTES[endpoint].later):
        pytest.skip("the site holds no object in the state that this page is for")
    return answer.status


@pytest.mark.proof("screens")
@pytest.mark.parametrize(("name", "endpoint", "shown"), pages(), ids=lambda value: value or "-")
def test_page(windows, site, screenshots, languages, name, endpoint, shown):
    if endpoint not in site.app.view_functions:
        pytest.skip(f"{endpoint} isn't built yet")
    path = path_of(site, endpoint, shown)
    if path is None:
        pytest.skip(f"{endpoint} is no page, or the site holds no {ROUTES[endpoint].over}")
    faults = {}
    in_full = len(languages(name)) == len(LOCALES)
    by_axe = AXE.is_file() and (in_full or turn_of(name) == 0)
    for locale in languages(name):
        page, complaints = windows(persona_of(endpoint), locale)
        page.evaluate("0")  # what the page before complained of has arrived
        complaints.forget()
        if (status := opened(page, site.url + path, endpoint)) != 200:
            faults[locale] = status
        if locale == "en" and page.locator("html").get_attribute("lang") != "en":
            faults["language"] = "not English"
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            found = faults_of(page, complaints)
            if by_axe and width == min(WIDTHS) and (violations := violations_of(page)):
                found["axe"] = violations
            if found:
                faults[f"{width} {locale}"] = found
            if in_full:  # pictures are for people, and for the proof
                picture = screenshots / f"{name}-{width}-{locale}.png"
                page.screenshot(path=picture, full_page=True, caret="initial")
    assert faults == {}


def test_the_complaints_are_noticed(browser, site):
    """The checks above would be worth nothing if they couldn't fail."""
    with looking(browser, site, account="", width=375, height=812) as (page, complaints):
        page.goto(site.url + "/sign-in")
        assert faults_of(page, complaints) == {}
        page.evaluate("() => { const b = document.createElement('div'); b.style.width = '900px';"
                      " b.style.height = '2px'; b.setAttribute('style', 'width:900px'); document.body.append(b); }")  # fmt: skip
        page.evaluate(
            "() => { const i = new Image(); i.src = 'http://example.org/x.png'; document.body.append(i); }"
        )
        page.evaluate("() => console.error('planted')")
        page.evaluate(
            "() => { const i = document.createElement('input'); document.querySelector('main').append(i); }"
        )
        page.wait_for_timeout(200)
        found = faults_of(page, complaints)
        assert {"content security policy", "console", "wider than the window"} <= found.keys()
        if AXE.is_file():
            assert any(line.startswith("label:") for line in violations_of(page))


def test_personas_are_real():
    assert NO_ROLE not in {persona_of(endpoint) for endpoint, access in ROUTES.items() if access.who}
