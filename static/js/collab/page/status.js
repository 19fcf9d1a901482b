// The one sentence at the bottom: whether one's words are safe. It changes when that changes, never at each key.
const HOUR = new Intl.DateTimeFormat("fr-FR", { hour: "numeric", minute: "2-digit" });
const SOON = 700;

const SAYINGS = {
  opening: ["doing", "Ouverture du texte…"],
  saving: ["doing", "Enregistrement…"],
  saved: ["done", "Tout est enregistré"],
  offline: ["wait", "Hors connexion, votre texte est gardé sur cet appareil"],
  "offline-page": ["late", "Hors connexion. Gardez cette page ouverte\u00a0: rien n’est gardé sur cet appareil"],
  reading: ["todo", "Vous lisez le texte tel qu’il est en ce moment"],
  frozen: ["shut", "Texte figé"],
  stopped: ["late", "Rien de plus n’est enregistré sur cette page"],
};

export class Status {
  constructor() {
    this.place = document.querySelector("[data-assembly-status]");
    this.more = document.querySelector("[data-assembly-status-more]");
  }

  /** Say `what`; « Enregistrement… » only when it lasts. */
  say(what) {
    if (what === this.wanted) return;
    this.wanted = what;
    clearTimeout(this.timer);
    if (what === "saving" && this.said === "saved") this.timer = setTimeout(() => this.#write("saving"), SOON);
    else this.#write(what);
  }

  #write(what) {
    if (what === "saved") this.more.textContent = `à ${HOUR.format(new Date())}`;
    if (what === this.said) return;
    this.said = what;
    const [kind, words] = SAYINGS[what];
    const state = document.createElement("span");
    state.className = `state state-${kind}`;
    state.textContent = words;
    this.place.replaceChildren(state);
    if (what !== "saved") this.more.textContent = "";
  }
}
