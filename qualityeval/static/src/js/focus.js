// The error summary is read first: it takes the focus when the page opens, and its links lead into the field.
export function firstFocus(page) {
  const summary = page.querySelector("[data-focus]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const place = link && page.getElementById(link.hash.slice(1));
    const field = place && (place.matches("input,select,textarea") ? place : place.querySelector("input,select,textarea"));
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
}
