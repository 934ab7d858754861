// The planner: each turn of a knob asks the server for the same page and takes its figures over; a slider moves its number.
const PAUSE = 250;

function takeOver(page, fresh) {
  const { id, selectionStart, selectionEnd, value } = page.activeElement ?? {};
  for (const part of page.querySelectorAll("[data-plan-part]")) {
    const other = fresh.getElementById(part.id);
    if (other) part.replaceWith(page.importNode(other, true));
  }
  const field = id && page.getElementById(id);
  if (!field || field === page.activeElement) return;
  if (field.name) field.value = value; // typed on while the answer was on its way
  field.focus();
  if (selectionStart != null) field.setSelectionRange(selectionStart, selectionEnd);
}

export function planner(page) {
  const form = page.querySelector("[data-replan]");
  if (!form) return;
  let waiting;
  let asked = 0;

  async function replan() {
    const turn = ++asked;
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (turn !== asked) return;
      takeOver(page, fresh);
      history.replaceState(null, "", address);
    } catch {
      // no network: the figures stay, the button still asks
    } finally {
      form.removeAttribute("aria-busy");
    }
  }

  for (const slider of form.querySelectorAll("[data-turns]")) {
    const field = page.getElementById(slider.dataset.turns);
    slider.hidden = false;
    slider.addEventListener("input", () => {
      field.value = slider.value;
    });
    field.addEventListener("input", () => {
      slider.value = field.value;
    });
  }
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(replan, PAUSE);
  });
}
