// The parts of the browser's verification by themselves; run by Node's own runner (see test_js.py).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { drawOrder } from "../../../qualityeval/static/src/js/verify/draw.js";
import { readFrame } from "../../../qualityeval/static/src/js/verify/frame.js";
import { CANONICAL, Fraction, isUsualWriting, readJson, writeJson } from "../../../qualityeval/static/src/js/verify/json.js";
import { checkRates, readRate, shareOf } from "../../../qualityeval/static/src/js/verify/rates.js";
import { Sha256, sha256 } from "../../../qualityeval/static/src/js/verify/sha256.js";
import { byBytes, hasHalfCharacter, joinedHash, utf8 } from "../../../qualityeval/static/src/js/verify/text.js";

const VECTORS = JSON.parse(readFileSync(new URL("../../data/draw_vectors.json", import.meta.url), "utf8"));
const quiet = () => {};

test("SHA-256 of the examples in FIPS 180-2, appendix B", () => {
  assert.equal(sha256(utf8("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  assert.equal(sha256(utf8(two)), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  assert.equal(sha256(utf8("a".repeat(1e6))), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
});

test("SHA-256 of every length over three blocks agrees with OpenSSL, whole and in pieces", () => {
  for (let length = 0; length <= 200; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 131 + length) & 255);
    const expected = createHash("sha256").update(bytes).digest("hex");
    assert.equal(sha256(bytes), expected);
    const cut = length >> 1;
    const begun = new Sha256().update(bytes.subarray(0, cut));
    assert.equal(begun.fork().update(bytes.subarray(cut)).hex(), expected);
    assert.equal(begun.hex(), createHash("sha256").update(bytes.subarray(0, cut)).digest("hex"));
  }
});

test("order is that of the UTF-8 bytes, beyond U+FFFF too", () => {
  const texts = ["", "a", "ab", "\u007f", "é", "\ud7ff", "\ue000", "～", "\uffff", "\u{10000}", "𠀀", "\u{10ffff}", "𠀀a", "～z"];
  for (const one of texts) {
    for (const other of texts) {
      const expected = Math.sign(Buffer.compare(Buffer.from(one), Buffer.from(other)));
      assert.equal(Math.sign(byBytes(one, other)), expected, `${one} ${other}`);
    }
  }
});

test("half a character is seen", () => {
  assert.deepEqual(["\ud800", "\udc00", "a\ud83d", "\udc00\ud800", "𠀀", "～"].map(hasHalfCharacter), [true, true, true, true, false, false]);
});

for (const vector of VECTORS) {
  test(`the worked draw "${vector.name}"`, async () => {
    const bytes = utf8(vector.frame_csv);
    const frame = await readFrame(bytes, quiet);
    assert.equal(frame.digest, vector.frame_digest);
    assert.equal(sha256(utf8(vector.plan)), vector.plan_digest);
    assert.equal(joinedHash(vector.plan_digest, vector.secret, vector.public), vector.seed);
    assert.equal(writeJson(readJson(vector.plan), CANONICAL), vector.plan);
    const { tickets, orders } = await drawOrder(frame, vector.seed, quiet);
    assert.deepEqual(Object.fromEntries(frame.keys.map((key, at) => [key, tickets[at]])), vector.tickets);
    for (const [label, order] of orders) {
      const keys = order.map((at) => frame.keys[at]);
      const n = vector.drawn[label].length;
      assert.deepEqual(keys.slice(0, n), vector.drawn[label]);
      assert.deepEqual(keys.slice(n), vector.reserve[label]);
    }
  });

  test(`the rows of "${vector.name}" in another order are the same frame`, async () => {
    const [head, ...rows] = vector.frame_csv.trimEnd().split("\n");
    const frame = await readFrame(utf8([head, ...rows.reverse(), ""].join("\n")), quiet);
    assert.equal(frame.inOrder, rows.length < 2);
    assert.equal(frame.digest, vector.frame_digest);
  });
}

test("a frame that isn't written as the rules say names its line", async () => {
  const bad = {
    "case_key,stratum\n1:a,s\n1:b,s": "frame.cut",
    "case_key;stratum\n": "frame.header",
    "case_key,stratum\n": "frame.empty",
    'case_key,stratum\n"1:a",s\n': "frame.form",
    "case_key,stratum\n1:e\u0301,s\n": "frame.form",
    "case_key,stratum\n1:a,b,s\n": "frame.line",
    "case_key,stratum\n1:a,\n": "frame.line",
    "case_key,stratum\n1:a,s\r\n": "frame.line",
    "case_key,stratum\n1:a,s\n1:a,t\n": "frame.twice",
    "\ufeffcase_key,stratum\n1:a,s\n": "frame.header",
  };
  for (const [text, code] of Object.entries(bad)) {
    await assert.rejects(readFrame(utf8(text), quiet), { code }, text);
  }
  await assert.rejects(readFrame(Uint8Array.from([...utf8("case_key,stratum\n1:"), 0xff, 10]), quiet), { code: "frame.encoding" });
});

test("JSON: a key twice, a fraction, half a character and a tail are refused or kept apart", () => {
  for (const text of ['{"a":1,"a":2}', '"\\ud800"', "[1] 2", "NaN", "01", "[1,]", '"\n"', "{a:1}", "[".repeat(200)]) {
    assert.throws(() => readJson(text), SyntaxError, text);
  }
  assert.ok(readJson("1.0") instanceof Fraction);
  assert.ok(readJson("1e3") instanceof Fraction);
  assert.deepEqual([...readJson('{"10":1,"9":2}').keys()], ["10", "9"]);
  assert.equal(writeJson(readJson('{"𠀀":1,"～":[]}'), CANONICAL), '{"～":[],"𠀀":1}');
  assert.ok(isUsualWriting('{\n  "a": [\n    1\n  ]\n}\n', readJson('{"a":[1]}')));
  assert.ok(isUsualWriting('{"a": "\\u4e2d"}', readJson('{"a":"中"}')));
  assert.ok(!isUsualWriting('{"a":  1}', readJson('{"a":1}')));
});

test("27.7 % of 1000 is 277, exactly", () => {
  assert.deepEqual(["277/1000", "27.7%", "0.277"].map((rate) => shareOf(rate, 1000)), [277, 277, 277]);
  assert.deepEqual([shareOf("1/3", 9), shareOf("1/3", 10), shareOf("100%", 7), shareOf("1", 7)], [3, 4, 7, 7]);
  assert.throws(() => readRate("1e-1"));
});

function planOf(rates, strata, fields = ["stage"]) {
  return readJson(JSON.stringify({ rates, strata_fields: fields, strata: strata.map(([key, N, n]) => ({ key, N, n })) }));
}

test("sizes follow from the plan's rates, bounds and overrides", () => {
  const bounds = { minimum: 2, maximum: null, take_all_below: 3 };
  const rates = {
    default: { rate: "277/1000", ...bounds },
    override: [{ when: { stage: ["appeal"] }, rate: "1/2", ...bounds }, { when: { stage: { not: ["trial"] } }, fixed: 5, ...bounds }],
  };
  const right = [["-", 9, 5], ["appeal", 10, 5], ["trial", 100, 28]];
  assert.equal(checkRates(planOf(rates, right)).code, "rates.ok");
  for (const [at, wrong] of [[0, 4], [1, 6], [2, 27]]) {
    const strata = right.map((one, index) => (index === at ? [one[0], one[1], wrong] : one));
    assert.throws(() => checkRates(planOf(rates, strata)), { code: "rates.differ" });
  }
  assert.equal(checkRates(planOf(rates, [["trial", 3, 3]])).code, "rates.ok");
  assert.throws(() => checkRates(planOf(rates, [["trial", 3, 2]])), { code: "rates.differ" });
  const total = { default: { total: 10, ...bounds, maximum: 8 }, override: [] };
  assert.equal(checkRates(planOf(total, [["a", 20, 7], ["b", 10, 3]])).code, "rates.ok");
  assert.throws(() => checkRates(planOf(total, [["a", 20, 7], ["b", 10, 4]])), { code: "rates.total" });
  assert.throws(() => checkRates(planOf(total, [["a", 20, 9], ["b", 10, 1]])), { code: "rates.differ" });
});
