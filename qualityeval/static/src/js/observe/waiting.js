// Pictures that the server hasn't confirmed yet, by the record's address; in this browser only. They are too big for
// the store that keeps the answers.
const BASE = "qe-observations";
const PICTURES = "pictures";

function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(BASE, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(PICTURES, { keyPath: "id", autoIncrement: true }).createIndex("record", "record");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function inStore(mode, work) {
  const base = await opened();
  try {
    return await new Promise((done, failed) => {
      const change = base.transaction(PICTURES, mode);
      const asked = work(change.objectStore(PICTURES));
      change.oncomplete = () => done(asked.result);
      change.onabort = () => failed(change.error);
    });
  } finally {
    base.close();
  }
}

export const waiting = (record) => inStore("readonly", (store) => store.index("record").getAll(record));
export const keepPicture = (record, picture) => inStore("readwrite", (store) => store.add({ record, picture }));
export const dropPicture = (id) => inStore("readwrite", (store) => store.delete(id));
