// 显示 in a password field.
export function revealButtons(page) {
  for (const button of page.querySelectorAll("[data-reveal]")) {
    const field = page.getElementById(button.dataset.reveal);
    const show = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-controls", field.id);
    button.addEventListener("click", () => {
      const hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      button.textContent = hidden ? button.dataset.hide : show;
      button.setAttribute("aria-pressed", String(hidden));
    });
    field.form?.addEventListener("submit", () => { field.type = "password"; });
  }
}
