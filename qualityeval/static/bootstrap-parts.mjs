// Bootstrap is 230 kB; our components use a sixth of it. Rules are kept by the classes they name, so what a
// page may use is this list, not what happened to stand in the templates when the bundle was built.
const SPACE = "(?:0|1|2|3|4|5|auto)";
const CLASSES = new RegExp(
  `^(?:${[
    "btn(?:-primary|-sm|-lg|-check)?",
    "form-(?:label|control|select|text|range|check(?:-input|-label|-inline)?)",
    "table(?:-hover|-responsive)?",
    "breadcrumb(?:-item)?|active|disabled|show",
    "d-(?:none|block|inline|inline-block)|text-(?:nowrap|break)",
    `m[tbse]-${SPACE}`,
    "visually-hidden(?:-focusable)?",
  ].join("|")})$`,
);

// Top-level blocks of a style sheet: [prelude, body] with the body still holding nested blocks.
function blocks(text) {
  const found = [];
  let depth = 0;
  let start = 0;
  let open = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === "{" && depth++ === 0) open = i;
    if (text[i] === "}" && --depth === 0) {
      found.push([text.slice(start, open).trim(), text.slice(open + 1, i)]);
      start = i + 1;
    }
  }
  return found;
}

function wanted(selector) {
  if (selector.includes("data-bs-theme=dark")) return false;
  const bare = selector.replace(/:not\([^)]*\)/g, "");
  return (bare.match(/\.[\w-]+/g) ?? []).every((name) => CLASSES.test(name.slice(1)));
}

// A list of selectors, split at the commas that stand outside brackets.
function selectors(prelude) {
  return prelude.split(/,(?![^(]*\))/).map((one) => one.trim());
}

function filtered(text) {
  const kept = [];
  for (const [prelude, body] of blocks(text)) {
    if (prelude.startsWith("@media") || prelude.startsWith("@supports")) {
      const inner = filtered(body);
      if (inner) kept.push(`${prelude}{${inner}}`);
    } else if (!prelude.startsWith("@")) {
      const left = selectors(prelude).filter(wanted);
      if (left.length) kept.push(`${left.join(",")}{${body}}`);
    }
  }
  return kept.join("\n");
}

// Custom properties that nothing left refers to are dropped; done until nothing changes.
function withoutUnread(text) {
  for (;;) {
    const read = new Set(text.match(/(?<=var\()--[\w-]+/g) ?? []);
    const next = text.replace(/(?<=[{;\s])(--bs-[\w-]+)\s*:[^;}]*;?/g, (all, name) => (read.has(name) ? all : ""));
    if (next === text) return next;
    text = next;
  }
}

export function keepParts(css) {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/@charset[^;]*;/, "");
  return withoutUnread(filtered(plain));
}
