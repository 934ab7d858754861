// What was typed and the server doesn't have yet, in this browser's own database: written at every keystroke,
// so that a killed browser loses none of it; deleted once the server has it, and all of it at sign-out.
const NAME = "qe-desk", TABLE = "unsent";
const KEPT_FOR = 7 * 24 * 3600 * 1000;
let opening;

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
  request.onblocked = () => resolve();
});

function open() {
  opening ||= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => {
      request.result.onversionchange = () => { request.result.close(); opening = undefined; };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function table(mode) {
  const store = (await open()).transaction(TABLE, mode).objectStore(TABLE);
  return store;
}

// false where the browser keeps nothing (switched off, full): the open page still holds everything
export async function keep(key, entry) {
  try {
    await done((await table("readwrite")).put({ ...entry, at: Date.now() }, key));
    return true;
  } catch {
    return false;
  }
}

export async function kept(key) {
  try {
    const entry = await done((await table("readonly")).get(key));
    return entry && Date.now() - entry.at < KEPT_FOR ? entry : null;
  } catch {
    return null;
  }
}

export async function forget(key) {
  try {
    await done((await table("readwrite")).delete(key));
  } catch {
    // nothing was kept
  }
}

async function wipe() {
  try {
    if (opening) (await opening).close();
    opening = undefined;
    await done(indexedDB.deleteDatabase(NAME));
  } catch {
    // there was none
  }
}

// everything goes before the sign-out is sent, whichever page it is pressed on
export function wipedAtSignOut(page) {
  for (const form of page.querySelectorAll('form[action$="/sign-out"]')) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const soon = new Promise((resolve) => setTimeout(resolve, 2000));
      Promise.race([wipe(), soon]).then(() => form.submit());
    });
  }
}
