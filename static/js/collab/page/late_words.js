// Words that came too late are shown to their author: to copy, to send as a comment or an amendment, or to let go.
import * as decoding from "lib0/decoding";
import { yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { joined, readSync, split, STEP_1, STEP_2, SYNC, syncFrame } from "../net/frames.js";
import { post } from "./comments.js";

const TITLES = {
  frozen: "Le texte a été figé pendant votre absence",
  denied: "Vos derniers mots n’ont pas pu entrer dans le texte",
  "too-large": "C’est trop long pour entrer d’un coup dans le texte",
};
const SAID = {
  copy: "Ces mots sont copiés\u00a0: vous pouvez les coller ailleurs.",
  comment: "Votre commentaire est envoyé.",
  failed: "Le navigateur a refusé de copier. Sélectionnez les mots, puis copiez-les.",
};

const UNSENT = "La connexion est coupée. Vos mots sont toujours là\u00a0: réessayez dans un instant.";

export class LateWords {
  constructor(root, session) {
    this.session = session;
    this.box = root.querySelector("[data-assembly-late]");
    this.said = this.box.querySelector("[data-assembly-late-status]");
    this.ways = this.box.querySelector("[data-assembly-late-ways]");
    this.box.addEventListener("click", (event) => {
      const asked = event.target.closest("[data-assembly-late-do]");
      if (asked) this.#act(asked);
    });
  }

  /** Show what this page holds and the server does not; false when that is nothing. */
  async show(reason) {
    const { doc, schema, settings } = this.session;
    const theirs = new Set(linesOf(await kept(settings), schema));
    const lines = linesOf(doc, schema).filter((line) => !theirs.has(line));
    if (!lines.length) return false;
    this.words = lines.join("\n\n");
    this.box.querySelector("[data-assembly-late-title]").textContent = TITLES[this.session.state === "frozen" ? "frozen" : reason] ?? TITLES.denied;
    this.box.querySelector("[data-assembly-late-words]").replaceChildren(...lines.map(paragraph));
    this.box.hidden = false;
    this.box.focus();
    this.#offer().catch(() => null);
    return true;
  }

  // What may become of the words is asked now: the page may be older than the freeze.
  async #offer() {
    const answer = await fetch(this.session.settings.late);
    if (!answer.ok || answer.redirected) return;
    this.ways.innerHTML = await answer.text();
    for (const field of this.ways.querySelectorAll("[name=late_text]")) field.value = this.words;
  }

  async #act(asked) {
    const what = asked.dataset.assemblyLateDo;
    if (what === "copy") await this.#copy();
    else if (what === "comment") await this.#comment(asked);
    else if (what === "forget") await this.session.forget();
  }

  async #comment(button) {
    if (this.busy) return;
    this.busy = true;
    const fields = { anchor: "", quote: "", prefix: "", suffix: "", body: this.words };
    const why = await post({ ...this.session.settings, threads: button.dataset.threads }, fields).catch(() => UNSENT);
    this.busy = false;
    this.said.textContent = why ?? SAID.comment;
    if (!why) button.hidden = true;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.words);
      this.said.textContent = SAID.copy;
    } catch {
      this.said.textContent = SAID.failed;
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
    const words = node.isTextblock ? node.textContent.replaceAll("\u200B", "").trim() : "";
    if (words) lines.push(words);
  });
  return lines;
}

// The text as the server keeps it, in a document of its own.
async function kept({ exchange, key }) {
  const doc = new Y.Doc();
  const answer = await fetch(exchange, {
    method: "POST",
    body: joined([syncFrame(STEP_1, Y.encodeStateVector(doc))]),
    headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": key() },
  });
  if (!answer.ok) throw new Error(`answer ${answer.status}`);
  for (const frame of split(await answer.arrayBuffer())) {
    const decoder = decoding.createDecoder(frame);
    if (decoding.readVarUint(decoder) !== SYNC) continue;
    const { step, data } = readSync(decoder);
    if (step === STEP_2) Y.applyUpdate(doc, data);
  }
  return doc;
}
