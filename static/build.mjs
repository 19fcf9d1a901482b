// Writes static/dist from the sources: fonts cut to French, icons, one sheet for the portal, one for the signed-in areas, one
// for pages printed by staff, one for the projection of a draw, and one bundle for each static/js/<app>/<feature>.js.
// Nothing built is committed.
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { nodeMarks } from "./node_marks.mjs";

const DIST = "static/dist";
const PORTAL_LIMIT = 15 * 1024;
const COEDITING = `${DIST}/js/collab/editor.js`;
const COEDITING_LIMIT = 200 * 1000;
const FRAME = ["fonts", "tokens", "base", "layout"];
const COMPONENTS = [
  "buttons", "states", "steps", "record", "lists", "forms", "messages", "thread", "ballot", "charts", "verify",
];
const AREA_COMPONENTS = ["bench", "room", "density", "places", "palette", "outline", "picker", "selection", "dialog", "dossier"];
// The icons that templates and menus name, and no other (tests/assembly/web/test_templates.py compares).
const ICONS = [
  "activity", "calendar-event", "chat-left-text", "check2-all",
  "check2-square", "chevron-left", "chevron-right", "door-open", "envelope", "file-text", "flag",
  "folder2-open", "gear", "house-door", "lightbulb", "list", "mic", "people", "person-check", "person-dash",
  "person-vcard", "pin-angle", "question-circle", "receipt",
  "search", "train-front",
];
const LAST = ["phone", "utilities", "print"];
const SHARED = new Set([...FRAME, ...LAST, "portal", "paper", "projection"]);

const sheet = (name) => `static/css/${name}.css`;
const component = (name) => sheet(`components/${name}`);
const appSheets = globSync("static/css/*.css").sort().filter((path) => !SHARED.has(basename(path, ".css")));
const frame = FRAME.map(sheet);
const last = LAST.map(sheet);
const SHEETS = {
  portal: [...frame, ...COMPONENTS.map(component), sheet("portal"), sheet("amendments"), sheet("web_version"), ...last],
  app: [...frame, ...[...COMPONENTS, ...AREA_COMPONENTS].map(component), sheet("portal"), ...appSheets, ...last],
  projection: [...frame, ...["buttons", "ballot", "room"].map(component), sheet("projection"), sheet("utilities")],
  print: [...frame, ...["buttons", "states", "record", "lists", "messages", "ballot"].map(component), sheet("amendments"), sheet("utilities"), sheet("paper")],
};

function runPython(module) {
  const python = process.env.PYTHON ?? (existsSync(".venv/bin/python") ? ".venv/bin/python" : "python3");
  execFileSync(python, ["-m", module], { stdio: "inherit" });
}

async function buildSheets() {
  mkdirSync(`${DIST}/css`, { recursive: true });
  for (const [name, paths] of Object.entries(SHEETS)) {
    const contents = paths.map((path) => `@import "./${path}";`).join("\n");
    const { outputFiles } = await build({
      stdin: { contents, loader: "css", resolveDir: "." },
      bundle: true, minify: true, write: false, target: ["chrome111", "firefox115", "safari16.4"], external: ["*.woff2"],
      logLevel: "warning",
    });
    const css = outputFiles[0].contents;
    writeFileSync(`${DIST}/css/${name}.css`, css);
    const size = gzipSync(css).length;
    console.log(`${name}.css ${css.length} bytes, ${size} gzip`);
    if (name === "portal" && size > PORTAL_LIMIT) throw new Error(`portal.css weighs ${size} bytes, limit ${PORTAL_LIMIT}`);
  }
}

async function buildScripts() {
  const entryPoints = globSync("static/js/*/*.js").sort();
  const { metafile } = await build({
    entryPoints, plugins: [nodeMarks], metafile: true, outdir: `${DIST}/js`, outbase: "static/js", bundle: true, minify: true, format: "esm", splitting: true,
    chunkNames: "shared/[name]-[hash]", target: ["chrome111", "firefox115", "safari16.4"], legalComments: "linked",
    logLevel: "warning",
  });
  console.log(`${entryPoints.length} scripts`);
  const size = gzipSize(metafile.outputs, COEDITING);
  console.log(`${COEDITING} and what it imports: ${size} gzip`);
  if (size > COEDITING_LIMIT) throw new Error(`the editor weighs ${size} bytes, limit ${COEDITING_LIMIT}`);
}

// One file with the icons of the signed-in areas, from Bootstrap Icons.
function buildSprite() {
  const symbols = ICONS.map((name) => {
    const drawing = readFileSync(`node_modules/bootstrap-icons/icons/${name}.svg`, "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    return `<symbol id="${name}" viewBox="0 0 16 16">${drawing.replace(/\n\s*/g, "")}</symbol>`;
  });
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  writeFileSync(`${DIST}/img/icons.svg`, sprite);
  console.log(`icons.svg ${symbols.length} icons, ${gzipSync(sprite).length} gzip`);
}

// Size of everything that one page fetches for this script: the file and every file that it imports, each compressed.
function gzipSize(outputs, entry) {
  const paths = new Set();
  const add = (path) => {
    if (paths.has(path)) return;
    paths.add(path);
    for (const { path: next } of outputs[path].imports) add(next);
  };
  add(entry);
  return [...paths].reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
}

rmSync(`${DIST}/js`, { recursive: true, force: true });
runPython("assembly.web.assets");
buildSprite();
await buildSheets();
await buildScripts();
