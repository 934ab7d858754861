// What was typed and not yet confirmed, by the record's address; in this browser only.
const PREFIX = "qe-record:";

export function stored(address) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + address));
  } catch {
    return null;
  }
}

export function store(address, record) {
  try {
    localStorage.setItem(PREFIX + address, JSON.stringify(record));
    return true;
  } catch {
    return false; // full or switched off: the open page still holds everything
  }
}

export function forget(address) {
  localStorage.removeItem(PREFIX + address);
}

export function values(form) {
  const typed = {};
  for (const [name, value] of new FormData(form)) if (name !== "csrf_token" && typeof value === "string") typed[name] = value;
  return typed;
}

export function fill(form, typed) {
  for (const control of form.elements) {
    if (!control.name || control.name === "csrf_token" || control.type === "file") continue;
    if (control.type === "radio") control.checked = typed[control.name] === control.value;
    else if (control.name in typed) control.value = typed[control.name];
  }
}
