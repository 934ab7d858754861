// A caller's desk by keyboard: 1 to 5 choose the outcome, Ctrl+Enter hands the form in.
export function outcomeKeys(root) {
  const form = root.querySelector("[data-call]");
  const outcomes = form?.querySelectorAll("[data-outcomes] input");
  if (!outcomes?.length) return;
  root.addEventListener("keydown", event => {
    if (event.ctrlKey && event.key === "Enter") {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    const typing = event.target.closest?.("textarea, input:not([type=radio], [type=checkbox]), select");
    if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
    const place = Number(event.key);
    if (place >= 1 && place <= 5 && outcomes[place - 1]) {
      outcomes[place - 1].checked = true;
      outcomes[place - 1].focus();
    }
  });
}
