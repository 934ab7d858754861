// The desk from the keyboard. Single letters rest while one types, and can be switched off for good.
import { pin } from "./cuts.js";
import { adopt } from "./proposals.js";

const OFF = "qe-desk-keys-off";
const typing = (target) => /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type);

export class Keys {
  constructor(form, reader, parts) {
    this.form = form;
    this.reader = reader;
    this.parts = parts;
    this.items = [...form.querySelectorAll(".qe-item")];
    form.classList.add("qe-keyed");
    const told = () => { for (const item of this.items) item.classList.toggle("said", [...item.querySelectorAll(".qe-item-why input")].some((input) => input.value)); };
    form.addEventListener("input", told);
    told();
    const foot = form.querySelector("[data-foot-keys]");
    if (foot) foot.hidden = false;
    this.map = document.querySelector("[data-keymap]");
    const opener = document.querySelector("[data-keys]");
    if (opener) { opener.hidden = false; opener.addEventListener("click", () => this.map.showModal()); }
    if (this.map) {
      this.map.querySelector("button").addEventListener("click", () => this.map.close());
      const box = this.map.querySelector("[data-keys-on]");
      box.checked = !localStorage.getItem(OFF);
      box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
    }
    for (const item of this.items) {
      item.addEventListener("focusin", () => this.choose(item, false));
      item.addEventListener("click", () => this.choose(item, false));
    }
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  choose(item, moved = true) {
    if (!item) return;
    if (this.item && this.item !== item) this.item.classList.remove("on");
    this.item = item;
    item.classList.add("on");
    if (!moved) return;
    this.parts.show(item.closest("[data-part]"));
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  step(by) { this.choose(this.items[this.item ? this.items.indexOf(this.item) + by : 0]); }

  field(start) { return this.item && this.item.querySelector(`[name^="${start}"]`); }

  // an indicator is graded: the best is the first choice, N/A the one with the key 0
  grade(key) {
    const choices = this.item ? [...this.item.querySelectorAll(".qe-grade-row input")] : [];
    const graded = choices.filter((one) => /-[1-9]$/.test(one.id));
    const chosen = { full: graded[0], least: graded[graded.length - 1] }[key] || choices.find((one) => one.id.endsWith(`-${key}`));
    if (!choices.length) return false;
    if (chosen && !chosen.disabled) {
      chosen.checked = true;
      chosen.focus({ preventScroll: true });
      chosen.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return true;
  }

  score(text) {
    if (this.grade(text === "full" ? "full" : "least")) return;
    const mark = this.field("mark-");
    if (!mark || mark.readOnly) return;
    mark.value = text === "full" ? mark.dataset.most : text;
    mark.dispatchEvent(new Event("input", { bubbles: true }));
  }

  begin(digit) {
    if (this.grade(digit)) return;
    const mark = this.field("mark-");
    if (!mark || mark.readOnly) return;
    this.score(digit);
    mark.focus();
    mark.setSelectionRange(digit.length, digit.length);
  }

  deduct() {
    const box = this.item && this.item.querySelector("[data-cuts]");
    if (!box) return;
    box.open = true;
    (box.querySelector("[data-phrase]") || box.querySelector("input")).focus();
  }

  take() {
    const button = this.item && this.item.querySelector("[data-adopt]");
    if (button && !button.hidden) adopt(button);
  }

  find() {
    const field = document.querySelector("[data-find] input[type=search]");
    if (field) field.focus();
  }

  submitBy(value) {
    const button = this.form.querySelector(`button[name=do][value=${value}]`);
    if (button) this.form.requestSubmit(button);
  }

  async leave() {
    if (!this.form.dataset.next) return;
    await this.form.settled?.();
    location.assign(this.form.dataset.next);
  }

  pressed(event) {
    if (event.isComposing || event.altKey || (this.map && this.map.open)) return;
    if (event.ctrlKey || event.metaKey) {
      const act = { s: () => this.submitBy("save"), Enter: () => this.submitBy("submit") }[event.key];
      if (act) { event.preventDefault(); act(); }
      return;
    }
    if (event.key === "Escape" && typing(event.target)) { this.choose(event.target.closest(".qe-item") || this.item || this.items[0]); return; }
    if (typing(event.target) || localStorage.getItem(OFF)) return;
    const act = this.letters()[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); }
    else if (/^[0-9]$/.test(event.key)) { event.preventDefault(); this.begin(event.key); }
  }

  letters() {
    const reader = this.reader;
    return {
      j: () => this.step(1), k: () => this.step(-1), f: () => this.score("full"), z: () => this.score("0"), r: () => this.deduct(), a: () => this.take(),
      n: () => { const why = this.field("reason-") || this.field("veto-reason-") || this.field("own-reason"); if (why) why.focus(); },
      p: () => reader && this.item && pin(this.item, reader.at),
      "[": () => reader && reader.turn(-1), "]": () => reader && reader.turn(1),
      "+": () => reader && reader.magnify(1), "=": () => reader && reader.magnify(1), "-": () => reader && reader.magnify(-1),
      t: () => reader && reader.rotate(), "/": () => this.find(), ".": () => this.leave(),
      "?": () => this.map && this.map.showModal(),
    };
  }
}
