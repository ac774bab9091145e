// Builds the front end into src/motrice/web/static/web/dist/: one style sheet without the rules no template uses,
// one script with lazy chunks, and one sprite of the icons that templates name. Skips when nothing changed.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "src", "motrice");
const dist = join(source, "web", "static", "web", "dist");
const staging = `${dist}.new`;
const stamp = join(dist, "build.json");

function filesUnder(folder, wanted, skip = () => false) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skip(path) ? [] : filesUnder(path, wanted, skip);
    return wanted(path) ? [path] : [];
  });
}

// What decides the output: our sources, every template and module (they name classes and icons), and the lock file.
function inputs() {
  const skip = (path) => path === dist || path === staging || /node_modules|__pycache__|\/migrations$|\/locale$/.test(path);
  const content = filesUnder(source, (path) => /\.(html|py)$/.test(path), skip);
  const own = filesUnder(join(root, "frontend"), (path) => /\.(mjs|js|css|svg)$/.test(path));
  return { content: content.sort(), all: [...content, ...own, join(root, "package-lock.json")].sort() };
}

function fingerprint(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(relative(root, path)).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

// {% icon "bell" %} in templates, icon="bell" or icon: "bell" in modules and scripts: an unknown name stops the build.
function usedIcons(paths) {
  const names = new Map();
  const patterns = [/\{%\s*icon(?:_url)?\s+["']([a-z0-9-]+)["']/g, /\bicon\s*[=:]\s*["']([a-z0-9-]+)["']/g];
  for (const path of paths) {
    const text = readFileSync(path, "utf8");
    for (const pattern of patterns) for (const match of text.matchAll(pattern)) names.set(match[1], path);
  }
  return names;
}

function sprite(names) {
  const folder = join(root, "node_modules", "@tabler", "icons", "icons", "outline");
  const symbols = [];
  for (const [name, path] of [...names].sort()) {
    const ours = join(root, "frontend", "icons", `${name}.svg`);
    const file = existsSync(ours) ? ours : join(folder, `${name}.svg`);
    if (!existsSync(file)) throw new Error(`${relative(root, path)} names the icon "${name}", which Tabler does not have.`);
    const body = readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/g, "").replace(/<\/?svg[^>]*>/g, "").replace(/\s+/g, " ").trim();
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" `
      + `stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
}

// Tag names, attribute names and values, and the words of class attributes: prose and identifiers name no style.
function namedInMarkup(text) {
  const classes = [...text.matchAll(/class(?:Name)?\s*=\s*\\?["']([^"']*)/g)].flatMap((match) => match[1].match(/[A-Za-z0-9_-]+/g) ?? []);
  const tags = [...text.matchAll(/<([a-z][a-z0-9]*)/g)].map((match) => match[1]);
  const attributes = [...text.matchAll(/\s([a-z-]+)=["']?([a-z-]*)/g)].flatMap((match) => [match[1], match[2]]);
  return [...classes, ...tags, ...attributes, "html", "body", "radio", "checkbox", "hover", "focus", "disabled", "checked", "required"];
}

async function styles(content) {
  const tabler = readFileSync(join(root, "node_modules", "@tabler", "core", "dist", "css", "tabler.css"), "utf8");
  const scripts = filesUnder(join(root, "frontend", "js"), (path) => path.endsWith(".js"));
  const [purged] = await new PurgeCSS().purge({
    css: [{ raw: tabler }],
    content: [...content, ...scripts],
    safelist: { standard: ["data-bs-theme", "is-invalid", "is-valid"], greedy: [/htmx-/] },
    variables: true,
    keyframes: true,
    defaultExtractor: namedInMarkup,
  });
  writeFileSync(join(staging, "tabler.css"), purged.css);
  const result = await esbuild.build({
    entryPoints: [join(root, "frontend", "css", "motrice.css")],
    bundle: true,
    minify: true,
    outdir: staging,
    alias: { "motrice-tabler": join(staging, "tabler.css") },
    loader: { ".woff2": "file" },
    assetNames: "[name]",
    logLevel: "warning",
  });
  rmSync(join(staging, "tabler.css"));
  return result;
}

// What is set on paper reads fonts as files, which the web's own format is not.
function fonts() {
  const folder = join(root, "node_modules", "@expo-google-fonts", "inter");
  mkdirSync(join(staging, "fonts"));
  for (const weight of ["400Regular", "600SemiBold"]) {
    copyFileSync(join(folder, weight, `Inter_${weight}.ttf`), join(staging, "fonts", `inter-${weight}.ttf`));
  }
  copyFileSync(join(folder, "LICENSE_FONT"), join(staging, "fonts", "LICENSE"));
}

function scripts() {
  return esbuild.build({
    entryPoints: [join(root, "frontend", "js", "motrice.js")],
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    target: "es2022",
    outdir: staging,
    chunkNames: "[name]-[hash]",
    legalComments: "none",
    logLevel: "warning",
  });
}

async function build() {
  const { content, all } = inputs();
  const print = fingerprint(all);
  if (existsSync(stamp) && JSON.parse(readFileSync(stamp, "utf8")).fingerprint === print) {
    console.log("The front end is up to date.");
    return;
  }
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  const names = usedIcons([...content, ...filesUnder(join(root, "frontend", "js"), (path) => path.endsWith(".js"))]);
  writeFileSync(join(staging, "icons.svg"), sprite(names));
  fonts();
  await Promise.all([styles(content), scripts()]);
  writeFileSync(join(staging, "build.json"), `${JSON.stringify({ fingerprint: print })}\n`);
  rmSync(dist, { recursive: true, force: true });
  renameSync(staging, dist);
  for (const name of readdirSync(dist).sort()) console.log(`${String(statSync(join(dist, name)).size).padStart(9)}  ${name}`);
}

await build();
