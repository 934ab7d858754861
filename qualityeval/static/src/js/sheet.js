// The scoring sheet: its total comes from the server's own arithmetic while one types, and the draft is kept.
const PAUSE = 800;

async function sent(form, address) {
  const answer = await fetch(address, { method: "POST", body: new FormData(form) });
  const told = (answer.headers.get("Content-Type") || "").includes("json");
  if (!told) throw new Error(answer.statusText);
  return answer.json();
}

async function totalled(form) {
  try {
    form.querySelector("[data-total]").textContent = (await sent(form, form.dataset.sheet)).text;
  } catch {
    // without the network the last total stays; the typed marks are still in the form
  }
}

async function kept(form) {
  const place = form.querySelector("[data-saved]");
  try {
    const answer = await sent(form, form.dataset.draft);
    place.textContent = answer.text;
    if (answer.version) form.elements.version.value = answer.version;
    return answer.version;
  } catch {
    place.textContent = place.dataset.lost;
    return null;
  }
}

export function runningTotals(page) {
  for (const form of page.querySelectorAll("form[data-sheet]")) {
    let timer;
    let busy = Promise.resolve();
    const work = async () => {
      await totalled(form);
      if (form.dataset.draft && !form.dataset.sent) await kept(form);
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => { busy = busy.then(work); }, PAUSE);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
    if (!form.querySelector("[data-total]").textContent.trim()) totalled(form);
  }
}
