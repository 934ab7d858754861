// The certificate and the plan as the published rules describe them, read without believing them.
import { CANONICAL, holdsFraction, isUsualWriting, readJson, writeJson } from "./json.js";
import { Wrong, byBytes, fromUtf8, isDigest } from "./text.js";

const KEYS = [
  "version", "plan", "plan_digest", "frame_digest", "secret", "public", "seed", "strata", "earlier_rounds",
];
const DIGESTS = ["plan_digest", "frame_digest", "secret", "seed"];
export const EARLIER = ["code", "state", "plan_digest", "frame_digest", "shared", "of"];

function hasKeys(node, keys) {
  return node instanceof Map && node.size === keys.length && keys.every((key) => node.has(key));
}

function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}

function checkStratum(stratum, keys, where) {
  const counted = hasKeys(stratum, keys) && isCount(stratum.get("N")) && isCount(stratum.get("n"));
  if (!counted || typeof stratum.get("key") !== "string") throw new Wrong("certificate.key", { key: where });
  const last = keys.includes("last_ticket") ? stratum.get("last_ticket") : null;
  if (last !== null && typeof last !== "string") throw new Wrong("certificate.key", { key: where });
}

function isEarlier(entry) {
  if (!hasKeys(entry, [...EARLIER, "digest"])) return false;
  return [...entry].every(([key, value]) =>
    key === "shared" || key === "of" ? Number.isSafeInteger(value) : typeof value === "string",
  );
}

function checkKeys(certificate) {
  for (const key of [...KEYS, ...certificate.keys()]) {
    if (!certificate.has(key) || !KEYS.includes(key)) throw new Wrong("certificate.key", { key });
  }
  if (certificate.get("version") !== 1) throw new Wrong("certificate.version");
  for (const key of DIGESTS) if (!isDigest(certificate.get(key))) throw new Wrong("certificate.key", { key });
  for (const key of ["plan", "public"]) {
    if (typeof certificate.get(key) !== "string" || !certificate.get(key)) throw new Wrong("certificate.key", { key });
  }
  for (const key of ["strata", "earlier_rounds"]) {
    if (!Array.isArray(certificate.get(key))) throw new Wrong("certificate.key", { key });
  }
  for (const stratum of certificate.get("strata")) {
    checkStratum(stratum, ["key", "N", "n", "last_ticket"], "strata");
  }
  if (!certificate.get("earlier_rounds").every(isEarlier)) throw new Wrong("certificate.key", { key: "earlier_rounds" });
}

export function readCertificate(bytes) {
  let text;
  let certificate;
  try {
    text = fromUtf8(bytes).replace(/^\ufeff/, "");
    certificate = readJson(text);
  } catch {
    throw new Wrong("certificate.form");
  }
  if (!(certificate instanceof Map)) throw new Wrong("certificate.form");
  checkKeys(certificate);
  if (!isUsualWriting(text, certificate)) throw new Wrong("certificate.layout");
  return certificate;
}

function checkSource(source) {
  const kind = source instanceof Map ? source.get("kind") : null;
  if (!["dice", "lottery", "machine"].includes(kind)) throw new Wrong("plan.key", { key: "seed_source" });
}

export function readPlan(text) {
  let plan;
  try {
    plan = readJson(text);
  } catch {
    throw new Wrong("plan.form");
  }
  const canonical = plan instanceof Map && !holdsFraction(plan) && writeJson(plan, CANONICAL) === text;
  if (!canonical) throw new Wrong("plan.form");
  for (const key of ["frame_digest", "secret_digest", "deal_secret_digest"]) {
    if (!isDigest(plan.get(key))) throw new Wrong("plan.key", { key });
  }
  if (typeof plan.get("code") !== "string" || !plan.get("code")) throw new Wrong("plan.key", { key: "code" });
  checkSource(plan.get("seed_source"));
  const strata = plan.get("strata");
  if (!Array.isArray(strata) || !strata.length) throw new Wrong("plan.key", { key: "strata" });
  for (const stratum of strata) checkStratum(stratum, ["N", "key", "n"], "plan.strata");
  const outOfOrder = strata.some((one, at) => at && byBytes(strata[at - 1].get("key"), one.get("key")) >= 0);
  if (outOfOrder || strata.some((one) => one.get("n") > one.get("N"))) throw new Wrong("plan.key", { key: "strata" });
  return plan;
}
