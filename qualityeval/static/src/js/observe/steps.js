// One question a screen; questions that an earlier answer skips are passed over.
export function steps(form) {
  const all = [...form.querySelectorAll("[data-step]")];
  const [back, next, end] = ["back", "next", "end"].map((name) => form.querySelector(`[data-${name}]`));
  const place = form.querySelector("[data-place]");
  let at = all[0];

  const isSkipped = (step) => {
    if (!step.dataset.unless) return false;
    const [code, ...answers] = step.dataset.unless.split(" ");
    return answers.includes(form.elements[code].value);
  };
  const asked = () => all.filter((step) => !isSkipped(step));
  const show = (step, focus = true) => {
    at = step;
    const open = asked();
    const number = open.indexOf(at);
    for (const one of all) one.hidden = one !== at;
    back.hidden = number === 0;
    next.hidden = number === open.length - 1;
    end.hidden = !next.hidden;
    place.textContent = `${number + 1} / ${open.length}`;
    if (focus) at.querySelector("input, textarea").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  };
  const move = (by) => {
    const open = asked();
    show(open[Math.min(Math.max(open.indexOf(at) + by, 0), open.length - 1)]);
  };
  back.addEventListener("click", () => move(-1));
  next.addEventListener("click", () => move(1));
  form.addEventListener("change", () => show(at, false));
  show(at, false);
  return {
    to: (name) => {
      const found = all.find((step) => step.querySelector(`[name="${name}"]`));
      if (found) show(found);
    },
    firstOpen: () => {
      const open = asked();
      show(open.find((step) => step.dataset.needed && !form.elements[step.dataset.needed].value) || open[open.length - 1], false);
    },
  };
}
