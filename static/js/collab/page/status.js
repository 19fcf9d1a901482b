// The one sentence at the bottom: whether one's words are safe. What is seen is true at once; what is heard waits until
// it lasts, so that nobody is told of each key.
import { hourWords } from "../../ui/modules/hour.js";

const CALM = 350;
const HEARD = 1500;
const SAFE = new Set(["saved", "offline"]);

const SAYINGS = {
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
    this.place = document.querySelector("[data-assembly-status]");
    this.more = document.querySelector("[data-assembly-status-more]");
    this.voice = document.querySelector("[data-assembly-status-voice]");
  }

  /** Say `what`; that words are safe, here or on this device, is said once the keys rest. */
  say(what) {
    if (what === this.wanted) return;
    this.wanted = what;
    clearTimeout(this.timer);
    if (SAFE.has(what) && this.said === "saving") this.timer = setTimeout(() => this.#write(what), CALM);
    else this.#write(what);
  }

  #write(what) {
    const [kind, words] = SAYINGS[what];
    this.said = what;
    const state = document.createElement("span");
    state.className = `state state-${kind}`;
    state.textContent = words;
    this.place.replaceChildren(state);
    this.more.textContent = what === "saved" ? `à ${hourWords(new Date())}` : "";
    clearTimeout(this.speech);
    this.speech = setTimeout(() => this.#speak(words), HEARD);
  }

  #speak(words) {
    if (this.voice.textContent !== words) this.voice.textContent = words;
  }
}
