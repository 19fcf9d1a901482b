// Messages above the text: a refusal, or the end of the session with a button to reload.
const DURATION_MS = 12_000;

export class Notice {
  constructor(root) {
    this.box = root.querySelector("[data-assembly-notice]");
    this.text = this.box.querySelector("[data-assembly-notice-text]");
    this.reload = this.box.querySelector("[data-assembly-reload]");
    this.reload.querySelector("button").addEventListener("click", () => location.reload());
  }

  /** Show why something was not done; the message disappears after `DURATION_MS`. */
  show(message) {
    if (this.isFinal) return;
    this.#write(message);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.box.hidden = true), DURATION_MS);
  }

  /** Show a message that stays, with the button to reload: this page can do nothing more. */
  showFinal(message) {
    clearTimeout(this.timer);
    this.isFinal = true;
    this.reload.hidden = false;
    this.#write(message);
    this.box.focus();
  }

  #write(message) {
    this.text.textContent = message;
    this.box.hidden = false;
  }
}
