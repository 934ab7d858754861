// One whole run, the same in a worker and in slices on the page.
import { verify } from "./checks.js";
import { sha256 } from "./sha256.js";

function hexOf(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The browser's own SHA-256 beside ours: null where it offers none, as on plain HTTP.
async function crossCheck(files) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  for (const file of files) {
    if (file && hexOf(await subtle.digest("SHA-256", file)) !== sha256(file)) return false;
  }
  return true;
}

export async function reckon({ certificateFile, frameFile, pause }) {
  const result = await verify({ certificateFile, frameFile, pause });
  const cross = await crossCheck([certificateFile, frameFile]);
  return { ...result, cross, ok: result.ok && cross !== false, failed: result.failed || cross === false };
}
