// The menu of narrow screens opens by its address (#menu); Escape closes it and returns to its button.
export function menuKeys(page) {
  const open = page.querySelector(".qe-menu-open");
  if (!open) return;
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && location.hash === "#menu") {
      location.hash = "#main";
      open.focus();
    }
  });
  window.addEventListener("hashchange", () => {
    if (location.hash === "#menu") page.querySelector("#menu a:not(.qe-menu-close)")?.focus();
  });
}
