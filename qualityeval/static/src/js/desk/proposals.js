// What the process checks propose for an item: one press takes it over, nothing is taken over by itself.
import { add, changed, reasons } from "./cuts.js";

const cutsOf = (button) => JSON.parse(button.dataset.off);

// full marks are taken when they stand there, deductions when all of them do; a deduction speaks against full marks
function stands(button) {
  const item = button.closest(".qe-item"), said = reasons(item), cuts = cutsOf(button);
  if (cuts.length) return cuts.every(([, text]) => said.includes(text));
  return said.length > 0 || item.querySelector('[name^="mark-"]').value.trim() === button.dataset.points;
}

function shown(form) {
  for (const button of form.querySelectorAll("[data-adopt]")) {
    button.hidden = stands(button);
    button.closest("[data-proposed]").classList.toggle("taken", button.hidden);
  }
}

export function adopt(button) {
  const item = button.closest(".qe-item"), cuts = cutsOf(button), why = item.querySelector('[name^="reason-"]');
  const na = item.querySelector('[name^="na-"]');
  if (na) na.checked = false;
  if (cuts.length) add(item, cuts);
  else item.querySelector('[name^="mark-"]').value = button.dataset.points;
  if (!why.value) why.value = button.dataset.why;
  changed(button.form);
}

export function proposalsOf(form) {
  form.addEventListener("input", () => shown(form));
  shown(form);
}
