// The answer of a directorate saves a moment after the last key. A colleague's text is shown beside this one, for the
// writer to choose; a lost connection is tried again; nothing typed leaves the page unsaved without a warning.
import { freshKey } from "../ui/modules/idempotency_key.js";
import { asSent } from "../ui/modules/sent.js";

const PAUSE = 1200;
const AGAIN = 5000;

class Draft {
  constructor(form) {
    this.form = form;
    this.version = form.elements.version;
    this.state = document.getElementById("save-state");
    this.conflict = form.querySelector("[data-assembly-conflict]");
    this.saved = this.words(asSent(form));
    this.busy = false;
    this.blocked = false;
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => { this.leaving = true; });
    this.conflict.addEventListener("click", (event) => this.keep(event.target.closest("[data-keep]")?.dataset.keep));
    if (this.isDirty) this.later();
  }

  fields(form = this.form) {
    return [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "idempotency_key", "version", "then"].includes(name));
  }

  words(form = this.form) {
    return new URLSearchParams(this.fields(form)).toString();
  }

  get isDirty() {
    return !this.leaving && this.words() !== this.saved;
  }

  later(wait = PAUSE) {
    if (this.blocked) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), wait);
  }

  async now() {
    clearTimeout(this.timer);
    if (this.blocked || !this.isDirty) return;
    if (this.busy) return this.later();
    this.busy = true;
    this.say("doing", "Enregistrement…");
    try {
      await this.send();
    } catch {
      this.say("late", "Pas de connexion : vos mots sont gardés ici");
      this.later(AGAIN);
    }
    this.busy = false;
  }

  async send(leaving = false) {
    const sent = this.words();
    const answer = await fetch(this.form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(this.form)),
      keepalive: leaving && sent.length < 60_000,
      headers: { Accept: "application/json", "Idempotency-Key": freshKey() },
    });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : {};
    if (answer.ok && isJson) this.done(sent, told);
    else if (answer.status === 409 && isJson) this.collide(told);
    else if (isJson) this.say("late", `Pas enregistré. ${told.sentence}`);
    else if (answer.status === 401 || answer.status === 403 || answer.redirected)
      this.say("late", "Pas enregistré : ouvrez une autre page, connectez-vous, puis revenez ici");
    else throw new Error(`answer ${answer.status}`);
  }

  done(sent, told) {
    this.saved = sent;
    this.version.value = told.version;
    this.say("doing", `Brouillon enregistré à ${told.at}`);
    if (this.isDirty) this.later();
  }

  collide(told) {
    this.blocked = true;
    this.say("late", "Pas enregistré");
    this.theirs = told;
    this.conflict.querySelector("[data-sentence]").textContent = told.sentence;
    this.conflict.querySelector("[data-by]").textContent = told.by;
    this.conflict.querySelector("[data-by-line]").hidden = !told.by;
    this.conflict.querySelector("[data-both]").replaceChildren(...this.differences(told.theirs));
    for (const button of this.conflict.querySelectorAll("[data-keep]")) button.hidden = told.code === "closed";
    this.conflict.hidden = false;
    this.conflict.focus();
  }

  // One pair of texts for each answer that differs: the colleague's, then this writer's.
  differences(theirs) {
    const mine = Object.fromEntries(this.fields());
    return Object.entries(theirs)
      .filter(([name, text]) => this.form.elements[name] && text !== (mine[name] ?? ""))
      .flatMap(([name, text]) => {
        const title = document.createElement("h3");
        title.className = "size-md";
        title.textContent = this.label(name);
        const pair = document.createElement("div");
        pair.className = "cols cols-2";
        pair.append(this.text("L’autre texte", this.shown(name, text)), this.text("Votre texte", this.shown(name, mine[name] ?? "")));
        return [title, pair];
      });
  }

  label(name) {
    const field = document.getElementById(`div_id_${name}`);
    return field?.querySelector("legend, label")?.textContent.trim() ?? name;
  }

  shown(name, value) {
    const choice = this.form.querySelector(`input[type=radio][name="${name}"][value="${CSS.escape(value)}"]`);
    return choice?.closest("label")?.textContent.trim() ?? value;
  }

  text(title, words) {
    const box = document.createElement("div");
    const head = document.createElement("p");
    head.className = "small soft";
    head.textContent = title;
    const body = document.createElement("p");
    body.className = "as-typed";
    body.textContent = words || "–";
    box.append(head, body);
    return box;
  }

  keep(choice) {
    if (!choice) return;
    this.version.value = this.theirs.version;
    if (choice === "theirs") this.take(this.theirs.theirs);
    this.blocked = false;
    this.conflict.hidden = true;
    this.form.querySelector("textarea").focus();
    if (choice === "theirs") {
      this.saved = this.words();
      this.say("done", "L’autre texte est repris ; le vôtre est gardé à part");
    } else {
      this.saved = null;
      this.now();
    }
  }

  take(texts) {
    for (const [name, text] of Object.entries(texts)) {
      const field = this.form.elements[name];
      if (!field) continue;
      if (field instanceof RadioNodeList) for (const radio of field) radio.checked = radio.value === text;
      else field.value = text;
    }
  }

  say(kind, words) {
    const state = document.createElement("span");
    state.className = `state state-${kind}`;
    state.textContent = words;
    this.state.replaceChildren(state);
  }
}

const form = document.querySelector("[data-assembly-review-draft]");
if (form) {
  const draft = new Draft(form);
  addEventListener("beforeunload", (event) => {
    if (draft.isDirty) event.preventDefault();
  });
  addEventListener("pagehide", () => draft.isDirty && !draft.blocked && draft.send(true));
  addEventListener("online", () => draft.now());
}
