// The parts of a sheet: the one in hand is open, the others are a line each with what they hold; or all of them, by choice.
const ALL = "qe-sheet-all";
const FROM = 4000, EACH = 60; // the scale begins at 40 points; hundredths a unit of its drawing

export class Parts {
  constructor(form) {
    this.parts = [...form.querySelectorAll("[data-part]")];
    this.all = Boolean(localStorage.getItem(ALL));
    for (const part of this.parts) this.headed(part);
    this.choice(form);
    form.addEventListener("focusin", (event) => event.target.closest(".qe-part-head") || this.show(event.target.closest("[data-part]")));
    document.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#"]'), goal = link && document.getElementById(link.hash.slice(1));
      if (goal) this.show(goal.closest("[data-part]"));
    });
    const unfinished = this.parts.find((part) => part.querySelector('[data-state="open"]'));
    this.show(this.parts.find((part) => part.querySelector(".qe-invalid")) || unfinished || this.parts[0]);
  }

  headed(part) {
    const head = part.querySelector("h2"), button = document.createElement("button");
    button.type = "button";
    button.className = "qe-part-head";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => this.toggle(part));
  }

  // one press opens all parts for good, in this browser
  choice(form) {
    const box = form.querySelector("[data-all-parts]");
    if (!box) return;
    box.closest("[hidden]").hidden = false;
    box.checked = this.all;
    box.addEventListener("change", () => {
      this.all = box.checked;
      if (this.all) localStorage.setItem(ALL, "1");
      else localStorage.removeItem(ALL);
      this.show(this.open || this.parts[0]);
    });
  }

  toggle(part) {
    if (this.all || part.classList.contains("shut")) this.show(part);
    else this.set(part, false);
  }

  set(part, open) {
    part.classList.toggle("shut", !open);
    part.querySelector(".qe-part-head").setAttribute("aria-expanded", String(open));
  }

  // parts with something to mend stay open until it is mended
  show(part) {
    if (!part) return;
    this.open = part;
    for (const one of this.parts) this.set(one, this.all || one === part || Boolean(one.querySelector(".qe-invalid")));
  }
}

// what the server says of the sheet as it is written
export function progressed(form, answer) {
  const total = form.querySelector("[data-total]"), left = document.createElement("small"), figure = document.createElement("b");
  figure.textContent = answer.figure || answer.text;
  left.textContent = answer.figure && answer.figure !== answer.text ? answer.text : "";
  total.replaceChildren(figure, left);
  const reach = form.querySelector("[data-reach]");
  if (reach) reach.setAttribute("width", Math.max(0, Math.min(100, ((answer.points || 0) - FROM) / EACH)));
  for (const part of form.querySelectorAll("[data-part]")) {
    const line = answer.parts[part.dataset.part];
    if (!line) continue;
    part.querySelector("[data-sum]").textContent = line.text;
    part.querySelector("[data-state]").dataset.state = line.state;
  }
}
