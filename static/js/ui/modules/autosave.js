// A form that saves as one types. The server compares versions (assembly/ui/versioned.py): a save that came too late
// is answered with both texts, for the writer to choose; a lost connection and an expired sign-in are tried again;
// nothing typed leaves the page unsaved without a warning.
import { freshKey } from "./idempotency_key.js";
import { asSent } from "./sent.js";

const PAUSE = 1200;
const AGAIN = 5000;
const BACK_AFTER = 15_000;
const KEEPALIVE_LIMIT = 60_000; // browsers keep 64 KB of a request alive after the page is gone
const NOT_WORDS = new Set(["csrfmiddlewaretoken", "idempotency_key", "version", "then", "after", "depth"]);
const BASE = "initial-"; // hidden twin of a field: what it said when it was read, so that others may write the fields beside it
const plain = (words) => (words ?? "").replaceAll("\r\n", "\n");
const forms = new Set();

export class Autosave {
  /** `saved`: the words that the server has, when the form as it was sent does not say them (an editor rewrote them). */
  constructor(form, saved = wordsOf(asSent(form))) {
    this.form = form;
    this.version = form.elements.version;
    this.state = form.querySelector("[data-assembly-save-state]") ?? document.getElementById("save-state");
    this.staysHere = Boolean(form.querySelector("[data-assembly-plain]"));
    // After a refusal the boxes hold what was typed: it is not saved, and waits for the writer's next word or choice.
    const refused = form.querySelector("[data-assembly-errors]");
    const panel = form.querySelector("[data-assembly-conflict]");
    this.saved = refused || panel ? null : saved;
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", (event) => this.submit(event));
    form.addEventListener("assembly:read", ({ detail }) => this.takeIn(detail));
    forms.add(this);
    if (panel) this.choose(panel);
    else if (!refused && this.isDirty) this.later();
  }

  get isDirty() {
    return !this.leaves && wordsOf(this.form) !== this.saved;
  }

  later(wait = PAUSE) {
    if (this.panel || !this.isDirty) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), wait);
    if (wait === PAUSE) this.say("in_progress", "Enregistrement…");
  }

  now() {
    clearTimeout(this.timer);
    if (this.panel || !this.isDirty) return this.flight;
    if (this.flight) return this.flight.then(() => this.now());
    this.say("in_progress", "Enregistrement…");
    this.flight = this.send()
      .catch(() => {
        this.say("late", "Pas de connexion : vos mots sont gardés ici.");
        this.later(AGAIN);
      })
      .finally(() => { this.flight = null; });
    return this.flight;
  }

  async send({ leaving = false } = {}) {
    const sent = wordsOf(this.form);
    const body = new URLSearchParams(new FormData(this.form));
    body.delete("idempotency_key"); // the form's own number stays fresh for its buttons
    const answer = await fetch(this.form.action, {
      method: "POST",
      body,
      keepalive: leaving && sent.length < KEEPALIVE_LIMIT,
      headers: { Accept: "application/json", "Idempotency-Key": freshKey() },
    });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : {};
    if (answer.ok && isJson) this.done(sent, told);
    else if (answer.status === 409 && told.merged) this.join(sent, told);
    else if (answer.status === 409 && told.panel) this.collide(told);
    else if (isJson) this.say("late", `Pas enregistré. ${told.sentence}`);
    else if (answer.status === 401 || answer.status === 403 || answer.redirected) this.signIn();
    else throw new Error(`answer ${answer.status}`);
  }

  done(sent, told) {
    this.saved = sent;
    this.version.value = told.version;
    for (const [base, name] of this.bases()) {
      if (!(name in (told.theirs ?? {}))) base.value = new URLSearchParams(sent).get(name) ?? "";
    }
    this.takeIn(told);
    const close = [...forms].some((other) => other.isDirty) ? "" : ". Vous pouvez fermer cette page.";
    this.say("done", `${this.form.dataset.assemblySaved ?? "Enregistré"} à ${told.at}${close}`);
    this.form.dispatchEvent(new CustomEvent("assembly:saved", { detail: told }));
    this.later();
  }

  // What colleagues wrote in the fields that nobody touched here. A field that was touched keeps its base: saving tells.
  takeIn({ version, theirs }) {
    const isSaved = !this.isDirty;
    this.version.value = version;
    for (const [base, name] of this.bases()) {
      const box = this.form.elements[name];
      if (!(name in (theirs ?? {})) || plain(box.value) !== plain(base.value)) continue;
      base.value = theirs[name];
      if (plain(box.value) === theirs[name]) continue;
      box.value = theirs[name];
      if (box instanceof RadioNodeList) for (const choice of box) choice.checked = choice.value === theirs[name];
    }
    if (isSaved) this.saved = wordsOf(this.form);
  }

  bases() {
    return [...this.form.querySelectorAll(`input[name^=${BASE}]`)].map((base) => [base, base.name.slice(BASE.length)]);
  }

  // What another window of the same person wrote is in the box with this text; what was typed since comes after both.
  join(sent, told) {
    this.version.value = told.version;
    for (const [name, words] of Object.entries(told.merged)) {
      const box = this.form.elements[name];
      const former = new URLSearchParams(sent).get(name).replaceAll("\r\n", "\n");
      const since = box.value.startsWith(former) ? box.value.slice(former.length) : `\n\n${box.value}`;
      box.value = words + since;
    }
    this.say("late", told.sentence);
    this.later(AGAIN);
  }

  // The page's own panel, made by the server; parsed, never run.
  collide(told) {
    this.say("late", `Pas enregistré. ${told.sentence}`);
    this.version.value = told.version;
    for (const [base, name] of this.bases()) base.value = told.theirs?.[name] ?? base.value;
    const panel = new DOMParser().parseFromString(told.panel, "text/html").querySelector("[data-assembly-conflict]");
    this.form.prepend(panel);
    this.choose(panel);
    panel.focus();
  }

  // Nothing is saved before the choice. The other text is the page as it stands: a link leads there.
  choose(panel) {
    this.panel = panel;
    const mine = panel.querySelector("[data-keep=mine]");
    if (!mine) return;
    mine.hidden = false;
    mine.addEventListener("click", () => {
      panel.remove();
      this.panel = null;
      this.saved = null;
      this.form.querySelector("[role=textbox], textarea:not([hidden])")?.focus();
      this.now();
    });
    panel.querySelector("[data-keep=theirs]").addEventListener("click", () => { this.leaves = true; });
  }

  // The key of the form died with the sign-in: a page fetched after the next one brings another.
  signIn() {
    this.say("late", "Pas enregistré. Votre connexion a expiré : ouvrez une autre page, connectez-vous, puis revenez ici.");
    addEventListener("focus", () => this.signedInAgain(), { once: true });
  }

  async signedInAgain() {
    const page = await fetch(location.href).then((answer) => answer.text()).catch(() => "");
    const key = new DOMParser().parseFromString(page, "text/html").querySelector(`[action="${this.form.getAttribute("action")}"] [name=csrfmiddlewaretoken]`);
    if (key) {
      this.form.elements.csrfmiddlewaretoken.value = key.value;
      this.now();
    } else this.signIn();
  }

  async submit(event) {
    if (this.staysHere) {
      event.preventDefault();
      this.saved = null;
      this.now();
    } else if (this.flight) {
      event.preventDefault();
      await this.flight;
      if (!this.panel) this.form.requestSubmit(event.submitter);
    } else {
      this.leaves = true;
      setTimeout(() => { this.leaves = false; }, BACK_AFTER); // still here: the line was cut
    }
  }

  say(kind, words) {
    if (!this.state) return;
    const state = document.createElement("span");
    state.className = `state state-${kind}`;
    state.textContent = words;
    this.state.replaceChildren(state);
  }
}

export function wordsOf(form) {
  return new URLSearchParams([...new FormData(form)].filter(([name]) => !NOT_WORDS.has(name) && !name.startsWith(BASE))).toString();
}

addEventListener("beforeunload", (event) => {
  if ([...forms].some((form) => form.isDirty)) event.preventDefault();
});
document.addEventListener("assembly:leaving", (event) => {
  for (const form of forms) event.detail.push(Promise.resolve(form.now()).then(() => !form.isDirty));
});
document.addEventListener("assembly:shown", () => {
  for (const form of forms) {
    if (form.form.isConnected) continue;
    form.now(); // words of the last instant
    forms.delete(form);
  }
});
addEventListener("pagehide", () => {
  for (const form of forms) if (form.isDirty && !form.panel) form.send({ leaving: true }).catch(() => {});
});
addEventListener("pageshow", () => { for (const form of forms) form.leaves = false; });
addEventListener("online", () => { for (const form of forms) form.now(); });
