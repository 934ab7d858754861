// The file beside the sheet: which page is in view, zoom, rotation, and the next pages fetched before they are turned to.
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];
const SHARP_FROM = 1.5;
const AHEAD = 2;

export class Reader {
  constructor(section) {
    this.section = section;
    this.scroll = section.querySelector("[data-scroll]");
    this.figures = [...section.querySelectorAll("figure[data-page]")];
    this.at = 1;
    this.zoom = ZOOMS.indexOf(1);
    this.turned = 0;
    section.querySelector("[data-tools]").hidden = false;
    for (const button of section.querySelectorAll("[data-turn]")) button.addEventListener("click", () => this.turn(Number(button.dataset.turn)));
    for (const button of section.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => this.magnify(Number(button.dataset.zoom)));
    section.querySelector("[data-rotate]").addEventListener("click", () => this.rotate());
    const field = section.querySelector("[data-at]");
    field.addEventListener("change", () => this.go(Number(field.value)));
    let waiting = false;
    this.scroll.addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; this.look(); });
    }, { passive: true });
    for (const figure of this.figures) figure.querySelector("img")?.addEventListener("load", () => this.laid(figure)); // a withheld page has none
    const asked = /^#p-(\d+)$/.exec(location.hash);
    if (asked) this.go(Number(asked[1]));
    this.look();
  }

  turn(by) { this.go(this.at + by); }

  go(page) {
    const figure = this.figures[page - 1];
    if (!figure) { this.show(); return; }
    this.scroll.scrollTop = figure.offsetTop - this.scroll.offsetTop;
    this.at = page;
    this.show();
  }

  // the page in view is the last one whose top has passed the upper third
  look() {
    const line = this.scroll.scrollTop + this.scroll.offsetTop + this.scroll.clientHeight / 3;
    let low = 0, high = this.figures.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.figures[middle].offsetTop <= line) low = middle; else high = middle - 1;
    }
    this.at = low + 1;
    this.show();
  }

  show() {
    const figure = this.figures[this.at - 1];
    this.section.querySelector("[data-at]").value = this.at;
    this.section.querySelector("[data-title]").textContent = figure.dataset.name;
    for (const link of document.querySelectorAll("[data-leaf]")) {
      if (link.dataset.leaf === figure.dataset.first) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
    for (const next of this.figures.slice(this.at - 1, this.at + AHEAD)) {
      const image = next.querySelector("img");
      if (image) image.loading = "eager";
    }
  }

  magnify(by) {
    this.zoom = Math.min(ZOOMS.length - 1, Math.max(0, this.zoom + by));
    const page = this.at, zoom = ZOOMS[this.zoom];
    this.scroll.style.setProperty("--qe-zoom", zoom);
    this.section.querySelector("[data-zoomed]").textContent = `${Math.round(zoom * 100)}%`;
    if (zoom >= SHARP_FROM) this.sharpen();
    for (const figure of this.figures) this.laid(figure);
    this.go(page);
  }

  sharpen() {
    const image = this.figures[this.at - 1].querySelector("img");
    if (image && !image.src.includes("sharp=")) image.src += "&sharp=1";
  }

  rotate() {
    this.turned = (this.turned + 90) % 360;
    const page = this.at;
    this.scroll.dataset.turned = this.turned;
    for (const figure of this.figures) this.laid(figure);
    this.go(page);
  }

  // a page on its side takes its width as height; without rotation the style sheet does it all
  laid(figure) {
    const image = figure.querySelector("img");
    if (!image) return;
    const aside = this.turned % 180 === 90;
    const wide = figure.clientWidth, ratio = image.naturalWidth ? image.naturalHeight / image.naturalWidth : 1754 / 1240;
    image.style.width = aside ? `${wide / ratio}px` : "";
    figure.style.height = aside ? `${wide / ratio}px` : "";
    image.style.transform = this.turned ? `rotate(${this.turned}deg)` : "";
    image.style.position = aside ? "absolute" : "";
    image.style.left = aside ? `${(wide - wide / ratio) / 2}px` : "";
    image.style.top = aside ? `${(wide / ratio - wide) / 2}px` : "";
  }
}
