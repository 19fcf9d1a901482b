// Forms of plain boxes that save as one types; those with a rich text box are wired by sessions/rich_text.js.
import { Autosave } from "./modules/autosave.js";

for (const form of document.querySelectorAll("form[data-assembly-autosave]:not([data-assembly-rich])")) {
  for (const button of form.querySelectorAll("[data-assembly-plain]")) button.hidden = true;
  new Autosave(form);
}
