// The bytes on which all programs agree: NFC, U+001F between fields, order by UTF-8 bytes.
import { sha256 } from "./sha256.js";

const encoder = new TextEncoder();
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const ASCII = /^[\u0000-\u007f]*$/;
const HEX64 = /^[0-9a-f]{64}$/;
export const SEPARATOR = "\u001f";

// A check that failed: a code that the page has a sentence for, and what to put into it.
export class Wrong extends Error {
  constructor(code, params = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

export function utf8(text) {
  return encoder.encode(text);
}

// throws a TypeError where the bytes are no UTF-8; a byte order mark stays what it is
export function fromUtf8(bytes) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

export function nfc(text) {
  return ASCII.test(text) ? text : text.normalize("NFC");
}

export function hasControl(text) {
  return CONTROL.test(text);
}

export function hasHalfCharacter(text) {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(at + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return true;
    at += 1;
  }
  return false;
}

export function isDigest(value) {
  return typeof value === "string" && HEX64.test(value);
}

export function joinedHash(...fields) {
  return sha256(utf8(fields.map((field) => nfc(String(field))).join(SEPARATOR)));
}

// UTF-16 puts characters beyond U+FFFF before U+E000; their UTF-8 bytes come after U+FFFF.
function rank(unit) {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

export function byBytes(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const a = one.charCodeAt(at);
    const b = other.charCodeAt(at);
    if (a !== b) return rank(a) - rank(b);
  }
  return one.length - other.length;
}
