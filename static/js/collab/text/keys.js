// What Tab, Escape and the way to the bar do in the text; and the cursor that comes back from the bar at once.
import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";

// The library gives the text its focus a frame later: on a slow device the first keys after a button would fall on the
// button, and a Tab among them would go somewhere else.
export const Focus = Extension.create({
  name: "focusNow",
  addCommands: () => ({
    focus: (_position, { scrollIntoView = true } = {}) => ({ view, tr, dispatch }) => {
      if (!dispatch || view.hasFocus()) return true;
      view.focus();
      if (scrollIntoView) tr.scrollIntoView();
      return true;
    },
  }),
});

// Tab leaves the text; inside a table it walks the cells, and Escape then Tab leaves all the same. Whoever comes in by Tab
// goes on by Tab, even where the cursor had been left in a table.
export const Keys = Extension.create({
  name: "keys",
  addOptions: () => ({ toBar: () => {} }),
  addProseMirrorPlugins() {
    return [leaving(this.options.toBar)];
  },
});

function leaving(toBar) {
  const held = { leaves: false, tab: false };
  return new Plugin({
    view: ({ dom }) => watchTab(dom, held),
    props: {
      handleDOMEvents: {
        keydown: (view, event) => {
          if (event.key === "F10" && event.altKey) {
            event.preventDefault();
            toBar();
            return true;
          }
          if (event.key === "Escape") held.leaves = true;
          else if (!["Tab", "Shift"].includes(event.key)) held.leaves = false;
          return event.key === "Tab" && (held.leaves || !inTable(view.state));
        },
        focus: () => {
          held.leaves = held.tab;
          return false;
        },
        mousedown: () => {
          held.leaves = false;
          return false;
        },
      },
    },
  });
}

// The focus that a Tab moves comes while this key is being treated; later than that, something else moved it.
function watchTab(text, held) {
  const pressed = ({ key, target }) => {
    held.tab = key === "Tab" && !text.contains(target);
    if (held.tab) setTimeout(() => (held.tab = false));
  };
  document.addEventListener("keydown", pressed, true);
  return { destroy: () => document.removeEventListener("keydown", pressed, true) };
}

function inTable({ selection: { $head } }) {
  for (let depth = $head.depth; depth > 0; depth -= 1) if ($head.node(depth).type.spec.tableRole) return true;
  return false;
}
