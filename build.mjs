// Writes static/dist from the sources: fonts cut to French, one sheet for the portal, one for the rooms, one for
// pages printed by staff, and one bundle for each static/js/<app>/<feature>.js. Nothing built is committed.
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const DIST = "static/dist";
const PORTAL_LIMIT = 15 * 1024;
const FRAME = ["fonts", "tokens", "base", "layout"];
const COMPONENTS = [
  "buttons", "states", "steps", "record", "lists", "forms", "messages", "thread", "ballot", "charts", "verify",
];
const WORK = ["bench", "room"];
const LAST = ["phone", "utilities", "print"];
const SHARED = new Set([...FRAME, ...LAST, "portal", "paper"]);

const sheet = (name) => `static/css/${name}.css`;
const component = (name) => sheet(`components/${name}`);
const appSheets = globSync("static/css/*.css").sort().filter((path) => !SHARED.has(basename(path, ".css")));
const frame = FRAME.map(sheet);
const last = LAST.map(sheet);
const SHEETS = {
  portal: [...frame, ...COMPONENTS.map(component), sheet("portal"), ...last],
  app: [...frame, ...[...COMPONENTS, ...WORK].map(component), sheet("portal"), ...appSheets, ...last],
  print: [...frame, ...["buttons", "states", "record", "lists", "messages", "ballot"].map(component), sheet("utilities"), sheet("paper")],
};

function cutFonts() {
  const python = process.env.PYTHON ?? (existsSync(".venv/bin/python") ? ".venv/bin/python" : "python3");
  execFileSync(python, ["-m", "assembly.ui.fonts"], { stdio: "inherit" });
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
  await build({
    entryPoints, outdir: `${DIST}/js`, outbase: "static/js", bundle: true, minify: true, format: "esm", splitting: true,
    chunkNames: "shared/[name]-[hash]", target: ["chrome111", "firefox115", "safari16.4"], legalComments: "linked",
    logLevel: "warning",
  });
  console.log(`${entryPoints.length} scripts`);
}

rmSync(`${DIST}/js`, { recursive: true, force: true });
cutFonts();
await buildSheets();
await buildScripts();
