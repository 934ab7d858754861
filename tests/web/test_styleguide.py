"""The page of components shows every macro, in both languages, and nothing in it breaks."""

import re

import pytest

from qualityeval.core.codes import Role
from qualityeval.web.navigation import MENU
from tests.factories import create_account, create_institution
from tests.structure.objects import sign_in, token_of
from tests.structure.sources import ROOT

MACRO = re.compile(r"\{%-? macro ([a-z]\w*)\(")
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
OF_LAYOUTS = {"shell", "links"}  # used by the layouts and by other macros
pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def reader(app, client):
    sign_in(client, token_of(create_account(role=Role.MANAGER, institution=create_institution())))
    return client


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_macro_is_described_at_the_top_and_shown(path):
    text = path.read_text(encoding="utf-8")
    head = text[: text.index("#}")]
    shown = "".join(
        page.read_text(encoding="utf-8") for page in (ROOT / "templates").rglob("*.html") if page != path
    )
    for name in MACRO.findall(text):
        assert f"{name}(" in head, f"{name} isn't described"
        if path.stem not in OF_LAYOUTS:
            assert re.search(rf"\b{name}\(|import[^%]*\b{name}\b", shown), f"{name} is shown nowhere"


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize(
    "address", ["/styleguide/", "/styleguide/layouts/bare", "/styleguide/layouts/wide", "/styleguide/layouts/print"]
)  # fmt: skip
def test_it_opens_with_one_heading_and_unique_ids(reader, locale, address):
    reader.post("/language", data={"locale": locale})
    answer = reader.get(address)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert html.count("<h1") == 1
    assert ('lang="en"' if locale == "en" else 'lang="zh-CN"') in html[:200]
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert sorted(ids) == sorted(set(ids))
    wanted = {
        one
        for attribute in re.findall(r'(?:\sfor|aria-describedby)="([^"]*)"', html)
        for one in attribute.split()
    }
    assert wanted <= set(ids)


def test_every_line_of_the_menu_has_an_icon_of_its_own(app):
    module = app.jinja_env.get_template("components/shell.html").module
    lines = [endpoint for _title, section in MENU for _label, endpoint, _permission in section]
    assert set(lines) == set(module.ICONS)
    assert len(set(module.ICONS.values())) == len(lines)
    with app.test_request_context("/"):
        assert all("<path" in module.menu_icon(endpoint) for endpoint in lines)


def test_a_layout_that_is_not_there(reader):
    assert reader.get("/styleguide/layouts/other").status_code == 404


def test_large_print_is_one_class(reader):
    reader.post("/large-print", data={"large_print": "1"})
    assert '<html lang="zh-CN" class="large-print">' in reader.get("/styleguide/").get_data(as_text=True)
