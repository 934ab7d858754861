// A phone's picture has ten megabytes: make it small before it goes over a courthouse's network. Without this the server does it.
const WIDTH = 1600;
const QUALITY = 0.75;

export async function small(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, WIDTH / picture.width);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise(done => canvas.toBlob(done, "image/jpeg", QUALITY));
  return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
}

export function smallPhotos(root) {
  const field = root.querySelector("[data-photo] input[type=file]");
  field?.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file?.type.startsWith("image/")) return;
    try {
      const kept = new DataTransfer();
      kept.items.add(await small(file));
      field.files = kept.files;
    } catch {
      // a picture that this browser can't draw goes as it is
    }
  });
}
