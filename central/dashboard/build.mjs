// Builds the page from src/ into dist/ (or into the folder given with --out). The same sources and
// the same package-lock.json give the same bytes, on every machine: check_build.sh compares them.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const outFlag = process.argv.indexOf("--out");
const out = outFlag > 0 ? process.argv[outFlag + 1] : join(root, "dist");

/** The packages in the bundle; their licences go with it. */
const bundled = ["@preact/signals", "@preact/signals-core", "preact", "uplot"];

/** Eight letters of the content's hash: the name changes exactly when the bytes do. */
function hashed(stem, extension, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  return `${stem}-${hash}.${extension}`;
}

async function bundle(entry, define = {}) {
  const result = await build({
    entryPoints: [join(root, "src", entry)],
    absWorkingDir: root,
    outdir: "unused",
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: ["es2022", "chrome123", "firefox120", "safari17.5"],
    jsx: "automatic",
    jsxImportSource: "preact",
    charset: "utf8",
    legalComments: "none",
    define,
    logLevel: "warning",
  });
  return (extension) => result.outputFiles.find((file) => file.path.endsWith(extension)).contents;
}

function licences() {
  const parts = bundled.map((name) => {
    const folder = join(root, "node_modules", name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const text = readFileSync(join(folder, "LICENSE"), "utf8").replaceAll("\r\n", "\n").trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  return `This page contains the following libraries.\n\n${parts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

const files = new Map();

const worker = (await bundle("api/stream_worker.ts"))(".js");
const workerName = hashed("stream", "js", worker);
files.set(workerName, worker);

const page = await bundle("main.tsx", { STREAM_WORKER_PATH: JSON.stringify(`/${workerName}`) });
const script = page(".js");
const style = page(".css");
const scriptName = hashed("app", "js", script);
const styleName = hashed("app", "css", style);
files.set(scriptName, script);
files.set(styleName, style);

const html = readFileSync(join(root, "src/index.html"), "utf8")
  .replace("{{script}}", `/${scriptName}`)
  .replace("{{style}}", `/${styleName}`);
files.set("index.html", html);
files.set("licences.txt", licences());

mkdirSync(out, { recursive: true });
for (const old of readdirSync(out)) rmSync(join(out, old));
for (const [name, content] of files) writeFileSync(join(out, name), content);
