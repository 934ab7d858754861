// The draw itself: a ticket for each case, the smallest of each stratum drawn.
import { Sha256 } from "./sha256.js";
import { SEPARATOR, byBytes, nfc, utf8 } from "./text.js";

const SLICE = 2000;

function ordered(tickets, keys, members) {
  return members.sort((a, b) => {
    if (tickets[a] !== tickets[b]) return tickets[a] < tickets[b] ? -1 : 1;
    return byBytes(keys[a], keys[b]);
  });
}

// Every stratum's cases in the order of their tickets, as places in the frame's lists.
export async function drawOrder(frame, seed, pause) {
  const before = new Sha256().update(utf8([seed, "draw", ""].join(SEPARATOR)));
  const tickets = [];
  const orders = new Map();
  for (const [index, key] of frame.keys.entries()) {
    tickets.push(before.fork().update(utf8(nfc(key))).hex());
    const label = frame.labels[index];
    if (orders.has(label)) orders.get(label).push(index);
    else orders.set(label, [index]);
    if (index % SLICE === SLICE - 1) await pause("tickets", index + 1, frame.keys.length);
  }
  for (const members of orders.values()) {
    ordered(tickets, frame.keys, members);
    await pause("tickets", frame.keys.length, frame.keys.length);
  }
  return { tickets, orders };
}

// Where a case stands: its ticket, its place in its stratum and whether it was drawn; null where it isn't there.
export function placeOf(key, { frame, drawn, sizes }) {
  const exact = frame.keys.indexOf(nfc(key));
  const index = exact < 0 ? frame.keys.indexOf(nfc(key.trim())) : exact;
  if (index < 0) return null;
  const label = frame.labels[index];
  const place = drawn.orders.get(label).indexOf(index) + 1;
  const N = drawn.orders.get(label).length;
  return { key: frame.keys[index], label, ticket: drawn.tickets[index], place, n: sizes.get(label), N };
}
