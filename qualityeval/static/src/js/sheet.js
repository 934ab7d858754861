// The scoring sheet: its total comes from the server's own arithmetic while one types, and the draft is kept:
// in this browser at every keystroke, on the server after a pause, or after two seconds where there is none.
import { restore, typed } from "./desk/cuts.js";
import { progressed } from "./desk/parts.js";
import { forget, keep, kept } from "./desk/queue.js";

const PAUSE = 300, LONGEST = 2000, AGAIN = 5000;

const SENT = "qe-sheet-sent";

class SignedOut extends Error {}

// as the server would store it, so that a space at the end or 4.0 for 4 makes no difference
const alike = (fields) => JSON.stringify(
  fields.map(([name, value]) => [name, value.trim().replace(/\s+/g, " ")])
    .filter(([, value]) => value)
    .map(([name, value]) => [name, /^\d+(\.\d+)?$/.test(value) ? String(Number(value)) : value]),
);

async function posted(form, address) {
  const answer = await fetch(address, { method: "POST", body: new FormData(form) });
  const told = (answer.headers.get("Content-Type") || "").includes("json");
  return told ? answer.json() : null;
}

// the page as the server has it: its token; a sign-in page has no such form
async function renewed(form) {
  const answer = await fetch(form.action, { cache: "no-store" });
  if (answer.status >= 500) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("form[data-sheet] [name=csrf_token]");
  if (!token) throw new SignedOut();
  form.elements.csrf_token.value = token.value;
}

// an expired token is renewed and the same is sent once more
async function sent(form, address) {
  const first = await posted(form, address);
  if (first) return first;
  await renewed(form);
  const second = await posted(form, address);
  if (!second) throw new Error();
  return second;
}

class Draft {
  constructor(form, place) {
    this.form = form;
    this.place = place;
    this.key = new URL(form.action).pathname;
    this.busy = Promise.resolve();
    this.wanted = false;
    form.settled = () => { clearTimeout(this.timer); return this.soon(); };
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", () => { clearTimeout(this.timer); this.wanted = false; sessionStorage.setItem(SENT, this.key); });
    window.addEventListener("online", () => this.wanted && form.settled());
  }

  changed() {
    if (!this.wanted) this.since = Date.now();
    this.wanted = true;
    this.hold();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.soon(), Math.min(PAUSE, Math.max(0, this.since + LONGEST - Date.now())));
  }

  // `sending`: what the server may have got although its answer never came
  hold() {
    if (this.form.dataset.draft) keep(this.key, { version: this.form.elements.version.value, fields: typed(this.form), sending: this.sending || null });
  }

  soon() { this.busy = this.busy.then(() => this.work()); return this.busy; }

  async work() {
    if (!this.wanted) return;
    this.wanted = false;
    if (this.form.dataset.draft && !this.form.dataset.sent && !(await this.store())) {
      this.wanted = true;
      this.since = Date.now();
      this.timer = setTimeout(() => this.soon(), AGAIN);
    }
    await this.total();
  }

  // true when the server has it or has said no, false when it can't be asked: then it is tried again
  async store() {
    this.sending = typed(this.form);
    this.hold();
    try {
      const answer = await sent(this.form, this.form.dataset.draft);
      this.say(answer.text, answer.version ? "" : "refused");
      if (answer.conflict) this.place.append(" ", this.compare());
      if (!answer.version) return true;
      this.form.elements.version.value = answer.version;
      this.sending = null;
      if (this.wanted) this.hold();
      else await forget(this.key);
      return true;
    } catch (fault) {
      this.say(fault instanceof SignedOut ? this.place.dataset.signin : this.place.dataset.lost, "lost");
      return false;
    }
  }

  say(text, state) {
    this.place.textContent = text;
    this.place.classList.toggle("qe-lost", state !== "");
  }

  // both texts side by side, field by field: the page that answers a stale save shows them
  compare() {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn btn-quiet btn-sm", textContent: this.place.dataset.compare });
    button.addEventListener("click", () => this.form.requestSubmit(this.form.querySelector("button[name=do][value=save]")));
    return button;
  }

  async total() {
    try {
      const answer = await posted(this.form, this.form.dataset.sheet);
      if (answer) progressed(this.form, answer);
    } catch {
      // without the network the last total stays; the typed marks are still in the form
    }
  }

  // what an earlier page couldn't send is filled in again; the server's newer version is compared, never overwritten
  async take() {
    const entry = this.form.dataset.draft && (await kept(this.key));
    if (!entry) return;
    const shown = alike(typed(this.form));
    if (shown === alike(entry.fields)) { await forget(this.key); return; }
    const arrived = entry.sending && alike(entry.sending) === shown;
    if (!arrived) this.form.elements.version.value = entry.version;
    restore(this.form, entry.fields);
    this.say(this.place.dataset.restored, "");
    this.changed();
  }
}

// a sheet that was sent and led to another page is with the server
function arrived() {
  const key = sessionStorage.getItem(SENT);
  if (!key || location.pathname === key) return;
  sessionStorage.removeItem(SENT);
  if (!/^\/sign-in/.test(location.pathname)) forget(key);
}

export function runningTotals(page) {
  arrived();
  for (const form of page.querySelectorAll("form[data-sheet]")) {
    new Draft(form, page.querySelector("[data-saved]")).take();
  }
}
