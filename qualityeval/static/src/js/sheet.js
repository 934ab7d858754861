// The scoring sheet: its total comes from the server's own arithmetic while one types, and the draft is kept.
const PAUSE = 800;

async function asked(form) {
  const answer = await fetch(form.dataset.sheet, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

export function runningTotals(page) {
  for (const form of page.querySelectorAll("form[data-sheet]")) {
    const place = form.querySelector("[data-total]");
    let timer;
    const refresh = async () => {
      try {
        place.textContent = (await asked(form)).text;
      } catch {
        // without the network the last total stays; the typed marks are still in the form
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(refresh, PAUSE);
    });
    if (!place.textContent.trim()) refresh();
  }
}
