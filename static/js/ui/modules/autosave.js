// A form that saves while the user types. The server compares versions (assembly/web/versioned.py): the response to an outdated
// save has both texts, for the user to choose; after a lost connection or an expired sign-in the save is tried again; the
// page is not left with unsaved input without a warning.
import { freshKey } from "./idempotency_key.js";
import { initialForm } from "./initial_form.js";

const SAVE_DELAY_MS = 1200;
const RETRY_DELAY_MS = 5000;
const LEAVE_TIMEOUT_MS = 15_000;
const KEEPALIVE_LIMIT = 60_000; // browsers finish at most 64 KB of a request after the page is left
const EXCLUDED_FIELDS = new Set(["csrfmiddlewaretoken", "idempotency_key", "version", "then", "after", "depth"]);
const BASE = "initial-"; // hidden copy of the value that a field had when it was read, so that others may change the other fields
const normalizeNewlines = (text) => (text ?? "").replaceAll("\r\n", "\n");
const forms = new Set();

export class Autosave {
  /** `saved`: the content that the server has, if it differs from the form as it was sent (an editor rewrote it). */
  constructor(form, saved = contentOf(initialForm(form))) {
    this.form = form;
    this.version = form.elements.version;
    this.state = form.querySelector("[data-assembly-save-state]") ?? document.getElementById("save-state");
    this.isInPlace = Boolean(form.querySelector("[data-assembly-plain]"));
    // After a refusal the fields have unsaved input; it is saved after the next input or choice.
    const errorSummary = form.querySelector("[data-assembly-errors]");
    const panel = form.querySelector("[data-assembly-conflict]");
    this.saved = errorSummary || panel ? null : saved;
    form.addEventListener("input", () => this.schedule());
    form.addEventListener("change", () => this.schedule());
    form.addEventListener("submit", (event) => this.submit(event));
    form.addEventListener("assembly:read", ({ detail }) => this.mergeTheirs(detail));
    forms.add(this);
    if (panel) this.awaitChoice(panel);
    else if (!errorSummary && this.isDirty) this.schedule();
  }

  get isDirty() {
    return !this.isLeaving && contentOf(this.form) !== this.saved;
  }

  schedule(wait = SAVE_DELAY_MS) {
    if (this.panel || !this.isDirty) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
    if (wait === SAVE_DELAY_MS) this.showState("in_progress", "Enregistrement…");
  }

  save() {
    clearTimeout(this.timer);
    if (this.panel || !this.isDirty) return this.pending;
    if (this.pending) return this.pending.then(() => this.save());
    this.showState("in_progress", "Enregistrement…");
    this.pending = this.send()
      .catch(() => {
        this.showState("late", "Pas de connexion : vos mots sont gardés ici.");
        this.schedule(RETRY_DELAY_MS);
      })
      .finally(() => { this.pending = null; });
    return this.pending;
  }

  async send({ leaving = false } = {}) {
    const sent = contentOf(this.form);
    const body = new URLSearchParams(new FormData(this.form));
    body.delete("idempotency_key"); // the key of the form stays unused for its buttons
    const response = await fetch(this.form.action, {
      method: "POST",
      body,
      keepalive: leaving && sent.length < KEEPALIVE_LIMIT,
      headers: { Accept: "application/json", "Idempotency-Key": freshKey() },
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    const result = isJson ? await response.json() : {};
    if (response.ok && isJson) this.onSaved(sent, result);
    else if (response.status === 409 && result.merged) this.showMerged(sent, result);
    else if (response.status === 409 && result.panel) this.showConflict(result);
    else if (isJson) this.showState("late", `Pas enregistré. ${result.sentence}`);
    else if (response.status === 401 || response.status === 403 || response.redirected) this.awaitSignIn();
    else throw new Error(`response ${response.status}`);
  }

  onSaved(sent, result) {
    this.saved = sent;
    this.version.value = result.version;
    for (const [base, name] of this.bases()) {
      if (!(name in (result.theirs ?? {}))) base.value = new URLSearchParams(sent).get(name) ?? "";
    }
    this.mergeTheirs(result);
    const closeHint = [...forms].some((other) => other.isDirty) ? "" : ". Vous pouvez fermer cette page.";
    this.showState("done", `${this.form.dataset.assemblySaved ?? "Enregistré"} à ${result.at}${closeHint}`);
    this.form.dispatchEvent(new CustomEvent("assembly:saved", { detail: result }));
    this.schedule();
  }

  // Write what colleagues saved into the fields without local changes. A changed field keeps its base: the save detects it.
  mergeTheirs({ version, theirs }) {
    const isSaved = !this.isDirty;
    this.version.value = version;
    for (const [base, name] of this.bases()) {
      const box = this.form.elements[name];
      if (!(name in (theirs ?? {})) || normalizeNewlines(box.value) !== normalizeNewlines(base.value)) continue;
      base.value = theirs[name];
      if (normalizeNewlines(box.value) === theirs[name]) continue;
      box.value = theirs[name];
      if (box instanceof RadioNodeList) for (const choice of box) choice.checked = choice.value === theirs[name];
    }
    if (isSaved) this.saved = contentOf(this.form);
  }

  bases() {
    return [...this.form.querySelectorAll(`input[name^=${BASE}]`)].map((base) => [base, base.name.slice(BASE.length)]);
  }

  // The merged text has what another window of the same user wrote; what was typed since then is appended.
  showMerged(sent, result) {
    this.version.value = result.version;
    for (const [name, text] of Object.entries(result.merged)) {
      const box = this.form.elements[name];
      const sentText = new URLSearchParams(sent).get(name).replaceAll("\r\n", "\n");
      const typedSince = box.value.startsWith(sentText) ? box.value.slice(sentText.length) : `\n\n${box.value}`;
      box.value = text + typedSince;
    }
    this.showState("late", result.sentence);
    this.schedule(RETRY_DELAY_MS);
  }

  // The conflict panel comes from the server; it is parsed, and its scripts are not run.
  showConflict(result) {
    this.showState("late", `Pas enregistré. ${result.sentence}`);
    this.version.value = result.version;
    for (const [base, name] of this.bases()) base.value = result.theirs?.[name] ?? base.value;
    const panel = new DOMParser().parseFromString(result.panel, "text/html").querySelector("[data-assembly-conflict]");
    this.form.prepend(panel);
    this.awaitChoice(panel);
    panel.focus();
  }

  // Nothing is saved before the choice. The other text is on the page itself: a link leads there.
  awaitChoice(panel) {
    this.panel = panel;
    const mine = panel.querySelector("[data-keep=mine]");
    if (!mine) return;
    mine.hidden = false;
    mine.addEventListener("click", () => {
      panel.remove();
      this.panel = null;
      this.saved = null;
      this.form.querySelector("[role=textbox], textarea:not([hidden])")?.focus();
      this.save();
    });
    panel.querySelector("[data-keep=theirs]").addEventListener("click", () => { this.isLeaving = true; });
  }

  // The CSRF token ended with the sign-in: after the next sign-in a fetched page has a new one.
  awaitSignIn() {
    this.showState("late", "Pas enregistré. Votre connexion a expiré : ouvrez une autre page, connectez-vous, puis revenez ici.");
    addEventListener("focus", () => this.resumeAfterSignIn(), { once: true });
  }

  async resumeAfterSignIn() {
    const page = await fetch(location.href).then((response) => response.text()).catch(() => "");
    const key = new DOMParser().parseFromString(page, "text/html").querySelector(`[action="${this.form.getAttribute("action")}"] [name=csrfmiddlewaretoken]`);
    if (key) {
      this.form.elements.csrfmiddlewaretoken.value = key.value;
      this.save();
    } else this.awaitSignIn();
  }

  async submit(event) {
    if (this.isInPlace) {
      event.preventDefault();
      this.saved = null;
      this.save();
    } else if (this.pending) {
      event.preventDefault();
      await this.pending;
      if (!this.panel) this.form.requestSubmit(event.submitter);
    } else {
      this.isLeaving = true;
      setTimeout(() => { this.isLeaving = false; }, LEAVE_TIMEOUT_MS); // the page is still open: the connection was lost
    }
  }

  showState(kind, text) {
    if (!this.state) return;
    const state = document.createElement("span");
    state.className = `state state-${kind}`;
    state.textContent = text;
    this.state.replaceChildren(state);
  }
}

export function contentOf(form) {
  return new URLSearchParams([...new FormData(form)].filter(([name]) => !EXCLUDED_FIELDS.has(name) && !name.startsWith(BASE))).toString();
}

addEventListener("beforeunload", (event) => {
  if ([...forms].some((form) => form.isDirty)) event.preventDefault();
});
document.addEventListener("assembly:leaving", (event) => {
  for (const form of forms) event.detail.push(Promise.resolve(form.save()).then(() => !form.isDirty));
});
document.addEventListener("assembly:shown", () => {
  for (const form of forms) {
    if (form.form.isConnected) continue;
    form.save(); // the last input
    forms.delete(form);
  }
});
addEventListener("pagehide", () => {
  for (const form of forms) if (form.isDirty && !form.panel) form.send({ leaving: true }).catch(() => {});
});
addEventListener("pageshow", () => { for (const form of forms) form.isLeaving = false; });
addEventListener("online", () => { for (const form of forms) form.save(); });
