"""The spec of the published rules as text, its numbers and dates not yet read."""

from qualityeval.adapters.yaml_text import load_text

PUBLISHED = """
code: WI2016
title: 2016 felony cases
institution: WI
kind: peer
population:
  by: closed
  from: 2016-01-01
  to: 2022-12-31
  where: {case_type: criminal}
  exclude:
    - {when: {status: terminated}, reason: terminated}
strata: [institution]
rates:
  default: 27.7%
  minimum: 2
  take_all_below: 0
  override: [{when: {stage: appeal}, rate: 50%}]
series: each
seed: {source: dice}
call_in: required
missing_file: fail
reviewers: 2
recusal: {region: county, provider: true}
blind: metadata
consensus: {rule: mean, gap: 10, triggers: [gap, veto, ask], resolve: mean_of_three}
rubrics: {criminal/defence/trial: criminal-trial@1}
deadlines: {hand_in: 2027-01-10, score: 2027-02-10, objection_days: 5}
"""


def published(**changes):
    """The published spec with top-level keys changed, or left out where the change is `...`."""
    merged = load_text(PUBLISHED) | changes
    return {key: value for key, value in merged.items() if value is not ...}
