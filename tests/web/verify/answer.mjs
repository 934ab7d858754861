// Answers one JSON question a line with the browser's own verification, for the tests in Python.
import { createInterface } from "node:readline";

import { NAMES, verify } from "../../../qualityeval/static/src/js/verify/checks.js";
import { placeOf } from "../../../qualityeval/static/src/js/verify/draw.js";

const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));

async function answered({ certificate, frame, keys = [] }) {
  const certificateFile = bytes(certificate);
  const frameFile = frame === undefined ? undefined : bytes(frame);
  const { ok, failed, checks, strata, ground } = await verify({ certificateFile, frameFile });
  const places = ground && keys.map((key) => placeOf(key, ground));
  return { names: NAMES, ok, failed, checks, strata, places };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answered(JSON.parse(line)))}\n`);
}
