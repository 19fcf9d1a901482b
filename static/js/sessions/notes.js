// Boxes of notes that save a moment after the last key. What another window wrote is joined, never overwritten;
// a lost connection is tried again; the words stay in the box meanwhile.
import { freshKey } from "../ui/modules/idempotency_key.js";

const PAUSE = 1200;
const AGAIN = 5000;

class Box {
  constructor(form) {
    this.form = form;
    this.text = form.elements.text;
    this.revision = form.elements.revision;
    this.state = form.querySelector("[data-assembly-note-state]");
    // Not its value: words may have been typed before this script ran.
    this.saved = this.text.defaultValue;
    this.busy = false;
    form.querySelector("[data-assembly-plain]").hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.now();
    });
    this.text.addEventListener("input", () => this.later());
    this.text.addEventListener("blur", () => this.now());
    if (this.isDirty) this.later();
  }

  get isDirty() {
    return this.text.value !== this.saved;
  }

  later(wait = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), wait);
  }

  async now() {
    clearTimeout(this.timer);
    if (!this.isDirty) return;
    if (this.busy) return this.later();
    this.busy = true;
    this.state.textContent = "Enregistrement…";
    try {
      await this.send();
    } catch {
      this.state.textContent = "Pas de connexion : vos mots restent ici.";
      this.later(AGAIN);
    }
    this.busy = false;
  }

  async send(leaving = false) {
    const sent = this.text.value;
    const answer = await fetch(this.form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(this.form)),
      keepalive: leaving,
      headers: { Accept: "application/json", "Idempotency-Key": freshKey() },
    });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : {};
    if (answer.ok && isJson) this.done(sent, told);
    else if (answer.status === 409 && isJson) this.join(sent, told);
    else if (isJson) this.state.textContent = told.sentence;
    else if (answer.status === 401 || answer.status === 403 || answer.redirected)
      this.state.textContent = "Pas enregistré : ouvrez une autre page, connectez-vous, puis revenez ici.";
    else throw new Error(`answer ${answer.status}`);
  }

  done(sent, told) {
    this.saved = sent;
    this.revision.value = told.revision;
    this.state.textContent = `Enregistré à ${told.at}`;
    if (this.isDirty) this.later();
  }

  // Both texts are in the box; what was typed while the answer travelled is put after them.
  join(sent, told) {
    const since = this.text.value.startsWith(sent) ? this.text.value.slice(sent.length) : `\n\n${this.text.value}`;
    this.text.value = told.text + (this.text.value === sent ? "" : since);
    this.revision.value = told.revision;
    this.state.textContent = told.sentence;
    this.later(AGAIN);
  }
}

const boxes = [...document.querySelectorAll("[data-assembly-notes]")].map((form) => new Box(form));
addEventListener("beforeunload", (event) => {
  if (boxes.some((box) => box.isDirty)) event.preventDefault();
});
addEventListener("pagehide", () => boxes.filter((box) => box.isDirty).forEach((box) => box.send(true)));
addEventListener("online", () => boxes.forEach((box) => box.now()));
