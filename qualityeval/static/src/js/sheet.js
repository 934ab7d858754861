// The scoring sheet: its total comes from the server's own arithmetic while one types, and the draft is kept.
const PAUSE = 300;
const AGAIN = 5000;

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

// true when the server has it, false when it can't be asked: then it is tried again
async function kept(form, place) {
  try {
    const answer = await sent(form, form.dataset.draft);
    place.textContent = answer.text;
    place.classList.toggle("qe-lost", !answer.version);
    if (answer.version) form.elements.version.value = answer.version;
    return true;
  } catch {
    place.textContent = place.dataset.lost;
    place.classList.add("qe-lost");
    return false;
  }
}

export function runningTotals(page) {
  for (const form of page.querySelectorAll("form[data-sheet]")) {
    const place = page.querySelector("[data-saved]");
    let timer, wanted = false;
    let busy = Promise.resolve();
    const work = async () => {
      if (!wanted) return;
      wanted = false;
      if (form.dataset.draft && !form.dataset.sent && !(await kept(form, place))) {
        wanted = true;
        timer = setTimeout(soon, AGAIN);
      }
      await totalled(form);
    };
    const soon = () => { busy = busy.then(work); return busy; };
    form.settled = () => { clearTimeout(timer); return soon(); };
    form.addEventListener("input", () => {
      wanted = true;
      clearTimeout(timer);
      timer = setTimeout(soon, PAUSE);
    });
    window.addEventListener("online", () => wanted && form.settled());
    form.addEventListener("submit", () => { clearTimeout(timer); wanted = false; });
    if (!form.querySelector("[data-total]").textContent.trim()) totalled(form);
  }
}
