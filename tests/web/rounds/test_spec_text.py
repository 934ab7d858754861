"""A draft edited on its page keeps every key that a specification may have, shown or not."""

from collections import defaultdict

import pytest
from lxml import html

from qualityeval.adapters.yaml_text import load_text
from qualityeval.core import spec_nodes
from qualityeval.core.spec_reading import KEYS, parse_round_spec
from qualityeval.queries import rounds as queries
from qualityeval.web.rounds.spec_text import form_values
from tests.services import stories
from tests.web.clients import client_of

EVERYTHING = """\
code: R2026
title: 全部写明
institution: {institution}
kind: recheck
rounds: [R2024, R2025]
population:
  by: archived
  from: 2025-01-01
  to: 2025-12-31
  where: {{case_type: [criminal, civil]}}
  exclude: [{{when: {{status: terminated}}, reason: 终止}}]
strata: [institution, case_type, county_name]
rates:
  default: {{fixed: 4}}
  minimum: 3
  maximum: 40
  take_all_below: 5
  override: [{{when: {{stage: appeal}}, rate: 50%}}]
  floors: {{institution: 2}}
series: one_per_series
seed: {{source: lottery, name: 双色球 2026001, date: 2026-12-24}}
call_in: none
missing_file: nonresponse
reviewers: 3
recusal: {{region: city, provider: false}}
specialty: preferred
blind: pseudonym
consensus:
  rule: median
  gap: 7.5
  triggers: [gap, extremes]
  resolve: median
  rescore_band: 2.25
  arbitrator_sees: true
rubrics: {{criminal/defence/trial: criminal-trial@1}}
deadlines: {{hand_in: 2027-01-10, score: 2027-02-10, objection_days: 5, grace: 4}}
require: [undertaking, training, calibration]
meetings: {{practitioner: 2, institution: 9}}
workload:
  unit: minutes
  base: 15
  per_page: 0.25
  by_type: {{criminal: 12, civil: 0, administrative: 3}}
  pages: 45
"""
# the form isn't offered for a rate's own bounds; `neyman` and `total` exclude `fixed`
ELSEWHERE = {f"rates.override[0].{name}" for name in ("minimum", "maximum", "take_all_below")} | {
    "rates.default.total", "rates.default.neyman",
}  # fmt: skip


def test_the_example_holds_every_key_that_is_read(monkeypatch):
    asked: dict[str, set[str]] = defaultdict(set)
    given: dict[str, set[str]] = defaultdict(set)
    read = spec_nodes.mapping

    def noted(value, where, allowed):
        asked[where] |= set(allowed)
        given[where] |= set(value or ())
        return read(value, where, allowed)

    monkeypatch.setattr(spec_nodes, "mapping", noted)
    parse_round_spec(load_text(EVERYTHING.format(institution="R")))
    assert asked[""] == set(KEYS)
    left = {
        spec_nodes.at(where, key) for where, keys in asked.items() for key in keys - given[where]
    } - ELSEWHERE
    assert not left, "a key of the specification that the example, and perhaps the form, doesn't know"


def _but(gone: str) -> str:
    """The example without one key, so that its default is carried too."""
    lines, skip = [], False
    for line in EVERYTHING.splitlines(keepends=True):
        inside = line.startswith(" ")
        skip = line.startswith(f"{gone}:") or (skip and inside)
        lines += [] if skip else [line]
    return "".join(lines)


OPTIONAL = (
    "strata", "series", "call_in", "missing_file", "reviewers", "recusal", "specialty", "blind", "consensus", "deadlines",
    "require", "meetings", "workload",
)  # fmt: skip


@pytest.mark.parametrize("gone", ["", *OPTIONAL])
def test_the_form_says_the_same_again(gone):
    text = (_but(gone) if gone else EVERYTHING).format(institution="R")
    if gone == "strata":
        text = text.replace("  floors: {institution: 2}\n", "")
    assert form_values(text) is not None


def test_a_page_saved_as_it_stands_changes_nothing(app, session):
    root, _counties = stories.bureau()
    manager, _second = stories.managers(root)
    round_ = stories.draft(manager, EVERYTHING.format(institution=root.code))
    before, address = parse_round_spec(load_text(round_.spec)), f"/rounds/{round_.public_id}/edit"
    client = client_of(app, manager)
    page = html.fromstring(client.get(address).get_data(as_text=True))
    (form,) = [one for one in page.forms if "gap" in one.fields]
    fields: dict[str, list[str]] = defaultdict(list)
    for name, value in form.form_values():
        fields[name].append(value)
    assert client.post(address, data=fields).status_code == 302
    session.expire_all()
    again = queries.by_code_for(manager, "R2026")
    assert again.version > 1
    assert parse_round_spec(load_text(again.spec)) == before
