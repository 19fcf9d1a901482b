// Replays the draw in the visitor's browser: the same checks in the same order as verifier.py. Files stay on the device.
import { replay } from "./modules/protocol.js";

function addLine(parent, name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  parent.append(element);
  return element;
}

function showOutcome(output, outcome) {
  output.replaceChildren();
  const box = addLine(output, "div", "");
  box.className = outcome.problems.length ? "alert alert-late" : "alert alert-done";
  addLine(box, "b", outcome.problems.length ? "Ce tirage n’est pas vérifié" : "Ce tirage est vérifié");
  if (outcome.problems.length) {
    const list = addLine(box, "ul", "");
    outcome.problems.forEach((text) => addLine(list, "li", text));
    return;
  }
  addLine(box, "p", `Billet ${outcome.ticket}, lot ${outcome.lot}, ${outcome.members.length} personnes.`);
  addLine(box, "p", outcome.members.join(" ")).className = "small";
  if (outcome.isPublished) addLine(box, "p", "C’est le résultat publié.");
}

async function fetchResult(address) {
  if (!address) return null;
  const response = await fetch(address);
  return response.ok ? response.json() : null;
}

function enableReplay(form) {
  form.hidden = false;
  const [files, balls, dice] = ["files", "balls", "dice"].map((name) => form.querySelector(`#replay-${name}`));
  const output = form.querySelector("[data-assembly-replay-answer]");
  form.querySelector("[data-assembly-replay-run]").addEventListener("click", async () => {
    const contents = {};
    for (const file of files.files) contents[file.name] = new Uint8Array(await file.arrayBuffer());
    const result = await fetchResult(form.dataset.result).catch(() => null);
    showOutcome(output, await replay(contents, balls.value, dice.value, result));
  });
}

if (window.crypto?.subtle) document.querySelectorAll("[data-assembly-replay]").forEach(enableReplay);
