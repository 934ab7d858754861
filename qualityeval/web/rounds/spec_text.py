"""Between the everyday form and the specification's text: both say the same, or the form isn't offered."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from qualityeval.adapters.yaml_text import load_text
from qualityeval.adapters.yaml_writing import dump_text
from qualityeval.core.consensus import ConsensusRule
from qualityeval.core.errors import RuleViolation
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.rubric_parts import show_points
from qualityeval.core.spec_parts import MEETING_KINDS
from qualityeval.core.spec_reading import parse_round_spec
from qualityeval.core.workload import CASE_TYPES, FILES, Workload
from qualityeval.web.messages import words
from qualityeval.web.rounds.forms import STRATA, SpecForm

# where a rule's refusal points to, and the form's field for it; the longest beginning counts
PLACES = {
    "code": "code", "title": "title", "kind": "kind", "rounds": "rounds", "population.by": "by",
    "population.from": "since", "population.to": "until", "population.where": "case_types",
    "population.exclude": "exclusions", "strata": "strata", "rates.default": "default",
    "rates.minimum": "minimum", "rates.maximum": "maximum", "rates.take_all_below": "take_all_below",
    "rates.override": "overrides", "rates.floors": "floors", "specialty": "specialty", "require": "require", "meetings.practitioner": "meet_practitioner", "meetings.institution": "meet_institution", "series": "series", "seed": "source", "seed.name": "lottery_name",
    "seed.date": "lottery_date", "call_in": "call_in", "missing_file": "missing_file",
    "reviewers": "reviewers", "recusal": "region", "blind": "blind", "consensus": "rule",
    "consensus.gap": "gap", "consensus.rescore_band": "band", "consensus.arbitrator_sees": "sees", "consensus.triggers": "triggers", "consensus.resolve": "resolve",
    "rubrics": "rubrics", "deadlines.hand_in": "hand_in", "deadlines.score": "score",
    "workload": "unit", "workload.base": "minutes_base", "workload.per_page": "minutes_page",
    "workload.pages": "minutes_pages", "workload.by_type": "minutes_criminal",
    "deadlines.objection_days": "objection_days", "deadlines.grace": "grace",
}  # fmt: skip


WORKLOAD_FIELDS = {"base": "minutes_base", "per_page": "minutes_page", "pages": "minutes_pages"}


def place_refusal(form: Any, refusal: RuleViolation) -> None:
    """Put a refusal on the field it is about, else on the form as a whole with its place in the text."""
    beginnings = [place for place in PLACES if refusal.where.startswith(place)]
    name = PLACES[max(beginnings, key=len)] if beginnings else ""
    field = form._fields.get(name) if name else None
    if field is None or name in {"exclusions", "overrides", "floors"}:
        place = _("（位置：%(place)s）", place=refusal.where) if refusal.where else ""
        form.form_errors.append(words(refusal) + place)
    else:
        field.errors = [*field.errors, words(refusal)]


def text_of_form(form: SpecForm, *, institution: str) -> str:
    """The specification that the form says."""
    return dump_text(_mapping(form.data, institution))


def _mapping(said: Mapping[str, Any], institution: str) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "code": said["code"].strip(), "title": said["title"].strip(), "institution": institution,
        "kind": said["kind"],
    }  # fmt: skip
    if said["rounds"]:
        whole["rounds"] = _listed(said["rounds"])
    whole["population"] = _population(said)
    whole["strata"] = [*(name for name in STRATA if name in said["strata"]), *_listed(said["more_strata"])]
    whole["rates"] = _rates(said)
    whole["series"] = said["series"]
    whole["seed"] = _seed(said)
    whole |= {name: said[name] for name in ("call_in", "missing_file")}
    whole["reviewers"] = str(said["reviewers"])
    if said["specialty"] != "ignore":
        whole["specialty"] = said["specialty"]
    if said["require"]:
        whole["require"] = said["require"]
    if meetings := {kind: str(said[f"meet_{kind}"]) for kind in MEETING_KINDS if said[f"meet_{kind}"]}:
        whole["meetings"] = meetings
    if said["unit"] != FILES:
        whole["workload"] = _workload(said)
    whole["recusal"] = {"region": said["region"], "provider": said["provider"] == "true"}
    whole["blind"] = said["blind"]
    whole["consensus"] = _agreeing(said)
    whole["rubrics"] = _rubrics(said["rubrics"])
    days = {name: said[name].isoformat() for name in ("hand_in", "score") if said[name]}
    whole["deadlines"] = {**days, "objection_days": str(said["objection_days"] or 0)}
    if said["grace"]:
        whole["deadlines"]["grace"] = str(said["grace"])
    return whole


def _population(said: Mapping[str, Any]) -> dict[str, Any]:
    population: dict[str, Any] = {
        "by": said["by"], "from": said["since"].isoformat(), "to": said["until"].isoformat(),
    }  # fmt: skip
    if said["case_types"]:
        population["where"] = {"case_type": said["case_types"]}
    excluded = [
        {"when": {row["field"]: row["value"].strip()}, "reason": row["reason"].strip()}
        for row in said["exclusions"]
        if row["field"]
    ]
    if excluded:
        population["exclude"] = excluded
    return population


def _rates(said: Mapping[str, Any]) -> dict[str, Any]:
    amount = said["default"].strip()
    rates: dict[str, Any] = {"default": amount if said["ask"] == "rate" else {said["ask"]: amount}}
    if said["ask"] == "neyman":
        rates["default"] = {"total": amount, "neyman": (said["neyman"] or "").strip()}
    floors = {row["field"]: row["count"].strip() for row in said["floors"] if row["field"]}
    if floors:
        rates["floors"] = floors
    for name in ("minimum", "maximum", "take_all_below"):
        if said[name] is not None:
            rates[name] = str(said[name])
    overrides = [
        {"when": {row["field"]: row["value"].strip()}, "rate": row["rate"].strip()}
        for row in said["overrides"]
        if row["field"]
    ]
    if overrides:
        rates["override"] = overrides
    return rates


def _seed(said: Mapping[str, Any]) -> dict[str, str]:
    seed = {"source": said["source"]}
    if said["source"] == "lottery":
        seed["name"] = said["lottery_name"].strip()
        if said["lottery_date"]:
            seed["date"] = said["lottery_date"].isoformat()
    return seed


def _agreeing(said: Mapping[str, Any]) -> dict[str, Any]:
    consensus = {name: said[name] for name in ("rule", "gap", "triggers", "resolve")}
    if band := (said["band"] or "").strip():
        consensus["rescore_band"] = band
    if said["sees"] == "true":
        consensus["arbitrator_sees"] = "true"
    return consensus


def _workload(said: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: said[field] for name, field in WORKLOAD_FIELDS.items()}
    types = {kind: said[f"minutes_{kind}"] for kind in CASE_TYPES}
    return {
        "unit": said["unit"],
        **{name: str(value) for name, value in given.items() if value not in (None, "")},
        "by_type": {kind: str(value) for kind, value in types.items() if value is not None},
    }


def _rubrics(text: str) -> dict[str, str]:
    pairs = (line.replace("：", ":").rpartition(":") for line in text.splitlines() if line.strip())
    return {key.strip(): rubric.strip() for key, _colon, rubric in pairs}


def _listed(text: str) -> list[str]:
    return [
        part.strip() for part in (text or "").replace("，", ",").replace("、", ",").split(",") if part.strip()
    ]


def form_values(text: str) -> dict[str, Any] | None:
    """The fields of the form for a specification; None where it says more than the form can.

    The test is the round trip: the form filled with the values must say the same specification.
    """
    try:
        mapping = load_text(text)
        spec = parse_round_spec(mapping)
        values = _values(spec, mapping)
        same = values is not None and parse_round_spec(_again(values, spec.institution)) == spec
    except (RuleViolation, KeyError, TypeError, ValueError, AttributeError):
        return None
    return values if same else None


def _again(values: Mapping[str, Any], institution: str) -> Any:
    return load_text(dump_text(_mapping(values, institution)))


def _values(spec: RoundSpec, mapping: Mapping[str, Any]) -> dict[str, Any]:
    ask, amount = _asked(mapping["rates"]["default"])
    rule = spec.sizes.default
    return {
        "code": spec.code, "title": spec.title, "kind": spec.kind, "rounds": ", ".join(spec.rounds),
        "by": spec.population.by, "since": spec.population.since, "until": spec.population.until,
        "case_types": _one_condition(mapping["population"].get("where"), "case_type"),
        "exclusions": [
            {**_when(one["when"]), "reason": one["reason"]} for one in mapping["population"].get("exclude") or []
        ],
        "strata": [name for name in spec.strata if name in STRATA],
        "more_strata": ", ".join(name for name in spec.strata if name not in STRATA),
        "ask": ask, "default": amount, "neyman": getattr(rule.ask, "neyman", ""),
        "floors": [{"field": one.field, "count": str(one.count)} for one in spec.sizes.floors], "minimum": rule.minimum, "maximum": rule.maximum,
        "take_all_below": rule.take_all_below,
        "overrides": [
            {**_when(one["when"]), "rate": one["rate"]} for one in mapping["rates"].get("override") or []
        ],
        "series": spec.series, "source": spec.source.kind.value, "lottery_name": spec.source.name,
        "lottery_date": spec.source.day, "call_in": spec.call_in, "missing_file": spec.missing_file,
        "reviewers": spec.reviewers, "specialty": spec.specialty, "require": list(spec.require), "region": spec.recusal.region,
        **{f"meet_{kind}": spec.meetings.get(kind) for kind in MEETING_KINDS},
        "provider": "true" if spec.recusal.provider else "false", "blind": spec.blind,
        **_consensus(spec.consensus), **_minutes(spec.workload),
        "rubrics": "\n".join(f"{key}: {rubric}" for key, rubric in spec.rubrics.items()),
        "hand_in": spec.deadlines.hand_in, "score": spec.deadlines.score,
        "objection_days": spec.deadlines.objection_days, "grace": spec.deadlines.grace or None,
    }  # fmt: skip


def _consensus(rule: ConsensusRule) -> dict[str, Any]:
    return {
        "rule": rule.rule, "gap": show_points(rule.gap), "triggers": sorted(rule.triggers), "resolve": rule.resolve,
        "band": show_points(rule.rescore_band), "sees": "true" if rule.sees else "false",
    }  # fmt: skip


def _minutes(load: Workload) -> dict[str, Any]:
    return {
        "unit": load.unit, "minutes_base": load.base, "minutes_page": show_points(load.per_page),
        "minutes_pages": load.pages, **{f"minutes_{kind}": load.by_type[kind] for kind in CASE_TYPES},
    }  # fmt: skip


def _asked(default: Any) -> tuple[str, str]:
    if isinstance(default, Mapping):
        if "neyman" in default:
            return "neyman", str(default["total"])
        ((ask, amount),) = default.items()
        return str(ask), str(amount)
    return "rate", str(default)


def _one_condition(condition: Mapping[str, Any] | None, name: str) -> list[str]:
    if not condition:
        return []
    wanted = condition[name]
    return list(wanted) if isinstance(wanted, list) else [str(wanted)]


def _when(condition: Mapping[str, Any]) -> dict[str, str]:
    ((field, value),) = condition.items()
    return {"field": field, "value": "" if value is None else value}
