// The draw again, in the visitor's browser: the same checks and the same order as verifier.py. Files stay on the device.
import { replay } from "./modules/protocol.js";

function line(parent, name, words) {
  const element = document.createElement(name);
  element.textContent = words;
  parent.append(element);
  return element;
}

function show(answer, told) {
  answer.replaceChildren();
  const box = line(answer, "div", "");
  box.className = told.problems.length ? "alert alert-late" : "alert alert-done";
  line(box, "b", told.problems.length ? "Ce tirage n’est pas vérifié" : "Ce tirage est vérifié");
  if (told.problems.length) {
    const list = line(box, "ul", "");
    told.problems.forEach((words) => line(list, "li", words));
    return;
  }
  line(box, "p", `Billet ${told.ticket}, lot ${told.lot}, ${told.members.length} personnes.`);
  line(box, "p", told.members.join(" ")).className = "small";
  if (told.compared) line(box, "p", "C’est le résultat publié.");
}

async function published(address) {
  if (!address) return null;
  const answer = await fetch(address);
  return answer.ok ? answer.json() : null;
}

function listen(form) {
  form.hidden = false;
  const [files, balls, dice] = ["files", "balls", "dice"].map((name) => form.querySelector(`#replay-${name}`));
  const answer = form.querySelector("[data-assembly-replay-answer]");
  form.querySelector("[data-assembly-replay-run]").addEventListener("click", async () => {
    const contents = {};
    for (const file of files.files) contents[file.name] = new Uint8Array(await file.arrayBuffer());
    const result = await published(form.dataset.result).catch(() => null);
    show(answer, await replay(contents, balls.value, dice.value, result));
  });
}

if (window.crypto?.subtle) document.querySelectorAll("[data-assembly-replay]").forEach(listen);
