// The frame file: `case_key,stratum`, quoted only where needed, by the UTF-8 bytes of the key.
import { sha256 } from "./sha256.js";
import { Wrong, byBytes, fromUtf8, hasControl, nfc, utf8 } from "./text.js";

const HEADER = "case_key,stratum";
const LINE = /^(?:"((?:[^"]|"")*)"|([^",]*)),(?:"((?:[^"]|"")*)"|([^",]*))$/;
const SLICE = 4000;

function unquoted(quoted, plain) {
  return quoted === undefined ? plain : quoted.replace(/""/g, '"');
}

function written(cell) {
  return /[",]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}

function rowOf(line, number) {
  const found = LINE.exec(line);
  if (!found || hasControl(line)) throw new Wrong("frame.line", { line: number });
  const key = unquoted(found[1], found[2]);
  const label = unquoted(found[3], found[4]);
  if (!key || !label) throw new Wrong("frame.line", { line: number });
  if (`${written(key)},${written(label)}` !== line || nfc(line) !== line) {
    throw new Wrong("frame.form", { line: number });
  }
  return [key, label];
}

function linesOf(bytes) {
  let text;
  try {
    text = fromUtf8(bytes);
  } catch {
    throw new Wrong("frame.encoding");
  }
  const lines = text.split("\n");
  if (lines[0] !== HEADER) throw new Wrong("frame.header");
  if (lines.pop() !== "") throw new Wrong("frame.cut");
  if (lines.length < 2) throw new Wrong("frame.empty");
  return lines.slice(1);
}

// The rows in the order of the file that was digested, whatever order they came in.
export async function readFrame(bytes, pause) {
  const lines = linesOf(bytes);
  const keys = [];
  const labels = [];
  for (const [index, line] of lines.entries()) {
    const [key, label] = rowOf(line, index + 2);
    keys.push(key);
    labels.push(label);
    if (index % SLICE === SLICE - 1) await pause("frame", index + 1, lines.length);
  }
  const inOrder = keys.every((key, index) => !index || byBytes(keys[index - 1], key) < 0);
  if (inOrder) return { keys, labels, inOrder, digest: sha256(bytes) };
  const order = keys.map((_, index) => index).sort((a, b) => byBytes(keys[a], keys[b]));
  for (let at = 1; at < order.length; at += 1) {
    if (keys[order[at - 1]] === keys[order[at]]) throw new Wrong("frame.twice", { key: keys[order[at]] });
  }
  const content = [HEADER, ...order.map((index) => lines[index]), ""].join("\n");
  return {
    keys: order.map((index) => keys[index]),
    labels: order.map((index) => labels[index]),
    inOrder,
    digest: sha256(utf8(content)),
  };
}
