// The names of the people in the text. Cursors are visual only: screen readers announce arrivals and departures, not keys.
import { Extension } from "@tiptap/core";
import { yCursorPlugin } from "@tiptap/y-tiptap";

const ANNOUNCE_DELAY_MS = 8000;
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

// Names and roles come from the server, never from another browser.
const labelOf = ({ name, role }) => (role ? `${name}, ${role}` : name);

export class Presence {
  constructor(awareness, me) {
    Object.assign(this, { awareness, me, previous: null, news: [] });
    this.list = document.querySelector("[data-assembly-people]");
    this.liveRegion = document.querySelector("[data-assembly-arrivals]");
    awareness.setLocalStateField("user", { id: me.id, name: me.name });
    awareness.on("change", () => this.#refresh());
    this.#refresh();
  }

  #people() {
    const people = new Map([[this.me.id, { ...this.me }]]);
    for (const { user } of this.awareness.getStates().values())
      if (user?.id && !people.has(user.id)) people.set(user.id, user);
    return people;
  }

  #refresh() {
    const people = this.#people();
    const ids = [...people.keys()].join();
    if (ids === this.shownIds) return;
    this.shownIds = ids;
    this.list.replaceChildren(...[...people.values()].map((user) => this.#line(user)));
    this.list.hidden = false;
    this.#announce(people);
  }

  #line(user) {
    const line = document.createElement("li");
    line.className = tint(user);
    line.textContent = user.id === this.me.id ? `${user.name} (vous)` : labelOf(user);
    return line;
  }

  #announce(people) {
    const before = this.previous;
    this.previous = people;
    if (!before) return;
    for (const [id, { name }] of people) if (!before.has(id)) this.news.push(`${name} arrive dans le texte.`);
    for (const [id, { name }] of before) if (!people.has(id)) this.news.push(`${name} quitte le texte.`);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.liveRegion.textContent = this.news.splice(0).join(" ");
    }, ANNOUNCE_DELAY_MS);
  }
}
