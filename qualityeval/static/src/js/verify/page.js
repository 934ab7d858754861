// The public page of a draw: fetches certificate and frame from this site and reckons everything anew, here.
import { reckoned } from "./reckoner.js";
import { Shown } from "./shown.js";

async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return new Uint8Array(await answer.arrayBuffer());
}

function conclude(shown, result, seconds) {
  const open = result.checks.filter((check) => check.ok === null).length;
  const wrong = result.checks.filter((check) => check.ok === false).length;
  const right = result.checks.length - open - wrong;
  const cross = shown.say(result.cross === null ? "cross.none" : result.cross ? "cross.ok" : "cross.differs");
  shown.part("cross").textContent = cross;
  if (result.failed) shown.verdict("bad", shown.say("verdict.bad", { wrong: wrong || 1 }), shown.say("verdict.bad.text"));
  else if (result.ok) shown.verdict("ok", shown.say("verdict.ok"), shown.say("verdict.ok.text", { right, seconds }));
  else shown.verdict("wait", shown.say("verdict.wait", { right }), shown.say("verdict.wait.text", { open }));
}

async function run(shown, root, filesOf) {
  const began = performance.now();
  const again = shown.part("again");
  again.disabled = true;
  shown.verdict("busy", shown.say("verdict.busy"), shown.say("verdict.fetching"));
  try {
    const files = await filesOf();
    const progress = ({ step, done, of }) => {
      shown.part("text").textContent = shown.say(`progress.${step}`, { done, of });
    };
    const reckoning = await reckoned(root.dataset.worker, files, progress);
    shown.checks(reckoning.result.checks);
    shown.strata(reckoning.result.strata);
    conclude(shown, reckoning.result, ((performance.now() - began) / 1000).toFixed(2));
    return reckoning;
  } catch {
    shown.verdict("bad", shown.say("verdict.none"), shown.say("verdict.none.text"));
    return null;
  } finally {
    again.disabled = false;
  }
}

function ownFiles(form) {
  const [certificate, frame] = [...form.querySelectorAll("input[type=file]")].map((field) => field.files[0]);
  return async () => ({
    certificateFile: new Uint8Array(await certificate.arrayBuffer()),
    frameFile: frame && new Uint8Array(await frame.arrayBuffer()),
  });
}

export function publicVerification(page) {
  const root = page.querySelector("[data-verify]");
  if (!root) return;
  const shown = new Shown(root);
  const published = async () => ({
    certificateFile: await fetched(root.dataset.certificate),
    frameFile: root.dataset.frame ? await fetched(root.dataset.frame) : undefined,
  });
  let reckoning = null;
  const start = async (filesOf) => {
    reckoning?.end();
    reckoning = null;
    shown.part("find").hidden = true;
    shown.part("found").hidden = true;
    reckoning = await run(shown, root, filesOf);
    shown.part("find").hidden = !reckoning?.result.complete;
  };
  shown.part("plain").hidden = true;
  for (const hidden of root.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
  shown.part("again").addEventListener("click", () => start(published));
  shown.part("find").addEventListener("submit", async (event) => {
    event.preventDefault();
    const key = event.target.querySelector("input").value;
    shown.part("found").hidden = true;
    if (key.trim()) shown.place(await reckoning.find(key), key.trim());
  });
  shown.part("own").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.querySelector("input[type=file]").files[0]) start(ownFiles(form));
  });
  const size = Number(root.dataset.large);
  if (size) shown.verdict("wait", shown.say("verdict.large"), shown.say("verdict.large.text", { size }));
  else start(published);
}

publicVerification(document);
