// A comment on the chosen passage: its mark is laid first, so that it holds while others write, then its words are sent.
import { freshKey } from "../../ui/modules/idempotency_key.js";
import { addCommentMark, removeCommentMark } from "../text/anchors.js";
import { newMark } from "../text/identifiers.js";

const CHOOSE = "Choisissez d’abord un passage du texte, puis Commenter.";
const LOST = "La connexion est coupée. Votre commentaire est toujours là\u00a0: réessayez dans un instant.";
const REFUSED = "Ce commentaire n’est pas parti. Rechargez la page, puis réessayez.";

export class Comments {
  constructor(session, { notice, sidebar }) {
    Object.assign(this, { session, notice, sidebar });
    this.form = document.querySelector("[data-assembly-comment]");
    if (!this.form) return;
    this.body = this.form.querySelector("textarea");
    this.refused = this.form.querySelector("[data-assembly-comment-refused]");
    this.form.addEventListener("submit", (event) => this.#send(event));
    this.form.querySelector("[data-assembly-comment-leave]").addEventListener("click", () => this.#leave());
    this.form.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave());
    addEventListener("pagehide", () => this.#lift());
  }

  /** Open the form on the selection. */
  begin() {
    if (this.passage) return this.body.focus();
    this.passage = addCommentMark(this.session.editor, newMark(this.session.settings.user));
    if (!this.passage) return this.notice.say(CHOOSE);
    this.form.querySelector("[data-assembly-comment-quote]").textContent = `Sur «\u00a0${this.passage.quote}\u00a0»`;
    this.form.hidden = false;
    this.form.scrollIntoView({ block: "nearest" });
    this.body.focus();
  }

  async #send(event) {
    event.preventDefault();
    if (this.busy || !this.body.value.trim()) return;
    this.busy = true;
    const why = await post(this.session.settings, { ...this.passage, body: this.body.value }).catch(() => LOST);
    this.busy = false;
    if (why) return this.#refuse(why);
    this.passage = null;
    this.#leave();
    this.sidebar.refresh();
  }

  #refuse(words) {
    this.refused.textContent = words;
    this.refused.hidden = false;
    this.body.focus();
  }

  #leave() {
    this.#lift();
    this.form.hidden = this.refused.hidden = true;
    this.form.reset();
    this.session.editor?.commands.focus();
  }

  #lift() {
    if (this.passage && this.session.editor) removeCommentMark(this.session.editor, this.passage.anchor);
    this.passage = null;
  }
}

/** Open a thread; the sentence of a refusal, or null. */
export async function post({ threads, key }, fields) {
  const answer = await fetch(threads, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json", "X-CSRFToken": key(), "Idempotency-Key": freshKey() },
  });
  if (answer.ok && !answer.redirected) return null;
  const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  return told.sentence ?? REFUSED;
}
