// The sentence at the bottom of the page: whether the text is saved. It is shown at once; the live region is updated only
// after it has lasted, so that a screen reader does not announce each key.
import { formatHour } from "../../ui/modules/hour.js";

const SAVED_DELAY_MS = 350;
const ANNOUNCE_DELAY_MS = 1500;
const SAFE = new Set(["saved", "offline"]);

const MESSAGES = {
  opening: ["in_progress", "Ouverture du texte…"],
  unreachable: ["late", "Le serveur ne répond pas pour le moment. Vous lisez le texte enregistré"],
  saving: ["in_progress", "Enregistrement…"],
  saved: ["done", "Tout est enregistré"],
  offline: ["warn", "Hors connexion, votre texte est gardé sur cet appareil"],
  "offline-reader": ["warn", "Hors connexion. Vous lisez le texte tel qu’il était avant la coupure"],
  "offline-page": ["late", "Hors connexion. Gardez cette page ouverte\u00a0: rien n’est gardé sur cet appareil"],
  reading: ["todo", "Vous lisez le texte tel qu’il est en ce moment"],
  frozen: ["closed", "Texte figé"],
  stopped: ["late", "Rien de plus n’est enregistré sur cette page"],
};

export class Status {
  constructor() {
    this.element = document.querySelector("[data-assembly-status]");
    this.more = document.querySelector("[data-assembly-status-more]");
    this.liveRegion = document.querySelector("[data-assembly-status-voice]");
  }

  /** Show the state `name`; « saved » replaces « saving » only after a pause in typing. */
  show(name) {
    if (name === this.requested) return;
    this.requested = name;
    clearTimeout(this.timer);
    if (SAFE.has(name) && this.shown === "saving") this.timer = setTimeout(() => this.#write(name), SAVED_DELAY_MS);
    else this.#write(name);
  }

  #write(name) {
    const [kind, message] = MESSAGES[name];
    this.shown = name;
    const state = document.createElement("span");
    state.className = `state state-${kind}`;
    state.textContent = message;
    this.element.replaceChildren(state);
    this.more.textContent = name === "saved" ? `à ${formatHour(new Date())}` : "";
    clearTimeout(this.announceTimer);
    this.announceTimer = setTimeout(() => this.#announce(message), ANNOUNCE_DELAY_MS);
  }

  #announce(message) {
    if (this.liveRegion.textContent !== message) this.liveRegion.textContent = message;
  }
}
