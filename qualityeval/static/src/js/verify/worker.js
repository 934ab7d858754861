// Reckons beside the page, so that a phone stays answerable while 98,000 tickets are made.
import { placeOf } from "./draw.js";
import { reckon } from "./reckon.js";

let ground = null;

async function run({ certificateFile, frameFile }) {
  const pause = (step, done, of) => {
    if (of > 1) self.postMessage({ progress: { step, done, of } });
  };
  const { ground: found, ...result } = await reckon({ certificateFile, frameFile, pause });
  ground = found;
  self.postMessage({ result });
}

self.addEventListener("message", ({ data }) => {
  if ("find" in data) self.postMessage({ place: ground && placeOf(data.find, ground) });
  else run(data).catch((fault) => self.postMessage({ fault: String(fault) }));
});
