// A file may be dropped anywhere on the area around a file field.
export function dropAreas(page) {
  for (const area of page.querySelectorAll("[data-drop]")) {
    const field = area.querySelector("input[type=file]");
    const over = (state) => (event) => {
      event.preventDefault();
      area.classList.toggle("over", state);
    };
    area.addEventListener("dragover", over(true));
    area.addEventListener("dragleave", over(false));
    area.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer.files.length) {
        field.files = event.dataTransfer.files;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
}
