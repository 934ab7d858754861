// Areas to paint over are dragged on the page; without script their sides are typed.
const share = (part, whole) => Math.min(100, Math.max(0, Math.round((1000 * part) / whole) / 10));

export function maskPages(page) {
  const figure = page.querySelector("[data-mask-page]");
  if (!figure) return;
  const image = figure.querySelector("img");
  image.draggable = false;
  let from = null, box = null;
  const at = (event) => {
    const place = image.getBoundingClientRect();
    return [share(event.clientX - place.left, place.width), share(event.clientY - place.top, place.height)];
  };
  const drawn = (to) => {
    const left = Math.min(from[0], to[0]), top = Math.min(from[1], to[1]);
    const sides = [left, top, Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
    const [x, y, w, h] = sides.map((side) => `${side}%`);
    Object.assign(box.style, { left: x, top: y, width: w, height: h });
    return sides;
  };
  image.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    from = at(event);
    box = document.createElement("div");
    box.className = "qe-mask-box";
    figure.append(box);
    image.setPointerCapture(event.pointerId);
  });
  image.addEventListener("pointermove", (event) => { if (from) drawn(at(event)); });
  image.addEventListener("pointerup", (event) => {
    if (!from) return;
    const sides = drawn(at(event));
    from = null;
    if (sides[2] < 0.5 || sides[3] < 0.5) { box.remove(); return; }
    kept(page, sides);
  });
}

// the sides go into the first empty line; the last line is copied when it is used up
function kept(page, sides) {
  const lines = [...page.querySelectorAll("[data-mask-line]")];
  let line = lines.find((one) => [...one.querySelectorAll("input")].every((input) => !input.value.trim()));
  if (!line) {
    const last = lines[lines.length - 1], number = lines.length + 1;
    line = last.cloneNode(true);
    line.querySelector("th").textContent = number;
    for (const input of line.querySelectorAll("input")) input.id = `${input.name}-${number}`;
    for (const label of line.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(/\d+$/, number);
    last.after(line);
  }
  line.querySelectorAll("input").forEach((input, index) => { input.value = sides[index]; });
}
