// Who is in the text, by name. Cursors are for the eye: readers of the screen hear arrivals and departures, not keys.
import { Extension } from "@tiptap/core";
import { yCursorPlugin } from "@tiptap/y-tiptap";

const PAUSE = 8000;
const TINTS = 4;

const tint = (user) => `tint-${(Number(user.id) || 0) % TINTS}`;

/** The cursors of others, without their names in the text. */
export const Cursors = Extension.create({
  name: "cursors",
  addOptions: () => ({ awareness: null }),
  addProseMirrorPlugins() {
    return [yCursorPlugin(this.options.awareness, { cursorBuilder, selectionBuilder })];
  },
});

function cursorBuilder(user) {
  const cursor = document.createElement("span");
  cursor.className = `other-caret ${tint(user)}`;
  cursor.setAttribute("aria-hidden", "true");
  cursor.dataset.name = user.name ?? "";
  return cursor;
}

const selectionBuilder = (user) => ({ class: `other-selection ${tint(user)}` });

// Who they are is what the server says of them; a browser is not asked.
const named = ({ name, role }) => (role ? `${name}, ${role}` : name);

export class Presence {
  constructor(awareness, me) {
    Object.assign(this, { awareness, me, known: null, news: [] });
    this.list = document.querySelector("[data-assembly-people]");
    this.voice = document.querySelector("[data-assembly-arrivals]");
    awareness.setLocalStateField("user", { id: me.id, name: me.name });
    awareness.on("change", () => this.#show());
    this.#show();
  }

  #people() {
    const people = new Map([[this.me.id, { ...this.me }]]);
    for (const { user } of this.awareness.getStates().values())
      if (user?.id && !people.has(user.id)) people.set(user.id, user);
    return people;
  }

  #show() {
    const people = this.#people();
    const names = [...people.keys()].join();
    if (names === this.shown) return;
    this.shown = names;
    this.list.replaceChildren(...[...people.values()].map((user) => this.#line(user)));
    this.list.hidden = false;
    this.#tell(people);
  }

  #line(user) {
    const line = document.createElement("li");
    line.className = tint(user);
    line.textContent = user.id === this.me.id ? `${user.name} (vous)` : named(user);
    return line;
  }

  #tell(people) {
    const before = this.known;
    this.known = people;
    if (!before) return;
    for (const [id, { name }] of people) if (!before.has(id)) this.news.push(`${name} arrive dans le texte.`);
    for (const [id, { name }] of before) if (!people.has(id)) this.news.push(`${name} quitte le texte.`);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.voice.textContent = this.news.splice(0).join(" ");
    }, PAUSE);
  }
}
