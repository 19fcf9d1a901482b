// Forms of plain boxes that save as one types; those with a rich text box are wired by sessions/rich_text.js.
import { Autosave } from "./modules/autosave.js";

function wire(part) {
  for (const form of part.querySelectorAll("form[data-assembly-autosave]:not([data-assembly-rich])")) {
    for (const button of form.querySelectorAll("[data-assembly-plain]")) button.hidden = true;
    new Autosave(form);
  }
}

wire(document);
document.addEventListener("assembly:shown", (event) => wire(event.target));
