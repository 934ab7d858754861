"""A round from the form or from YAML: the same specification, nothing typed lost, faults at their field."""

import re

import pytest

from qualityeval.adapters.yaml_text import load_text
from qualityeval.adapters.yaml_writing import dump_text
from qualityeval.core.spec_reading import parse_round_spec
from qualityeval.models import Round
from qualityeval.queries import rounds as queries
from qualityeval.web.rounds.spec_text import form_values
from tests.kept import kept
from tests.services import stories
from tests.web.clients import client_of, text_of

# DESIGN's own example, but for what the form doesn't show
EXAMPLE = """\
code: WI2016
title: 2016 felony cases
institution: {institution}
kind: peer
population:
  by: closed
  from: 2016-01-01
  to: 2022-12-31
  where: {{case_type: criminal}}
  exclude:
    - {{when: {{status: terminated}}, reason: terminated}}
strata: [institution, county_name]
rates:
  default: 27.7%
  minimum: 2
  take_all_below: 0
  override: [{{when: {{stage: appeal}}, rate: 50%}}]
series: each
seed: {{source: dice}}
call_in: required
missing_file: fail
reviewers: 2
recusal: {{region: county, provider: true}}
blind: metadata
consensus: {{rule: mean, gap: 10, triggers: [gap, veto, ask], resolve: mean_of_three}}
rubrics: {{criminal/defence/trial: criminal-trial@1}}
deadlines: {{hand_in: 2027-01-10, score: 2027-02-10, objection_days: 5}}
"""
ONCE = {"once": "0" * 32}
FIELDS = {
    **ONCE, "code": "R2026", "title": "2026年评估", "kind": "peer", "by": "closed", "since": "2026-01-01",
    "until": "2026-12-31", "case_types": ["criminal"], "strata": ["institution", "stage"],
    "exclusions-0-field": "status", "exclusions-0-value": "terminated", "exclusions-0-reason": "终止",
    "ask": "rate", "default": "27.7%", "minimum": "2", "overrides-0-field": "stage",
    "overrides-0-value": "appeal", "overrides-0-rate": "50%", "series": "each", "source": "dice",
    "call_in": "none", "missing_file": "fail", "reviewers": "2", "region": "county", "provider": "true",
    "blind": "metadata", "rule": "mean", "gap": "10", "triggers": ["gap", "ask"], "resolve": "mean_of_three",
    "rubrics": "criminal/*/*: criminal-trial@1\r\n*/*/*: civil@1", "objection_days": "5",
}  # fmt: skip


@pytest.fixture
@kept
def world(app, session):
    root, _counties = stories.bureau()
    first, second = stories.managers(root)
    return root, first, second


def only_round(session):
    return session.query(Round).one()


def test_the_form_makes_the_round_that_it_says(app, session, world):
    root, manager, _second = world
    answer = client_of(app, manager).post("/rounds/new", data=FIELDS)
    made = only_round(session)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/rounds/{made.public_id}")
    spec = parse_round_spec(load_text(made.spec))
    assert (spec.code, spec.institution, spec.strata) == ("R2026", root.code, ("institution", "stage"))
    assert spec.as_plan()["rates"]["default"]["rate"] == "277/1000"
    assert spec.exclusion_of({"status": "terminated"}) == "终止"
    assert spec.strata_fields == ("institution", "stage")
    assert spec.consensus.triggers == {"gap", "ask"}
    assert dict(spec.rubrics) == {"criminal/*/*": "criminal-trial@1", "*/*/*": "civil@1"}


def test_yaml_makes_the_round_as_it_stands(app, session, world):
    root, manager, _second = world
    text = stories.spec(root.code) + "# 一行说明\n"
    answer = client_of(app, manager).post("/rounds/new", data={**ONCE, "spec": text.replace("\n", "\r\n")})
    assert answer.status_code == 303
    assert only_round(session).spec == text


def test_the_form_turned_over_shows_its_yaml_and_back(app, session, world):
    _root, manager, _second = world
    client = client_of(app, manager)
    page = client.post("/rounds/new", data={**FIELDS, "show": "yaml"})
    assert page.status_code == 200
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", text_of(page), re.DOTALL).group(1)
    text = shown.strip().replace("&#39;", "'").replace("&#34;", '"').replace("\r\n", "\n")
    assert parse_round_spec(load_text(text)).code == "R2026"
    back = text_of(client.post("/rounds/new", data={**ONCE, "spec": text, "show": "form"}))
    assert 'value="R2026"' in back
    assert 'value="27.7%"' in back
    assert session.query(Round).count() == 0


def test_what_the_form_cannot_say_stays_in_yaml(app, session, world):
    root, manager, _second = world
    text = stories.spec(root.code).replace("by: closed,", "by: closed, where: {stage: {not: appeal}},")
    page = client_of(app, manager).post("/rounds/new", data={**ONCE, "spec": text, "show": "form"})
    assert page.status_code == 422
    assert "只能用 YAML 编辑" in text_of(page)
    assert "not: appeal" in text_of(page)


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"until": "2025-12-31"}, "截止日期（to）不能早于开始日期（from）。", "until"),
        ({"default": "277%"}, "须大于 0 且不超过 100%", "default"),
        ({"source": "lottery", "lottery_name": "双色球"}, "不能空着", "lottery_date"),
        ({"score": "2027-01-01", "hand_in": "2027-02-01"}, "评分期限不能早于交卷期限", "score"),
        ({"gap": "十"}, "应是 0 到 100 之间", "gap"),
        ({"rubrics": "criminal: x"}, "应写成", "rubrics"),
        ({"code": ".x"}, "不能用", "code"),
    ],
    ids=["period", "rate", "lottery", "deadlines", "gap", "rubrics", "code"],
)
def test_a_fault_stands_at_its_field_and_nothing_is_lost(app, session, world, change, sentence, field):
    _root, manager, _second = world
    answer = client_of(app, manager).post("/rounds/new", data={**FIELDS, **change})
    page = text_of(answer)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error-1">.*?{re.escape(sentence)}', page, re.DOTALL)
    assert "2026年评估" in page
    assert session.query(Round).count() == 0


def test_a_fault_in_yaml_names_its_place(app, session, world):
    root, manager, _second = world
    text = stories.spec(root.code).replace("27.7%", "277%")
    page = client_of(app, manager).post("/rounds/new", data={**ONCE, "spec": text})
    assert page.status_code == 422
    assert "rates.default" in text_of(page)
    assert "277%" in text_of(page)


def test_a_code_in_use_is_refused_at_the_code(app, session, world):
    root, manager, _second = world
    stories.draft(manager, stories.spec(root.code))
    page = client_of(app, manager).post("/rounds/new", data=FIELDS)
    assert page.status_code == 422
    assert re.search(r'id="code-error-1">.*?已经用过', text_of(page), re.DOTALL)


def test_another_body_is_refused(app, session, world):
    _root, manager, _second = world
    other = stories.factories.create_institution(level="province")
    page = client_of(app, manager).post("/rounds/new", data={**ONCE, "spec": stories.spec(other.code)})
    assert page.status_code == 422
    assert session.query(Round).count() == 0


def test_pressed_twice_makes_one_round(app, session, world):
    _root, manager, _second = world
    client = client_of(app, manager)
    key = {"once": "a" * 32}
    first, second = (client.post("/rounds/new", data={**FIELDS, **key}) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert session.query(Round).count() == 1


def test_the_example_goes_through_the_form_and_back(world):
    root, _first, _second = world
    text = EXAMPLE.format(institution=root.code)
    values = form_values(text)
    assert values is not None
    assert values["more_strata"] == "county_name"
    assert values["exclusions"] == [{"field": "status", "value": "terminated", "reason": "terminated"}]
    assert values["default"] == "27.7%"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("where: {{case_type: criminal}}", "where: {{cause: 盗窃罪}}"),
        ("reason: terminated}}", "reason: terminated}}\n    - {{when: {{status: a, stage: b}}, reason: c}}"),
        ("rate: 50%}}", "rate: 50%, minimum: 9}}"),
        ("stage: appeal", "stage: [appeal, retrial]"),
    ],
    ids=["filter", "two fields", "bounds", "list"],
)
def test_the_form_is_not_offered_for_more_than_it_says(world, old, new):
    root, _first, _second = world
    assert old in EXAMPLE
    assert form_values(EXAMPLE.replace(old, new).format(institution=root.code)) is None


def test_a_blank_page_proposes_the_last_quarter(app, session, world):
    _root, manager, _second = world
    page = text_of(client_of(app, manager).get("/rounds/new"))
    assert "criminal/*/trial: criminal-trial@1" in page
    assert re.search(
        r'name="since"[^>]*value="\d{4}-(01|04|07|10)-01"|value="\d{4}-(01|04|07|10)-01"[^>]*name="since"',
        page,
    )


def test_the_new_round_is_on_the_list(app, session, world):
    _root, manager, second = world
    client_of(app, manager).post("/rounds/new", data=FIELDS)
    page = text_of(client_of(app, second).get("/rounds"))
    assert "2026年评估" in page
    assert queries.count_for(second) == 1


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"floors": {"institution": "1"}}, {"floors": [{"field": "institution", "count": "1"}]}),
        (
            {"default": {"total": "90", "neyman": "R2025"}},
            {"ask": "neyman", "default": "90", "neyman": "R2025"},
        ),
        ({"specialty": "preferred"}, {"specialty": "preferred"}),
        ({"strata": ["institution", "month", "sealed", "first_case"]}, {"more_strata": ""}),
    ],
)
def test_the_form_says_what_plans_can_say(given, shown):
    spec = load_text(EXAMPLE.format(institution="WI"))
    rates = {**spec["rates"], **{name: given[name] for name in ("floors", "default") if name in given}}
    whole = {
        **spec,
        "strata": ["institution"],
        "rates": rates,
        **{k: v for k, v in given.items() if k not in rates},
    }
    values = form_values(dump_text(whole))
    assert values is not None
    assert {name: values[name] for name in shown} == shown


def test_a_posted_form_with_every_rule(app, session, world):
    _root, manager, _second = world
    more = {
        "strata": ["institution", "provider"], "floors-0-field": "provider", "floors-0-count": "1",
        "specialty": "required",
    }  # fmt: skip
    assert client_of(app, manager).post("/rounds/new", data={**FIELDS, **more}).status_code == 303
    spec = parse_round_spec(load_text(only_round(session).spec))
    assert spec.specialty == "required"
    assert [(one.field, one.count) for one in spec.sizes.floors] == [("provider", 1)]
    loose = client_of(app, manager).post(
        "/rounds/new", data={**FIELDS, **more, "code": "R2", "strata": ["institution"], "once": "1" * 32}
    )
    assert loose.status_code == 422
    assert "不是分层字段" in text_of(loose)
