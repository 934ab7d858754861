// Keeps the open record's page and what it is built from, so that it opens in a court without a network.
// The network comes first, always; what is kept is only an answer where there is none.
const KEPT = "observations";

async function keep(addresses) {
  const store = await caches.open(KEPT);
  for (const address of addresses) {
    const answer = await fetch(address, { cache: "no-store" });
    if (answer.ok && !answer.redirected) await store.put(address, answer);
  }
}

async function drop(address) {
  const store = await caches.open(KEPT);
  await store.delete(address, { ignoreVary: true });
}

async function answered(request) {
  try {
    return await fetch(request);
  } catch (fault) {
    const kept = await caches.match(request.url, { ignoreVary: true, ignoreSearch: true });
    if (kept) return kept;
    throw fault;
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keep(event.data.keep).then(() => event.ports[0].postMessage("kept")));
  if (event.data.drop) event.waitUntil(drop(event.data.drop));
});
self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answered(event.request));
});
