// Putting what was found into the page: sentences come from the server, marks from its templates.
const GROUPS = /\B(?=(\d{3})+$)/g;

export function number(value) {
  return String(value).replace(GROUPS, ",");
}

function short(digest) {
  return digest ? `${digest.slice(0, 8)}…${digest.slice(-8)}` : "";
}

export class Shown {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(root.dataset.words);
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  say(code, params = {}) {
    return this.words[code].replace(/%\((\w+)\)s/g, (_, name) => {
      const value = params[name];
      return typeof value === "number" ? number(value) : value;
    });
  }

  mark(place, name) {
    const pattern = this.root.querySelector(`template[data-mark="${name}"]`);
    place.replaceChildren(pattern.content.cloneNode(true));
  }

  verdict(state, title, text) {
    const box = this.part("verdict");
    box.hidden = false;
    box.dataset.state = state;
    this.mark(this.part("sign"), `sign-${state}`);
    this.part("title").textContent = title;
    this.part("text").textContent = text;
  }

  checks(checks) {
    for (const check of checks) {
      const line = this.root.querySelector(`[data-check="${check.name}"]`);
      const state = check.ok === null ? "wait" : check.ok ? "ok" : "bad";
      line.dataset.state = state;
      this.mark(line.querySelector("[data-sign]"), `check-${state}`);
      line.querySelector("[data-said]").textContent = this.say(check.code, check.params);
      const digest = line.querySelector("[data-digest]");
      digest.textContent = short(check.digest);
      digest.title = check.digest;
    }
  }

  strata(strata) {
    const rows = [...this.root.querySelectorAll("[data-stratum]")];
    const named = new Map(rows.map((row) => [row.dataset.stratum, row.querySelector("th").textContent]));
    const [first] = rows;
    if (!first || !strata.length) return;
    first.parentNode.replaceChildren(
      ...strata.map((one) => {
        const row = first.cloneNode(true);
        row.dataset.stratum = one.label;
        row.querySelector("th").textContent = named.get(one.label) ?? one.label;
        row.querySelector("[data-size]").textContent = number(one.N);
        row.querySelector("[data-n]").textContent = number(one.n);
        row.querySelector("[data-last]").textContent = one.last ? `${one.last.slice(0, 8)}…` : "—";
        this.mark(row.querySelector("[data-result]"), one.ok === null ? "wait" : one.ok ? "ok" : "bad");
        return row;
      }),
    );
  }

  place(found, key) {
    const box = this.part("found");
    box.hidden = false;
    box.classList.toggle("qe-one-none", !found);
    this.part("ticket").textContent = found ? found.ticket.match(/.{8}/g).join(" ") : "—";
    this.part("key").textContent = found ? found.key : key;
    this.part("label").textContent = found ? this.labelOf(found.label) : "";
    this.part("place").textContent = this.say(found ? "place" : "place.none", found ?? {});
    if (found) this.mark(this.part("drawn"), found.place <= found.n ? "drawn" : "not-drawn");
    else this.part("drawn").replaceChildren();
  }

  labelOf(label) {
    const row = [...this.root.querySelectorAll("[data-stratum]")].find((one) => one.dataset.stratum === label);
    return row ? row.querySelector("th").textContent : label;
  }
}
