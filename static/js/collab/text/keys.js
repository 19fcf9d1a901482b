// Tab, Escape and Alt-F10 in the text, and the focus that returns from the toolbar at once.
import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";

// The library focuses the text one frame later: on a slow device the first keys after a button would reach the button, and
// a Tab among them would move the focus.
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

// Tab leaves the text; inside a table it moves between the cells, and Escape then Tab leaves. Somebody who enters the text
// by Tab leaves it by Tab, even when the cursor was left in a table.
export const Keys = Extension.create({
  name: "keys",
  addOptions: () => ({ focusToolbar: () => {} }),
  addProseMirrorPlugins() {
    return [leavePlugin(this.options.focusToolbar)];
  },
});

function leavePlugin(focusToolbar) {
  const state = { isLeaving: false, isTab: false };
  return new Plugin({
    view: ({ dom }) => watchTab(dom, state),
    props: {
      handleDOMEvents: {
        keydown: (view, event) => {
          if (event.key === "F10" && event.altKey) {
            event.preventDefault();
            focusToolbar();
            return true;
          }
          if (event.key === "Escape") state.isLeaving = true;
          else if (!["Tab", "Shift"].includes(event.key)) state.isLeaving = false;
          return event.key === "Tab" && (state.isLeaving || !inTable(view.state));
        },
        focus: () => {
          state.isLeaving = state.isTab;
          return false;
        },
        mousedown: () => {
          state.isLeaving = false;
          return false;
        },
      },
    },
  });
}

// A Tab moves the focus during its own key event; a focus that comes later has another cause.
function watchTab(text, state) {
  const pressed = ({ key, target }) => {
    state.isTab = key === "Tab" && !text.contains(target);
    if (state.isTab) setTimeout(() => (state.isTab = false));
  };
  document.addEventListener("keydown", pressed, true);
  return { destroy: () => document.removeEventListener("keydown", pressed, true) };
}

function inTable({ selection: { $head } }) {
  for (let depth = $head.depth; depth > 0; depth -= 1) if ($head.node(depth).type.spec.tableRole) return true;
  return false;
}
