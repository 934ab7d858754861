"""Help: the same pages in both languages, HTML shown as text, links that lead somewhere."""

import re
from pathlib import Path

import pytest

from qualityeval.web import manual

FOLDER = Path(manual.FOLDER)
PAGES = [(locale, slug) for locale in ("zh", "en") for slug in manual.SLUGS]
HAN = re.compile(r"[\u3400-\u9fff]")


def lines(locale, slug, mark):
    text = (FOLDER / locale / f"{slug}.md").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if re.match(mark, line)]


def test_every_file_is_a_page_and_every_page_a_file():
    for locale in ("zh", "en"):
        assert {path.stem for path in (FOLDER / locale).glob("*.md")} == set(manual.SLUGS)


@pytest.mark.parametrize("slug", manual.SLUGS)
@pytest.mark.parametrize("mark", [r"## ", r"- ", r"\d+\. ", r"\|", r"```", r"qualityeval |python "])
def test_both_languages_say_the_same_things(slug, mark):
    assert len(lines("zh", slug, mark)) == len(lines("en", slug, mark))


@pytest.mark.parametrize("slug", manual.SLUGS)
def test_the_english_is_english(slug):
    assert not HAN.search((FOLDER / "en" / f"{slug}.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("locale", "slug"), PAGES)
def test_a_page_is_rendered_with_title_and_working_links(client, locale, slug):
    with client.session_transaction() as session:
        session["locale"] = locale
    answer = client.get(f"/help/{slug}")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f"<h1>{manual.read(slug, locale).title}</h1>" in html
    for target in re.findall(r'href="([\w-]+)"', str(manual.read(slug, locale).body)):
        assert target in manual.SLUGS


def test_the_list_names_every_page_with_its_first_sentence(client):
    html = client.get("/help/").get_data(as_text=True)
    for slug in manual.SLUGS:
        page = manual.read(slug, "zh")
        assert f'href="/help/{slug}"' in html
        assert page.lead in html
        assert len(page.lead) < 60


def test_another_name_is_not_found(client):
    assert client.get("/help/secrets").status_code == 404


def test_html_in_a_page_is_text(monkeypatch, tmp_path):
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "evil.md").write_text(
        "# T\n\n<script>x()</script> [a](javascript:x) <img src=x onerror=x>\n", encoding="utf-8"
    )
    monkeypatch.setattr(manual, "FOLDER", tmp_path)
    body = str(manual.read.__wrapped__("evil", "zh").body)
    assert "<script" not in body
    assert "<img" not in body
    assert "href" not in body
