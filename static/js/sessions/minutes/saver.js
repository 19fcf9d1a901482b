// Saves a moment after the last key, says so at the bottom of the page, and never gives up a word:
// refused text stays in the box, a concurrent text is shown beside it, a lost connection is tried again.
import { hourWords } from "../../ui/modules/hour.js";
import { freshKey } from "../../ui/modules/idempotency_key.js";

const PAUSE = 1200;
const AGAIN = 5000;

export class Saver {
  constructor(form, editor) {
    this.form = form;
    this.editor = editor;
    this.revision = Number(form.dataset.revision);
    this.state = document.getElementById("save-state");
    this.conflict = form.querySelector("[data-assembly-conflict]");
    this.names = form.querySelector("[data-assembly-names]");
    this.busy = false;
    this.waits = false;
    this.blocked = false;
    this.saved = editor.getHTML();
    this.conflict.addEventListener("click", (event) => this.keep(event.target.closest("[data-keep]")?.dataset.keep));
    addEventListener("beforeunload", (event) => {
      if (this.isDirty) event.preventDefault();
    });
    addEventListener("pagehide", () => this.isDirty && !this.blocked && this.send(true));
    addEventListener("online", () => this.now());
  }

  get isDirty() {
    return this.editor.getHTML() !== this.saved;
  }

  // The text that stands here is not the server's, though no key was pressed in this editor.
  wantsSaving() {
    this.saved = null;
    this.later();
  }

  later() {
    if (this.blocked || !this.isDirty) return;
    this.say("doing", "Enregistrement…");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE);
  }

  async now() {
    clearTimeout(this.timer);
    if (this.blocked || !this.isDirty) return;
    if (this.busy) {
      this.waits = true;
      return;
    }
    this.busy = true;
    this.say("doing", "Enregistrement…");
    try {
      await this.send();
    } catch {
      this.say("late", "Pas de connexion", "Vos mots sont gardés ici.");
      this.timer = setTimeout(() => this.now(), AGAIN);
    }
    this.busy = false;
    if (this.waits) {
      this.waits = false;
      this.later();
    }
  }

  async send(leaving = false) {
    const html = this.editor.isEmpty ? "" : this.editor.getHTML();
    const sent = this.editor.getHTML();
    const body = new URLSearchParams({ html, revision: this.revision });
    const answer = await fetch(this.form.action, {
      method: "POST",
      body,
      // The browser keeps such a request alive after the page is gone, up to 64 KB.
      keepalive: leaving && html.length < 60_000,
      headers: {
        Accept: "application/json",
        "Idempotency-Key": freshKey(),
        "X-CSRFToken": this.form.querySelector("[name=csrfmiddlewaretoken]").value,
      },
    });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : {};
    if (answer.ok && isJson) this.done(sent, told);
    else if (answer.status === 409 && isJson) this.collide(told);
    else if (isJson) this.say("late", "Pas enregistré.", told.sentence);
    else if (answer.status === 401 || answer.redirected)
      this.say("late", "Pas enregistré.", "Votre connexion a expiré : ouvrez une autre page, connectez-vous, puis revenez ici.");
    else throw new Error(`answer ${answer.status}`);
  }

  done(sent, told) {
    this.saved = sent;
    this.revision = told.revision;
    this.form.dataset.revision = told.revision;
    this.say("done", "Enregistré", `à ${told.at}. Vous pouvez fermer cette page.`);
    this.names.hidden = !told.names.length;
    this.names.querySelector("[data-list]").textContent = told.names.join(", ");
  }

  collide(told) {
    this.say("late", "Pas enregistré.", told.sentence);
    if (told.code === "closed") return;
    this.blocked = true;
    this.revision = told.revision;
    this.theirs = told.theirs;
    this.conflict.querySelector("[data-sentence]").textContent = told.sentence;
    this.conflict.querySelector("[data-by]").textContent = told.by;
    this.show("[data-theirs]", told.theirs);
    this.show("[data-mine]", told.mine);
    this.conflict.hidden = false;
    this.conflict.focus();
  }

  // Both texts come from the server's sanitizer; they are parsed, never run.
  show(where, html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    this.conflict.querySelector(where).replaceChildren(...parsed.body.childNodes);
  }

  keep(choice) {
    if (!choice) return;
    if (choice === "theirs") {
      this.editor.commands.setContent(this.theirs);
      this.saved = this.editor.getHTML();
      this.say("done", "Enregistré", `à ${hourWords(new Date())}. ${this.form.dataset.theirs || "L’autre texte est repris ; le vôtre est dans les versions."}`);
    }
    this.blocked = false;
    this.conflict.hidden = true;
    this.editor.commands.focus();
    if (choice === "mine") {
      this.saved = null;
      this.now();
    }
  }

  say(kind, words, more = "") {
    const state = document.createElement("span");
    state.className = `state state-${kind}`;
    state.textContent = words;
    const rest = document.createElement("span");
    rest.className = "soft";
    rest.textContent = ` ${more}`;
    this.state.replaceChildren(state, rest);
  }
}
