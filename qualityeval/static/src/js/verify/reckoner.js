// Runs the verification in a worker, or in slices on the page where the browser starts none.
import { placeOf } from "./draw.js";
import { reckon } from "./reckon.js";

const LONGEST_SLICE = 24; // milliseconds

function inWorker(address, files, progress) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(address);
    let waiting = null;
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      worker.terminate();
      reject(new Error(event.message));
    });
    worker.addEventListener("message", ({ data }) => {
      if (data.progress) progress(data.progress);
      else if (data.fault) reject(new Error(data.fault));
      else if ("place" in data) waiting?.(data.place);
      else resolve({ result: data.result, find, end: () => worker.terminate() });
    });
    const find = (key) =>
      new Promise((answer) => {
        waiting = answer;
        worker.postMessage({ find: key });
      });
    worker.postMessage(files);
  });
}

async function inSlices(files, progress) {
  let since = performance.now();
  const pause = (step, done, of) => {
    if (performance.now() - since < LONGEST_SLICE) return undefined;
    if (of > 1) progress({ step, done, of });
    return new Promise((resume) => {
      setTimeout(() => {
        since = performance.now();
        resume();
      });
    });
  };
  const { ground, ...result } = await reckon({ ...files, pause });
  return { result, find: async (key) => ground && placeOf(key, ground), end: () => {} };
}

export async function reckoned(address, files, progress) {
  try {
    return await inWorker(address, files, progress);
  } catch {
    return inSlices(files, progress);
  }
}
