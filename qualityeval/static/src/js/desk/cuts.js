// Deductions of an item: ready phrases, page pins, a fresh line when the last one is used, the points left.
const FIELDS = ["cut-", "cut-why-", "cut-page-"];

const fieldsOf = (cut) => FIELDS.map((start) => cut.querySelector(`input[name^="${start}"]`));
const isBlank = (cut) => [...cut.querySelectorAll("input")].every((input) => !input.value.trim());
const hundredths = (text) => (/^\d{1,3}(\.\d{1,2})?$/.test(text.trim()) ? Math.round(Number(text) * 100) : NaN);
const shown = (points) => String(points / 100);

function blank(box) {
  const cuts = [...box.querySelectorAll("[data-cut]")];
  const last = cuts[cuts.length - 1];
  if (isBlank(last)) return last;
  const fresh = last.cloneNode(true);
  for (const input of fresh.querySelectorAll("input")) input.value = "";
  fresh.querySelector("[data-pins]").textContent = "";
  last.after(fresh);
  return fresh;
}

// what is left of the item stands as its mark; the mark itself is then the deductions', not typed
function reckon(box) {
  const item = box.closest(".qe-item"), mark = item.querySelector('input[name^="mark-"]');
  const cuts = [...box.querySelectorAll("[data-cut]")].filter((cut) => !isBlank(cut));
  let off = 0;
  for (const cut of cuts) off += hundredths(fieldsOf(cut)[0].value) || 0;
  if (cuts.length) {
    mark.value = "";
    mark.placeholder = shown(hundredths(mark.dataset.most) - off);
  } else mark.placeholder = "";
  mark.readOnly = cuts.length > 0;
  for (const cut of box.querySelectorAll("[data-cut]")) {
    cut.querySelector("[data-cut-drop]").hidden = isBlank(cut);
    cut.classList.toggle("blank", isBlank(cut));
  }
  pinned(box);
}

function pinned(box) {
  for (const cut of box.querySelectorAll("[data-cut]")) {
    const place = cut.querySelector("[data-pins]");
    place.textContent = "";
    for (const page of fieldsOf(cut)[2].value.match(/\d+/g) || []) {
      if (!document.getElementById(`p-${page}`)) continue;
      const link = document.createElement("a");
      link.href = `#p-${page}`;
      link.className = "qe-pin";
      link.textContent = `→ ${page}`;
      place.append(link);
    }
  }
}

export const changed = (form) => form.dispatchEvent(new Event("input", { bubbles: true }));

export function cutsOf(form) {
  for (const box of form.querySelectorAll("[data-cuts]")) {
    const phrases = box.querySelector("[data-phrases]");
    if (phrases) phrases.hidden = false;
    reckon(box);
    box.addEventListener("input", () => { blank(box); reckon(box); });
  }
}

// a ready phrase with its points, and the page that is in view
export function phrase(button, reader) {
  const box = button.closest("[data-cuts]");
  const [points, why, page] = fieldsOf(blank(box));
  points.value = button.dataset.points;
  why.value = button.dataset.phrase;
  if (reader) page.value = reader.at;
  blank(box);
  reckon(box);
  changed(box.closest("form"));
  points.focus();
}

// the reasons of an item's deductions
export const reasons = (item) => [...item.querySelectorAll("[data-cut]")].filter((cut) => !isBlank(cut)).map((cut) => fieldsOf(cut)[1].value);

// deductions that aren't there yet join the item's
export function add(item, lines) {
  const box = item.querySelector("[data-cuts]");
  for (const [off, said] of lines.filter(([, text]) => !reasons(item).includes(text))) {
    const [points, why] = fieldsOf(blank(box));
    points.value = off;
    why.value = said;
  }
  box.open = true;
  blank(box);
  reckon(box);
}

export function drop(button) {
  const cut = button.closest("[data-cut]"), box = cut.closest("[data-cuts]"), form = cut.closest("form");
  cut.remove();
  blank(box);
  reckon(box);
  changed(form);
}

// the page in view joins the item's last deduction, or the item itself where nothing was taken off
export function pin(item, page) {
  const box = item.querySelector("[data-cuts]");
  const used = box ? [...box.querySelectorAll("[data-cut]")].filter((cut) => !isBlank(cut)) : [];
  const field = used.length ? fieldsOf(used[used.length - 1])[2] : item.querySelector('input[name^="page-"]');
  if (!field) return;
  const pages = field.value.match(/\d+/g) || [];
  if (!pages.includes(String(page))) field.value = [...pages, page].join("、");
  if (box) reckon(box);
  changed(field.form);
}

// the form's fields in their order, without what belongs to the page alone
export function typed(form) {
  return [...new FormData(form)].filter(([name]) => !["csrf_token", "version", "do"].includes(name)).map(([name, value]) => [name, String(value)]);
}

// a form filled with fields that `typed` gave, deductions line by line
export function restore(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) || []), value]);
  for (const control of form.elements) {
    if (!control.name || /^cut-/.test(control.name) || ["csrf_token", "version", "do"].includes(control.name)) continue;
    const told = values.get(control.name) || [];
    if (/^(checkbox|radio)$/.test(control.type)) control.checked = told.includes(control.value);
    else if (control.type !== "hidden" || told.length) control.value = told[0] || "";
  }
  for (const box of form.querySelectorAll("[data-cuts]")) {
    const names = fieldsOf(box.querySelector("[data-cut]")).map((input) => input.name);
    const lines = Math.max(...names.map((name) => (values.get(name) || []).length));
    for (let at = 0; at < lines; at += 1) {
      const cuts = [...box.querySelectorAll("[data-cut]")];
      const cut = cuts[at] || cuts[cuts.length - 1].cloneNode(true);
      if (!cuts[at]) cuts[cuts.length - 1].after(cut);
      fieldsOf(cut).forEach((input, place) => { input.value = (values.get(names[place]) || [])[at] || ""; });
    }
    if (lines > 1) box.open = true;
    blank(box);
    reckon(box);
  }
}
