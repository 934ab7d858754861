// The scoring desk: the file and the sheet side by side. Without script both are there, one scrolls and types.
import { cutsOf, drop, phrase, pin } from "./cuts.js";
import { Keys } from "./keys.js";
import { Parts } from "./parts.js";
import { adopt, proposalsOf } from "./proposals.js";
import { Reader } from "./reader.js";

const WIDTH = "qe-desk-split";

// the divider: dragged or moved by arrow keys, its place remembered by this browser
function divided(desk) {
  const split = desk.querySelector("[data-split]");
  const set = (share) => {
    const kept = Math.min(70, Math.max(25, Math.round(share)));
    desk.style.setProperty("--qe-rub", `${kept}%`);
    split.setAttribute("aria-valuenow", kept);
    localStorage.setItem(WIDTH, kept);
  };
  const stored = Number(localStorage.getItem(WIDTH));
  if (stored) set(stored);
  split.addEventListener("pointerdown", (event) => {
    split.setPointerCapture(event.pointerId);
    const moved = (to) => set((100 * (desk.getBoundingClientRect().right - to.clientX)) / desk.clientWidth);
    split.addEventListener("pointermove", moved);
    split.addEventListener("pointerup", () => split.removeEventListener("pointermove", moved), { once: true });
  });
  split.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: 2, ArrowRight: -2 }[event.key];
    if (by) { event.preventDefault(); set(Number(split.getAttribute("aria-valuenow")) + by); }
  });
}

// words are looked for beside the file; the answer is the list of the page that shows it without script
function finding(reader) {
  const form = document.querySelector("form[data-find]");
  if (!form) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-hits]");
    form.querySelector("[data-hits]").replaceChildren(...(found ? found.childNodes : []));
  });
  form.addEventListener("click", (event) => {
    const link = event.target.closest('a[href*="#p-"]');
    if (!link) return;
    event.preventDefault();
    reader.go(Number(link.hash.slice(3)));
  });
}

export function scoringDesk(page) {
  const form = page.querySelector("form[data-draft]"), section = page.querySelector("[data-reader]"), desk = page.querySelector("[data-desk]");
  const reader = section ? new Reader(section) : null;
  if (desk) { divided(desk); finding(reader); }
  if (!form) return;
  cutsOf(form);
  proposalsOf(form);
  const keys = new Keys(form, reader, new Parts(form));
  form.addEventListener("click", (event) => {
    const ready = event.target.closest("[data-phrase]"), gone = event.target.closest("[data-cut-drop]"), said = event.target.closest("[data-adopt]");
    if (said) adopt(said);
    if (ready) phrase(ready, reader);
    if (gone) drop(gone);
  });
  if (reader) {
    page.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#p-"]');
      if (!link) return;
      event.preventDefault();
      reader.go(Number(link.hash.slice(3)));
    });
    const button = section.querySelector("[data-pin]");
    if (button) button.addEventListener("click", () => { keys.choose(keys.item || keys.items[0]); pin(keys.item, reader.at); });
  }
}
