// The pictures of a record: made small, kept here, shown, sent one by one, deleted once the server has each.
import { dropPicture, keepPicture, waiting } from "./waiting.js";
import { small } from "./photo.js";

const HEIGHT = 144;

async function drawn(picture) {
  const canvas = document.createElement("canvas");
  try {
    const image = await createImageBitmap(picture);
    canvas.height = HEIGHT;
    canvas.width = Math.round((image.width * HEIGHT) / image.height);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  } catch {
    canvas.hidden = true; // no picture that this browser knows: the server will say so
  }
  return canvas;
}

export function pictures(form, say) {
  const address = form.dataset.record;
  const step = form.querySelector("[data-photos]");
  const field = step.querySelector("input[type=file]");
  const list = step.querySelector("[data-shown]");

  const show = async () => {
    const kept = await waiting(address).catch(() => []);
    const rows = await Promise.all(kept.map(async ({ id, picture }, place) => {
      const row = document.createElement("li");
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn btn-quiet btn-sm";
      remove.textContent = `${list.dataset.remove} ${place + 1}`;
      remove.addEventListener("click", () => dropPicture(id).then(show));
      row.append(await drawn(picture), remove);
      return row;
    }));
    list.replaceChildren(...rows);
    field.disabled = kept.length >= Number(list.dataset.most);
  };
  field.addEventListener("change", async () => {
    try {
      for (const file of field.files) await keepPicture(address, await small(file).catch(() => file));
      say("here");
      field.value = "";
    } catch {
      say("unkept");
    }
    await show();
  });
  show();
}

// Sends what waits; null when the server has everything, else its word about what it doesn't take.
export async function sendPictures(form) {
  const kept = await waiting(form.dataset.record).catch(() => []);
  if (!kept.length) return null;
  const address = form.dataset.pictures;
  const page = await fetch(address, { cache: "no-store" });
  const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector(`form[action="${address}"] [name=csrf_token]`);
  if (!token) return { state: "sign-in" };
  for (const { id, picture } of kept) {
    const body = new FormData();
    body.set("photo", picture, "photo.jpg");
    body.set("csrf_token", token.value);
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
    if (!(answer.headers.get("Content-Type") || "").includes("json")) return { state: "sign-in" };
    const told = await answer.json();
    if (told.state !== "kept") return { ...told, where: "photo" };
    await dropPicture(id);
  }
  return null;
}
