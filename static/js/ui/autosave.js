// Forms of plain fields that save while the user types; sessions/rich_text.js handles those with a rich text box.
import { Autosave } from "./modules/autosave.js";

function enableAutosave(part) {
  for (const form of part.querySelectorAll("form[data-assembly-autosave]:not([data-assembly-rich])")) {
    for (const button of form.querySelectorAll("[data-assembly-plain]")) button.hidden = true;
    new Autosave(form);
  }
}

enableAutosave(document);
document.addEventListener("assembly:shown", (event) => enableAutosave(event.target));
