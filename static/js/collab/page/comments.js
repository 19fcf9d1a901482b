// A comment on the selected passage: its mark is added first, so that it stays in place while others write; then it is sent.
import { freshKey } from "../../ui/modules/idempotency_key.js";
import { addCommentMark, removeCommentMark } from "../text/anchors.js";
import { newMarkId } from "../text/identifiers.js";

const CHOOSE = "Choisissez d’abord un passage du texte, puis Commenter.";
const OFFLINE = "La connexion est coupée. Votre commentaire est toujours là\u00a0: réessayez dans un instant.";
const REFUSED = "Ce commentaire n’est pas parti. Rechargez la page, puis réessayez.";

export class Comments {
  constructor(session, { notice, sidebar }) {
    Object.assign(this, { session, notice, sidebar });
    this.form = document.querySelector("[data-assembly-comment]");
    if (!this.form) return;
    this.body = this.form.querySelector("textarea");
    this.errorBox = this.form.querySelector("[data-assembly-comment-refused]");
    this.form.addEventListener("submit", (event) => this.#send(event));
    this.form.querySelector("[data-assembly-comment-leave]").addEventListener("click", () => this.#close());
    this.form.addEventListener("keydown", (event) => event.key === "Escape" && this.#close());
    addEventListener("pagehide", () => this.#removeMark());
  }

  /** Open the form on the selection. */
  open() {
    if (this.passage) return this.#show();
    this.passage = addCommentMark(this.session.editor, newMarkId(this.session.settings.user));
    if (!this.passage) return this.notice.show(CHOOSE);
    this.form.querySelector("[data-assembly-comment-quote]").textContent = `Sur «\u00a0${this.passage.quote}\u00a0»`;
    this.#show();
  }

  #show() {
    const { sheet } = this.session;
    this.form.hidden = false;
    sheet.open();
    if (sheet.isOpen) sheet.show(this.passage.anchor);
    else this.form.scrollIntoView({ block: "nearest" });
    this.body.focus({ preventScroll: sheet.isOpen });
  }

  async #send(event) {
    event.preventDefault();
    if (this.busy || !this.body.value.trim()) return;
    this.busy = true;
    const error = await postThread(this.session.settings, { ...this.passage, body: this.body.value }).catch(() => OFFLINE);
    this.busy = false;
    if (error) return this.#refuse(error);
    this.passage = null;
    this.#close();
    this.sidebar.refresh();
  }

  #refuse(message) {
    this.errorBox.textContent = message;
    this.errorBox.hidden = false;
    this.body.focus();
  }

  #close() {
    this.#removeMark();
    this.form.hidden = this.errorBox.hidden = true;
    this.form.reset();
    this.session.sheet.close();
    this.session.editor?.commands.focus();
  }

  #removeMark() {
    if (this.passage && this.session.editor) removeCommentMark(this.session.editor, this.passage.anchor);
    this.passage = null;
  }
}

/** Open a thread; return the sentence of a refusal, or null. */
export async function postThread({ threads, csrfToken }, fields) {
  const response = await fetch(threads, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json", "X-CSRFToken": csrfToken(), "Idempotency-Key": freshKey() },
  });
  if (response.ok && !response.redirected) return null;
  const content = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
  return content.sentence ?? REFUSED;
}
