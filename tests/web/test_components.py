"""The macros by their output: escaping, accessibility attributes, links that keep the filters."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask, flash, render_template_string
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    Form,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired

EVIL = '"><script>alert(1)</script>'


class Sample(Form):
    name = StringField("Name", [DataRequired()], description="As printed")
    note = StringField("Note")
    day = DateField("Day")
    kind = SelectField("Kind", choices=[SelectChoice("a", "A")])
    pick = RadioField("Pick", choices=[SelectChoice("x", "X"), SelectChoice("y", "Y")])
    agree = BooleanField("Agree")
    token = HiddenField()


class WithToken(Sample):
    csrf_token = HiddenField()


class Tags(HTMLParser):
    """Every start tag as (name, attributes), and the ends, so that a test asks for elements, not for text."""

    VOID = frozenset({"input", "br", "img", "meta", "link", "hr", "path", "rect", "circle"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == [], "an element is left open"

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]

    def one(self, name):
        (found,) = self.all(name)
        return found


@pytest.fixture
def render(shared_app: Flask):
    """Renders a line of template inside a request for a given address."""

    def rendered(source: str, path: str = "/rounds?state=draft", **values) -> str:
        with shared_app.test_request_context(path):
            return render_template_string(source, **values)

    return rendered


def use(name: str, macros: str, body: str) -> str:
    return f'{{% from "components/{name}.html" import {macros} %}}{body}'


@pytest.mark.parametrize(
    ("name", "macros", "body"),
    [
        ("buttons", "button, link_button", "{{ button(x, name=x, value=x, why=x) }}{{ link_button(x, x) }}"),
        ("buttons", "post_button", "{{ post_button(x, x, fields={x: x}) }}"),
        ("status", "tag, grade, due, withheld, saved", "{{ tag(x) }}{{ grade(x, 1) }}{{ due(x) }}{{ withheld(x) }}{{ saved(x) }}"),
        ("messages", "notice", "{{ notice(x, x) }}"),
        ("empty", "empty", "{{ empty(x, x, x, x) }}"),
        ("facts", "facts, figures", "{{ facts([(x, x)]) }}{{ figures([{'label': x, 'value': x, 'unit': x, 'note': x}]) }}"),
        ("digest", "digest, short_digest", "{{ digest(x, x, x) }}{{ short_digest(x) }}"),
        ("stepper", "stepper, steps", "{{ stepper([{'label': x, 'note': x, 'state': 'now'}], x) }}{{ steps([x], 1) }}"),
        ("tabs", "tabs, segments", "{{ tabs([(x, x, true, x)], x) }}{{ segments([(x, x, true)], x) }}"),
        ("timeline", "timeline", "{{ timeline([{'at': x, 'who': x, 'what': x, 'detail': x}]) }}"),
        ("progress", "bar, job, parts", "{{ bar(1, 2, x) }}{{ job(x, 1, 2, x, x, x) }}{{ parts(1, 3, x) }}"),
        ("chart", "bars", "{{ bars(x, [{'label': x, 'value': 1, 'text': x}], (x, x), unit=x) }}"),
        ("chart", "grade_bars", "{{ grade_bars(x, [{'label': x, 'counts': [1, 1], 'n': 2}], [(x, 1), (x, 2)], (x, x)) }}"),
        ("confirm", "confirm", "{{ confirm(x, x, x, x, x, word=x, fields={x: x}, error=x) }}"),
        ("filters", "text_filter, dates_filter", "{{ text_filter('q', x, x, x) }}{{ dates_filter('d', x, x, x) }}"),
        ("filters", "select_filter, filter_chips", "{{ select_filter('k', x, [(x, x)], x) }}{{ filter_chips([(x, x)], x) }}"),
        ("table", "th, td", "<table><tr>{{ th(x, x, x, x) }}{{ td(x, x) }}</tr></table>"),
        ("plain", "plain_field", "{{ plain_field(x, x, x, error=x, help=x, title=x) }}{{ plain_field(x, x, x, rows=2) }}"),
        ("plain", "plain_tick, plain_select", "{{ plain_tick(x, x, value=x) }}{{ plain_select(x, x, [(x, x)], x, x) }}"),
        ("form", "errors_said", "{{ errors_said([(x, x)], x) }}"),
        ("page", "page_head", "{{ page_head(x, x, [(x, x)]) }}"),
    ],
)  # fmt: skip
def test_text_is_escaped_and_elements_are_closed(render, name, macros, body):
    html = render(use(name, macros, body), x=EVIL)
    assert Tags(html).all("script") == []
    assert "&lt;script&gt;" in html


def test_markup_of_another_macro_is_kept(render):
    html = render(
        '{% from "components/status.html" import tag %}'
        + use("table", "td", "<table><tr>{{ td(tag('open', 'ok'), 'State') }}</tr></table>")
    )
    assert Tags(html).one("span")["class"] == "qe-tag qe-tag-ok"


@pytest.mark.parametrize(("value", "shown"), [(None, "—"), ("", "—"), (0, "0"), (False, ""), ("a", "a")])
def test_an_empty_cell_is_a_dash_and_zero_is_zero(render, value, shown):
    html = render(use("table", "td", "{{ td(value) }}"), value=value)
    assert re.search(r">([^<]*)</td>", html).group(1) == shown


def field_html(render, body, **errors):
    form = Sample()
    for name, sentence in errors.items():
        form[name].errors = [sentence]
    macros = "field, checkbox, choices, date_field, percent_field"
    return render(use("fields", macros, body), form=form)


def test_a_field_is_named_described_and_marked(render):
    tags = Tags(field_html(render, "{{ field(form.name, autocomplete='off') }}", name="Too long."))
    control = tags.one("input")
    assert tags.one("label")["for"] == control["id"] == "name"
    assert control["aria-invalid"] == "true"
    assert control["autocomplete"] == "off"
    described = control["aria-describedby"].split()
    ids = {attributes.get("id") for _tag, attributes in tags.tags}
    assert described == ["name-help", "name-error-1"]
    assert set(described) <= ids


def test_a_field_without_fault_says_nothing_of_errors(render):
    control = Tags(field_html(render, "{{ field(form.note) }}")).one("input")
    assert not {"aria-invalid", "aria-describedby"} & control.keys()


@pytest.mark.parametrize(("name", "said"), [("name", False), ("note", True), ("kind", False)])
def test_only_what_may_be_left_out_is_called_optional(render, name, said):
    assert ("选填" in field_html(render, f"{{{{ field(form.{name}) }}}}")) is said


def test_special_fields_keep_their_kind(render):
    assert Tags(field_html(render, "{{ date_field(form.day) }}")).one("input")["type"] == "date"
    percent = Tags(field_html(render, "{{ percent_field(form.note) }}")).one("input")
    assert (percent["type"], percent["inputmode"]) == ("text", "decimal")
    choices = Tags(field_html(render, "{{ choices(form.pick) }}"))
    assert [one["value"] for one in choices.all("input")] == ["x", "y"]
    assert [one["for"] for one in choices.all("label")] == [one["id"] for one in choices.all("input")]
    assert choices.one("fieldset")["id"] == "pick"


def test_a_plain_field_is_named_described_and_marked(render):
    body = "{{ plain_field('mark', 'Mark', '5.5', error='At most 5.', help='Two decimals', inputmode='decimal', closed=true) }}"
    tags = Tags(render(use("plain", "plain_field", body)))
    control = tags.one("input")
    assert tags.one("label")["for"] == control["id"] == control["name"] == "mark"
    assert (control["value"], control["inputmode"], control["aria-invalid"]) == ("5.5", "decimal", "true")
    assert control["aria-describedby"].split() == ["mark-help", "mark-error"]
    assert set(control["aria-describedby"].split()) <= {a.get("id") for _tag, a in tags.tags}
    assert "readonly" in control


def test_the_summary_lists_every_error_with_its_field_and_takes_the_focus(render):
    form = Sample()
    form.name.errors = ["A.", "B."]
    form.agree.errors = ["C."]
    form.form_errors.append("D.")
    tags = Tags(render(use("form", "error_summary", "{{ error_summary(form) }}"), form=form))
    assert [one["href"] for one in tags.all("a")] == ["#name", "#name", "#agree"]
    assert len(tags.all("li")) == 4
    assert tags.tags[0][1] == {"class": "qe-errors", "role": "alert", "tabindex": "-1", "data-focus": None}


def test_no_errors_no_summary(render):
    assert render(use("form", "error_summary", "{{ error_summary(form) }}"), form=Sample()).strip() == ""


def test_a_form_carries_token_and_hidden_fields_once(render):
    html = render(use("form", "form", "{% call form('/x', sample) %}{% endcall %}"), sample=WithToken())
    names = [one["name"] for one in Tags(html).all("input")]
    assert names == ["csrf_token", "token"]


@pytest.mark.parametrize(
    ("sort", "href", "announced"),
    [
        ("", "/rounds?state=draft&sort=total", None),
        ("total", "/rounds?state=draft&sort=-total", "ascending"),
        ("-total", "/rounds?state=draft&sort=total", "descending"),
    ],
)
def test_heads_sort_both_ways_keep_filters_and_go_to_page_one(render, sort, href, announced):
    body = "{% call table('T', [{'label': 'N', 'sort': 'total'}], sort=sort) %}{% endcall %}"
    tags = Tags(render(use("table", "table", body), f"/rounds?state=draft&page=7&sort={sort}", sort=sort))
    assert tags.one("a")["href"] == href
    assert tags.one("th").get("aria-sort") == announced
    assert tags.one("th")["scope"] == "col"
    assert len(tags.all("caption")) == 1


def test_a_link_to_here_survives_any_parameter(render):
    html = render(
        use("links", "here", "{{ here({'page': 2}) }}"),
        "/rounds?endpoint=x&_external=1&a=1&a=2&q=%E7%94%B2%26",
    )
    assert html.replace("&amp;", "&") == "/rounds?endpoint=x&_external=1&a=1&a=2&q=%E7%94%B2%26&page=2"


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, []),
        (1, 3, [1, 2, 3]),
        (1, 62, [1, 2, 3, "…", 62]),
        (4, 62, [1, 2, 3, 4, 5, 6, "…", 62]),
        (5, 62, [1, "…", 3, 4, 5, 6, 7, "…", 62]),
        (58, 62, [1, "…", 56, 57, 58, 59, 60, "…", 62]),
        (59, 62, [1, "…", 57, 58, 59, 60, 61, 62]),
        (62, 62, [1, "…", 60, 61, 62]),
        (1, 2, [1, 2]),
    ],
)
def test_the_pager_shows_the_ends_and_the_neighbours(render, page, pages, numbers):
    html = render(use("pager", "pager", "{{ pager(page, pages, 612, 10) }}"), page=page, pages=pages)
    shown = re.findall(r"<li[^>]*>(?:<a[^>]*>)?(\d+|…)<", html)
    assert shown == [str(number) for number in numbers]
    if pages > 1:
        assert [a["aria-label"] for a in Tags(html).all("a") if a.get("aria-current")] == [f"第 {page} 页"]


def test_a_digest_is_shown_in_groups_and_copied_whole(render):
    value = "".join(f"{number:08x}" for number in range(8))
    html = render(use("digest", "digest", "{{ digest(value, 'Frame') }}"), value=value)
    assert re.findall(r"<span>([0-9a-f]{8})</span>", html) == [value[i : i + 8] for i in range(0, 64, 8)]
    assert Tags(html).one("button")["data-copy"] == value


def test_a_chart_has_its_table_and_bars_in_proportion(render):
    rows = [{"label": "A", "value": 50, "text": "50"}, {"label": "B", "value": 200, "text": "200"}]
    html = render(use("chart", "bars", "{{ bars('Sheets', rows, ('Item', 'n')) }}"), rows=rows)
    tags = Tags(html)
    assert [one["width"] for one in tags.all("rect")] == ["25.0", "100.0"]
    assert re.findall(r'<td[^>]*data-label="n"[^>]*>(\d+)</td>', html) == ["50", "200"]
    assert any(one.get("role") == "img" and one["aria-label"].startswith("Sheets") for one in tags.all("div"))


@pytest.mark.parametrize("rows", [[], [{"label": "A", "value": 0, "text": "0"}]])
def test_a_chart_of_nothing_is_drawn_without_fault(render, rows):
    Tags(render(use("chart", "bars", "{{ bars('Sheets', rows, ('Item', 'n')) }}"), rows=rows))


def test_grade_bars_add_up_and_survive_an_empty_row(render):
    rows = [{"label": "A", "counts": [1, 3], "n": 4}, {"label": "B", "counts": [0, 0], "n": 0}]
    body = "{{ grade_bars('Grades', rows, [('Good', 1), ('Bad', 4)], ('Who', 'n')) }}"
    rects = Tags(render(use("chart", "grade_bars", body), rows=rows)).all("rect")
    assert [(one["x"], one["width"]) for one in rects] == [("0%", "25.0%"), ("25.0%", "75.0%")]


def test_a_bar_of_nothing_is_empty(render):
    rects = Tags(render(use("progress", "bar", "{{ bar(0, 0, 'none') }}"))).all("rect")
    assert rects[1]["width"] == "0"


def test_an_interval_is_told_in_words_and_drawn_to_scale(render):
    html = render(use("chart", "interval", "{{ interval(0.25, 0.75, 0.5, '50% (25-75)') }}"))
    tags = Tags(html)
    assert tags.one("svg")["aria-label"] == "50% (25-75)"
    assert (tags.one("path")["d"], tags.one("circle")["cx"]) == ("M40.0 7H120.0", "80.0")


def test_what_was_flashed_is_said_with_its_tone(shared_app):
    with shared_app.test_request_context("/"):
        flash("Saved.", "success")
        flash("Careful.", "warning")
        html = render_template_string(use("messages", "flashes", "{{ flashes() }}"))
    shown = [one for one in Tags(html).all("div") if "qe-notice" in one.get("class", "")]
    assert [one["class"].split()[-1] for one in shown] == ["qe-notice-ok", "qe-notice-warn"]
    assert all(one["role"] == "status" for one in shown)


def test_an_icon_is_decoration_unless_it_is_named(render):
    silent = Tags(render(use("icons", "icon", "{{ icon('add') }}"))).one("svg")
    spoken = Tags(render(use("icons", "icon", "{{ icon('add', 'New') }}"))).one("svg")
    assert (silent.get("aria-hidden"), silent.get("role")) == ("true", None)
    assert (spoken.get("aria-hidden"), spoken["role"], spoken["aria-label"]) == (None, "img", "New")


def test_a_body_may_be_left_out_or_given(render):
    for name, call in (
        ("messages", "notice('T')"),
        ("page", "page_head('T')"),
        ("confirm", "confirm('T','t','/x','go','/')"),
    ):
        macro = call.partition("(")[0]
        assert "inner" not in render(use(name, macro, f"{{{{ {call} }}}}"))
        assert "inner" in render(use(name, macro, f"{{% call {call} %}}inner{{% endcall %}}"))


def test_the_rules_of_this_file_bite():
    with pytest.raises(AssertionError):
        Tags("<p><b>open</p>")
    assert Tags(str(Markup(EVIL))).all("script")
