// A table that fits needs no stop of the Tab key; one that scrolls sideways keeps it.
export function scrollStops(page) {
  const judge = () => {
    for (const box of page.querySelectorAll(".qe-scroll")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  judge();
  window.addEventListener("resize", judge);
}
