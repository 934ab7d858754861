// The observer's record: kept while it is written, sent when there is a network, deleted once the server has it.
import { pictures, sendPictures } from "./pictures.js";
import { fill, forget, store, stored, values } from "./store.js";
import { steps } from "./steps.js";

const AGAIN = 15000;

// The page as the server has it now: a fresh token, or the word that the record is there already.
async function standing(form) {
  const answer = await fetch(form.action, { cache: "no-store", headers: { "X-Requested-With": "fetch" } });
  if (answer.redirected) return { done: new URL(answer.url).pathname === form.dataset.record };
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("form[data-record] [name=csrf_token]");
  return { token: token && token.value };
}

async function sent(form, typed) {
  const refused = await sendPictures(form);
  if (refused) return refused;
  const { done, token } = await standing(form);
  if (done) return { state: "submitted" };
  if (!token) return { state: "sign-in" };
  const body = new FormData();
  for (const [name, value] of Object.entries(typed)) body.set(name, value);
  body.set("csrf_token", token);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const told = (answer.headers.get("Content-Type") || "").includes("json");
  if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
  return told ? answer.json() : { state: "sign-in" };
}

function keepPage(form) {
  if (!("serviceWorker" in navigator)) return () => {};
  const files = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.href || one.src);
  navigator.serviceWorker.register(form.dataset.worker).then(() => navigator.serviceWorker.ready).then((worker) => {
    const answers = new MessageChannel();
    answers.port1.onmessage = () => { form.dataset.offline = "1"; };
    worker.active.postMessage({ keep: [form.action, ...files] }, [answers.port2]);
  }).catch(() => {});
  return () => navigator.serviceWorker.controller?.postMessage({ drop: form.action });
}

function begin(form) {
  const address = form.dataset.record;
  const line = form.querySelector("[data-kept]");
  const say = (name, more = "") => { line.textContent = `${line.dataset[name]}${more}`; };
  const dropPage = keepPage(form);
  let record = stored(address) || { typed: values(form), waiting: false };
  let busy = false;

  if (stored(address)) fill(form, record.typed);
  const walk = steps(form);
  if (stored(address)) walk.firstOpen();

  pictures(form, say);
  const keep = (waiting) => {
    record = { typed: values(form), waiting };
    if (!store(address, record)) say("open");
    else if (!waiting) say("here", ` ${new Date().toTimeString().slice(0, 8)}`);
  };
  const settle = (answer) => {
    if (answer.state === "submitted") {
      forget(address);
      dropPage();
      location.assign(address);
    } else if (answer.state === "refused") {
      keep(false);
      line.textContent = answer.text;
      walk.to(answer.where);
    } else say("signin");
  };
  const flush = async () => {
    if (!record.waiting || busy) return;
    busy = true;
    say("sending");
    try {
      settle(await sent(form, record.typed));
    } catch {
      say("waiting");
      setTimeout(flush, AGAIN);
    }
    busy = false;
  };
  form.addEventListener("input", () => keep(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // no "once pressed": it may have to be sent again
    keep(true);
    flush();
  });
  window.addEventListener("online", flush);
  flush();
}

export function observations(page) {
  for (const form of page.querySelectorAll("form[data-record]")) begin(form);
}
