// A second press while the first is under way sends nothing; the server would refuse it anyway.
export function oncePressed(page) {
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of page.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}
