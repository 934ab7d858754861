// Everything that a reader may want to know of a draw, asked in the same order as the other two verifiers ask it.
import { drawOrder } from "./draw.js";
import { readFrame } from "./frame.js";
import { checkRates } from "./rates.js";
import { sha256 } from "./sha256.js";
import { EARLIER, readCertificate, readPlan } from "./shapes.js";
import { Wrong, joinedHash, nfc, utf8 } from "./text.js";

// what the other programs trim; a byte order mark isn't among it, as it is in String.trim
const SPACE = "[\\t-\\r\\u001c- \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const SPACED = new RegExp(`^${SPACE}|${SPACE}$`);

// an earlier answer is missing, so this question has none
class Unknown extends Error {}

function need(found) {
  if (found === undefined) throw new Unknown();
  return found;
}

function sizesIn(strata) {
  return new Map(strata.map((one) => [one.get("key"), one]));
}

const QUESTIONS = {
  certificate(known) {
    known.certificate = readCertificate(known.certificateFile);
    return { code: "certificate.ok" };
  },
  plan_digest(known) {
    const certificate = need(known.certificate);
    const found = sha256(utf8(certificate.get("plan")));
    if (found !== certificate.get("plan_digest")) throw new Wrong("plan_digest.differs", { found });
    return { code: "plan_digest.ok", digest: found };
  },
  plan(known) {
    known.plan = readPlan(need(known.certificate).get("plan"));
    return { code: "plan.ok", params: { strata: known.plan.get("strata").length } };
  },
  rates(known) {
    return checkRates(need(known.plan));
  },
  async frame(known) {
    known.frame = await readFrame(need(known.frameFile), known.pause);
    const code = known.frame.inOrder ? "frame.ok" : "frame.sorted";
    return { code, params: { size: known.frame.keys.length } };
  },
  frame_digest(known) {
    const found = need(known.frame).digest;
    const said = [need(known.certificate).get("frame_digest"), need(known.plan).get("frame_digest")];
    if (said.some((digest) => digest !== found)) throw new Wrong("frame_digest.differs", { found });
    return { code: "frame_digest.ok", digest: found };
  },
  secret(known) {
    const found = sha256(utf8(need(known.certificate).get("secret")));
    if (found !== need(known.plan).get("secret_digest")) throw new Wrong("secret.differs", { found });
    return { code: "secret.ok", digest: found };
  },
  seed(known) {
    const certificate = need(known.certificate);
    const open = certificate.get("public");
    const planDigest = sha256(utf8(certificate.get("plan")));
    const found = joinedHash(planDigest, certificate.get("secret"), open);
    const unclean = SPACED.test(open) || nfc(open) !== open;
    if (found !== certificate.get("seed") || unclean) throw new Wrong("seed.differs", { found });
    return { code: "seed.ok", digest: found };
  },
  sizes(known) {
    const frame = need(known.frame);
    const counted = new Map();
    for (const label of frame.labels) counted.set(label, (counted.get(label) ?? 0) + 1);
    const certified = need(known.certificate).get("strata");
    const planned = need(known.plan).get("strata");
    const inPlan = sizesIn(planned);
    for (const label of new Set([...counted.keys(), ...inPlan.keys(), ...sizesIn(certified).keys()])) {
      const [plan, certificate] = [inPlan.get(label), sizesIn(certified).get(label)];
      const same = plan && certificate && ["N", "n"].every((name) => plan.get(name) === certificate.get(name));
      if (!same || counted.get(label) !== plan.get("N")) throw new Wrong("sizes.differ", { label });
    }
    const inOrder = planned.every((one, at) => certified[at]?.get("key") === one.get("key"));
    if (!inOrder || certified.length !== planned.length) throw new Wrong("sizes.differ", { label: "" });
    return { code: "sizes.ok", params: { n: planned.reduce((sum, one) => sum + one.get("n"), 0) } };
  },
  async tickets(known) {
    const certificate = need(known.certificate);
    const frame = need(known.frame);
    need(known.plan);
    known.drawn = await drawOrder(frame, certificate.get("seed"), known.pause);
    for (const stratum of certificate.get("strata")) {
      const order = known.drawn.orders.get(stratum.get("key")) ?? [];
      if (stratum.get("n") > order.length) throw new Unknown();
      const last = stratum.get("n") ? known.drawn.tickets[order[stratum.get("n") - 1]] : null;
      if (last !== stratum.get("last_ticket")) throw new Wrong("tickets.differ", { label: stratum.get("key") });
    }
    return { code: "tickets.ok", params: { size: frame.keys.length } };
  },
  earlier_rounds(known) {
    const certificate = need(known.certificate);
    for (const entry of certificate.get("earlier_rounds")) {
      const found = joinedHash(certificate.get("plan_digest"), ...EARLIER.map((name) => entry.get(name)));
      if (found !== entry.get("digest")) throw new Wrong("earlier_rounds.differ", { round: entry.get("code") });
    }
    return { code: "earlier_rounds.ok", params: { count: certificate.get("earlier_rounds").length } };
  },
};
export const NAMES = Object.keys(QUESTIONS);

async function asked(name, known) {
  try {
    return { name, ok: true, params: {}, digest: "", ...(await QUESTIONS[name](known)) };
  } catch (fault) {
    if (fault instanceof Wrong) return { name, ok: false, code: fault.code, params: fault.params, digest: "" };
    if (!(fault instanceof Unknown)) throw fault;
    const waits = known.frameFile === undefined && known.plan !== undefined;
    return { name, ok: null, code: waits ? "waiting" : "unknown", params: {}, digest: "" };
  }
}

function strataOf({ certificate, drawn }) {
  if (!certificate) return [];
  return certificate.get("strata").map((one) => {
    const order = drawn?.orders.get(one.get("key"));
    const n = one.get("n");
    const last = order && n && n <= order.length ? drawn.tickets[order[n - 1]] : null;
    const ok = order === undefined ? null : last === one.get("last_ticket") && order.length === one.get("N");
    return { label: one.get("key"), N: one.get("N"), n, last: one.get("last_ticket"), ok };
  });
}

// The checks by name, the strata, and what a single case is looked up in. A frame left out is waited for:
// its checks are neither right nor wrong. `pause(step, done, of)` may let others work meanwhile.
export async function verify({ certificateFile, frameFile, pause = () => {} }) {
  const known = { certificateFile, frameFile, pause };
  const checks = [];
  for (const name of NAMES) {
    checks.push(await asked(name, known));
    await pause(name, 1, 1);
  }
  const { certificate, frame, drawn } = known;
  const complete = frame !== undefined && drawn !== undefined;
  const sizes = new Map((certificate?.get("strata") ?? []).map((one) => [one.get("key"), one.get("n")]));
  return {
    ok: checks.every((check) => check.ok === true),
    failed: checks.some((check) => check.ok === false || check.code === "unknown"),
    checks,
    strata: strataOf(known),
    complete,
    ground: complete ? { frame, drawn, sizes } : null,
  };
}
