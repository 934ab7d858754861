// 复制 beside a digest. The clipboard interface needs https; on a plain intranet the older command does it.
function copiedOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedOldWay(text);
  }
}

export function copyButtons(page) {
  for (const button of page.querySelectorAll("[data-copy]")) {
    const label = button.querySelector("span");
    const words = label.textContent;
    button.hidden = false;
    label.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      if (!(await copied(button.dataset.copy))) return;
      button.focus();
      label.textContent = button.dataset.done;
      setTimeout(() => { label.textContent = words; }, 2000);
    });
  }
}
