// Bundles the editor without a page as the site is bundled: `node bundle.mjs <esm or iife> <where>`.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { nodeMarks } from "../../../../static/node_marks.mjs";

const [, , format, outfile] = process.argv;
await build({
  entryPoints: [fileURLToPath(new URL("editor.js", import.meta.url))], outfile, format, bundle: true, plugins: [nodeMarks],
  globalName: "editor", logLevel: "error",
});
