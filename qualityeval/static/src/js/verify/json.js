// JSON with nothing lost: a key that stands twice is refused, 1.0 isn't 1, and keys keep their order.
import { byBytes, hasHalfCharacter } from "./text.js";

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const DEEPEST = 100;

// a number with a point or an exponent: nothing that we write holds one
export class Fraction {
  constructor(text) {
    this.text = text;
  }
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) throw new SyntaxError(`at ${this.at}`);
    this.at += found[0].length;
    return found;
  }

  next() {
    this.take(SPACE);
    return this.text[this.at];
  }

  eat(sign) {
    if (this.next() !== sign) throw new SyntaxError(`at ${this.at}: no ${sign}`);
    this.at += 1;
  }

  value(depth) {
    if (depth > DEEPEST) throw new SyntaxError("nested too deep");
    const sign = this.next();
    if (sign === "{") return this.object(depth);
    if (sign === "[") return this.list(depth);
    if (sign === '"') return this.string();
    for (const [word, meaning] of [["true", true], ["false", false], ["null", null]]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return meaning;
      }
    }
    return this.number();
  }

  string() {
    const text = JSON.parse(this.take(STRING)[0]);
    if (hasHalfCharacter(text)) throw new SyntaxError("half a character");
    return text;
  }

  number() {
    const [text, point, power] = this.take(NUMBER);
    if (point || power) return new Fraction(text);
    return Number.isSafeInteger(Number(text)) && text !== "-0" ? Number(text) : new Fraction(text);
  }

  list(depth) {
    const found = [];
    this.eat("[");
    if (this.next() !== "]") {
      do found.push(this.value(depth + 1));
      while (this.comma("]"));
    }
    this.eat("]");
    return found;
  }

  object(depth) {
    const found = new Map();
    this.eat("{");
    if (this.next() !== "}") {
      do {
        this.next();
        const key = this.string();
        if (found.has(key)) throw new SyntaxError(`${key} stands twice`);
        this.eat(":");
        found.set(key, this.value(depth + 1));
      } while (this.comma("}"));
    }
    this.eat("}");
    return found;
  }

  comma(end) {
    if (this.next() === end) return false;
    this.eat(",");
    return true;
  }
}

export function readJson(text) {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.next();
  if (reader.at !== text.length) throw new SyntaxError("more than one value");
  return value;
}

function written(text, ascii) {
  const plain = JSON.stringify(text);
  if (!ascii) return plain;
  return plain.replace(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// One way of writing: { ascii, sort, indent (a text or null), item, key }, as Python's json.dumps names them.
export function writeJson(value, way, depth = 0) {
  if (value instanceof Fraction) return value.text;
  if (typeof value === "string") return written(value, way.ascii);
  if (!(value instanceof Map) && !Array.isArray(value)) return String(value);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const inner = (one) => writeJson(one, way, depth + 1);
  let parts;
  if (Array.isArray(value)) parts = value.map(inner);
  else {
    const keys = [...value.keys()];
    if (way.sort) keys.sort(byBytes);
    parts = keys.map((key) => written(key, way.ascii) + way.key + inner(value.get(key)));
  }
  if (way.indent === null || !parts.length) return open + parts.join(way.item) + close;
  const line = `\n${way.indent.repeat(depth + 1)}`;
  return open + line + parts.join(`,${line}`) + `\n${way.indent.repeat(depth)}` + close;
}

export const CANONICAL = { ascii: false, sort: true, indent: null, item: ",", key: ":" };

// Whether a program would have written the value so; another spacing means that a byte was changed.
export function isUsualWriting(text, value) {
  const plain = text.endsWith("\n") ? text.slice(0, -1) : text;
  const layouts = [
    { indent: null, item: ",", key: ":" },
    { indent: null, item: ", ", key: ": " },
    ...[" ", "  ", "   ", "    ", "\t"].map((indent) => ({ indent, item: ",", key: ": " })),
  ];
  return layouts.some((layout) =>
    [false, true].some((ascii) =>
      [true, false].some((sort) => writeJson(value, { ...layout, ascii, sort }) === plain),
    ),
  );
}

export function holdsFraction(value) {
  if (value instanceof Fraction) return true;
  if (value instanceof Map) return [...value.values()].some(holdsFraction);
  return Array.isArray(value) && value.some(holdsFraction);
}
