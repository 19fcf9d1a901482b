// Text that the server refused is shown to its author, who may copy it, send it as a comment or an amendment, or discard it.
import * as decoding from "lib0/decoding";
import { yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { joinFrames, readSync, splitFrames, STEP_1, STEP_2, SYNC, syncFrame } from "../net/frames.js";
import { postThread } from "./comments.js";

// Other reasons have the title of templates/collab/late_text.html.
const TITLES = {
  frozen: "Le texte a été figé pendant votre absence",
  "too-large": "C’est trop long pour entrer d’un coup dans le texte",
};
const MESSAGES = {
  copy: "Ces mots sont copiés\u00a0: vous pouvez les coller ailleurs.",
  comment: "Votre commentaire est envoyé.",
  failed: "Le navigateur a refusé de copier. Sélectionnez les mots, puis copiez-les.",
};

const OFFLINE = "La connexion est coupée. Vos mots sont toujours là\u00a0: réessayez dans un instant.";

export class RejectedText {
  constructor(root, session) {
    this.session = session;
    this.box = root.querySelector("[data-assembly-late]");
    this.title = this.box.querySelector("[data-assembly-late-title]");
    this.usualTitle = this.title.textContent;
    this.status = this.box.querySelector("[data-assembly-late-status]");
    this.actions = this.box.querySelector("[data-assembly-late-actions]");
    this.box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-assembly-late-do]");
      if (button) this.#act(button);
    });
  }

  /** Show the lines that only this page has; return false when there are none. */
  async show(reason) {
    const { doc, schema, settings } = this.session;
    const serverLines = new Set(linesOf(await fetchServerDocument(settings), schema));
    const lines = linesOf(doc, schema).filter((line) => !serverLines.has(line));
    if (!lines.length) return false;
    this.text = lines.join("\n\n");
    this.title.textContent = TITLES[this.session.state === "frozen" ? "frozen" : reason] ?? this.usualTitle;
    this.box.querySelector("[data-assembly-late-text]").replaceChildren(...lines.map(paragraph));
    this.box.hidden = false;
    this.box.focus();
    this.#loadActions().catch(() => null);
    return true;
  }

  // The possible actions are fetched now, because the page may be older than the freeze of the text.
  async #loadActions() {
    const response = await fetch(this.session.settings.late);
    if (!response.ok || response.redirected) return;
    this.actions.innerHTML = await response.text();
    for (const field of this.actions.querySelectorAll("[name=late_text]")) field.value = this.text;
  }

  async #act(button) {
    const action = button.dataset.assemblyLateDo;
    if (action === "copy") await this.#copy();
    else if (action === "comment") await this.#comment(button);
    else if (action === "forget") await this.session.discardCopy();
  }

  async #comment(button) {
    if (this.busy) return;
    this.busy = true;
    const fields = { anchor: "", quote: "", prefix: "", suffix: "", body: this.text };
    const error = await postThread({ ...this.session.settings, threads: button.dataset.threads }, fields).catch(() => OFFLINE);
    this.busy = false;
    this.status.textContent = error ?? MESSAGES.comment;
    if (!error) button.hidden = true;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.text);
      this.status.textContent = MESSAGES.copy;
    } catch {
      this.status.textContent = MESSAGES.failed;
    }
  }
}

function paragraph(line) {
  const element = document.createElement("p");
  element.textContent = line;
  return element;
}

function linesOf(doc, schema) {
  const lines = [];
  yXmlFragmentToProseMirrorRootNode(doc.getXmlFragment("default"), schema).descendants((node) => {
    const text = node.isTextblock ? node.textContent.replaceAll("\u200B", "").trim() : "";
    if (text) lines.push(text);
  });
  return lines;
}

// The text as the server has it, in a separate document.
async function fetchServerDocument({ exchange, csrfToken }) {
  const doc = new Y.Doc();
  const response = await fetch(exchange, {
    method: "POST",
    body: joinFrames([syncFrame(STEP_1, Y.encodeStateVector(doc))]),
    headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": csrfToken() },
  });
  if (!response.ok) throw new Error(`response ${response.status}`);
  for (const frame of splitFrames(await response.arrayBuffer())) {
    const decoder = decoding.createDecoder(frame);
    if (decoding.readVarUint(decoder) !== SYNC) continue;
    const { step, data } = readSync(decoder);
    if (step === STEP_2) Y.applyUpdate(doc, data);
  }
  return doc;
}
