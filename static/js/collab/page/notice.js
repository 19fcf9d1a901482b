// What must be known at once, above the text: a refusal, an end, a way out.
const SHORT = 12_000;

export class Notice {
  constructor(root) {
    this.box = root.querySelector("[data-assembly-notice]");
    this.words = this.box.querySelector("[data-assembly-notice-words]");
    this.reload = this.box.querySelector("[data-assembly-reload]");
    this.reload.querySelector("button").addEventListener("click", () => location.reload());
  }

  /** Something that was not done, and why; it goes by itself. */
  say(words) {
    if (this.stays) return;
    this.#show(words);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.box.hidden = true), SHORT);
  }

  /** The end of what this page can do; it stays. */
  end(words) {
    clearTimeout(this.timer);
    this.stays = true;
    this.reload.hidden = false;
    this.#show(words);
    this.box.focus();
  }

  #show(words) {
    this.words.textContent = words;
    this.box.hidden = false;
  }
}
