// How many a stratum should give, from the plan's own rates in whole numbers: no floating point anywhere.
import { Wrong } from "./text.js";

// "277/1000", "27.7%" or "0.277" as [numerator, denominator]
export function readRate(text) {
  const ratio = /^([0-9]{1,18})\/([0-9]{1,18})$/.exec(text);
  if (ratio) return [BigInt(ratio[1]), BigInt(ratio[2])];
  const decimal = /^([0-9]{1,3})(?:\.([0-9]{1,12}))?(%?)$/.exec(text);
  if (!decimal) throw new Wrong("rates.form", { rate: String(text) });
  const [, whole, rest = "", percent] = decimal;
  return [BigInt(whole + rest), BigInt(`1${"0".repeat(rest.length + (percent ? 2 : 0))}`)];
}

export function shareOf(rate, size) {
  const [up, down] = readRate(rate);
  return Number((up * BigInt(size) + down - 1n) / down);
}

function meets(when, values) {
  for (const [field, test] of when) {
    const value = values.get(field) ?? "";
    if (Array.isArray(test) ? !test.includes(value) : !(test instanceof Map) || !test.has("not")) return false;
    if (test instanceof Map && test.get("not").includes(value)) return false;
  }
  return true;
}

function boundsOf(rule, size) {
  if (size <= rule.get("take_all_below")) return [size, size];
  const most = rule.get("maximum");
  const high = most === null ? size : Math.min(size, most);
  return [Math.min(high, rule.get("minimum")), high];
}

function ruleOf(rates, fields, label) {
  const parts = label.split("|");
  const values = new Map(fields.map((field, index) => [field, parts[index] === "-" ? "" : parts[index]]));
  return rates.get("override").find((rule) => meets(rule.get("when"), values)) ?? rates.get("default");
}

function asked(rule, size) {
  if (rule.has("rate")) return shareOf(rule.get("rate"), size);
  return rule.get("fixed") ?? null;
}

// Each value of a field with a floor has its cases, or all that there are.
function checkFloors(plan, rates, fields) {
  for (const [field, count] of rates.get("floors") ?? []) {
    const at = fields.indexOf(field);
    const sums = new Map();
    for (const stratum of plan.get("strata")) {
      const value = stratum.get("key").split("|")[at];
      const [n, size] = sums.get(value) ?? [0, 0];
      sums.set(value, [n + stratum.get("n"), size + stratum.get("N")]);
    }
    for (const [label, [n, size]] of sums) {
      const due = Math.min(count, size);
      if (n < due) throw new Wrong("rates.differ", { label, n, due });
    }
  }
}

// Each stratum's n against its rule; of a total shared over strata the sum and the bounds are compared.
export function checkRates(plan) {
  const rates = plan.get("rates");
  const fields = plan.get("strata_fields");
  if (!(rates instanceof Map) || !Array.isArray(fields)) return { code: "rates.absent", params: {} };
  let shared = 0;
  for (const stratum of plan.get("strata")) {
    const [label, size, n] = ["key", "N", "n"].map((name) => stratum.get(name));
    const rule = ruleOf(rates, fields, label);
    const [low, high] = boundsOf(rule, size);
    const wanted = asked(rule, size);
    const due = wanted === null ? Math.min(high, Math.max(low, n)) : Math.min(high, Math.max(low, wanted));
    if (wanted === null) shared += n;
    const raised = rates.has("floors") && n > due && n <= high;
    if (due !== n && !raised) throw new Wrong("rates.differ", { label, n, due });
  }
  checkFloors(plan, rates, fields);
  const total = rates.get("default").get("total");
  if (total !== undefined && shared !== total) throw new Wrong("rates.total", { n: shared, due: total });
  return { code: "rates.ok", params: {} };
}
