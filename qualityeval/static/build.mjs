// Builds static/dist: app-HASH.css, app-HASH.js and manifest.json, which the template function asset() reads.
// Only the parts of Bootstrap that our components use are kept (see static/bootstrap-parts.mjs).
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { keepParts } from "./bootstrap-parts.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "dist");
const TARGET = ["chrome87", "firefox78", "safari14"];
const ENTRIES = {
  "app.css": "src/css/app.css",
  "app.js": "src/js/app.js",
  "observe.js": "src/js/observe/page.js",
  "observe-worker.js": "src/js/observe/worker.js",
  "verify.js": "src/js/verify/page.js",
  "verify-worker.js": "src/js/verify/worker.js",
};

const bootstrap = {
  name: "bootstrap",
  setup(plugin) {
    const path = createRequire(import.meta.url).resolve("bootstrap/dist/css/bootstrap.css");
    plugin.onResolve({ filter: /^bootstrap$/ }, () => ({ path, namespace: "bootstrap" }));
    plugin.onLoad({ filter: /.*/, namespace: "bootstrap" }, () => ({
      contents: keepParts(readFileSync(path, "utf8")),
      loader: "css",
    }));
  },
};

async function bundled(entry) {
  const result = await build({
    entryPoints: [join(HERE, entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: "utf8",
    format: "iife",
    target: TARGET,
    supported: { destructuring: true }, // every target has it; esbuild counts an odd fault of Safari 14.0 against it
    legalComments: "none",
    plugins: [bootstrap],
  });
  return result.outputFiles[0].contents;
}

mkdirSync(DIST, { recursive: true });
const manifest = {};
for (const [name, entry] of Object.entries(ENTRIES)) {
  const contents = await bundled(entry);
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 12);
  const [stem, kind] = name.split(".");
  manifest[name] = `${stem}-${hash}.${kind}`;
  writeFileSync(join(DIST, manifest[name]), contents);
  console.log(`${manifest[name]}  ${(contents.length / 1024).toFixed(1)} kB`);
}
writeFileSync(join(DIST, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
const kept = new Set([...Object.values(manifest), "manifest.json"]);
for (const old of readdirSync(DIST)) if (!kept.has(old)) rmSync(join(DIST, old), { recursive: true });
