// A running job is asked for again every two seconds, its part replaced, until the answer no longer asks to be.
const EVERY = 2000;

async function fetched(address) {
  const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

export function refreshedParts(page) {
  const part = page.querySelector("[data-refresh]");
  if (!part) return;
  setTimeout(async () => {
    try {
      const fresh = (await fetched(part.dataset.refresh)).querySelector("[data-refresh]");
      if (!fresh) {
        location.reload();
        return;
      }
      const focused = part.contains(page.activeElement);
      part.replaceWith(fresh);
      if (focused) fresh.querySelector("button, a")?.focus();
    } catch {
      // no network or the server is away: ask again later
    }
    refreshedParts(page);
  }, EVERY);
}
