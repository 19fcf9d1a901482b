// The text box itself: what it can hold, what its keys do, what screen readers are told of it.
import { Editor, Extension } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { Gapcursor } from "@tiptap/extensions";
import { Plugin } from "@tiptap/pm/state";
import { suggestChangesKey } from "@handlewithcare/prosemirror-suggest-changes";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { Cursors } from "../page/presence.js";
import { extensions } from "../schema.js";
import { Pasting } from "./pasting.js";
import { QuestionedField, Recommendations } from "./recommendations.js";
import { Suggesting } from "./suggesting.js";

const schema = extensions.map((one) => (one.name === "recommendationField" ? QuestionedField : one));

// A reader who may comment keeps a cursor, to choose words with the keyboard; whatever is typed changes nothing.
const Reading = Extension.create({
  name: "reading",
  addStorage: () => ({ only: false }),
  addProseMirrorPlugins() {
    const { storage } = this;
    return [
      new Plugin({
        filterTransaction: (tr) =>
          !storage.only || !tr.docChanged || Boolean(tr.getMeta(ySyncPluginKey)) || Boolean(tr.getMeta(suggestChangesKey)?.skip),
        props: {
          handleDOMEvents: {
            beforeinput: (_view, event) => {
              if (storage.only) event.preventDefault();
              return storage.only;
            },
          },
        },
      }),
    ];
  },
});

// Tab leaves the text; inside a table it walks the cells, and Escape then Tab leaves all the same. Whoever comes in by Tab
// goes on by Tab, even where the cursor had been left in a table.
function keys(toBar) {
  return {
    keydown: (view, event) => {
      if (event.key === "F10" && event.altKey) {
        event.preventDefault();
        toBar();
        return true;
      }
      if (event.key === "Escape") view.dom.dataset.leaving = "yes";
      else if (!["Tab", "Shift"].includes(event.key)) delete view.dom.dataset.leaving;
      return event.key === "Tab" && (Boolean(view.dom.dataset.leaving) || !inTable(view.state));
    },
    keyup: (view, event) => {
      if (event.key === "Tab" && !view.dom.dataset.met) view.dom.dataset.leaving = "yes";
      view.dom.dataset.met = "yes";
      return false;
    },
    blur: (view) => {
      delete view.dom.dataset.leaving;
      delete view.dom.dataset.met;
      return false;
    },
    mousedown: (view) => {
      view.dom.dataset.met = "yes";
      return false;
    },
  };
}

function inTable({ selection: { $head } }) {
  for (let depth = $head.depth; depth > 0; depth -= 1) if ($head.node(depth).type.spec.tableRole) return true;
  return false;
}

const Indents = Extension.create({
  name: "indents",
  addKeyboardShortcuts: () => ({
    "Mod-]": ({ editor }) => editor.commands.sinkListItem("listItem"),
    "Mod-[": ({ editor }) => editor.commands.liftListItem("listItem"),
  }),
});

const attributes = (mode) => ({
  id: "coedit-text", role: "textbox", "aria-multiline": "true", "aria-labelledby": "coedit-title", "aria-describedby": "coedit-help",
  lang: "fr", spellcheck: String(mode !== "read"), "aria-readonly": String(mode === "read"),
  ...(mode === "read" ? { inputmode: "none" } : {}),
});

// What the head, the bar and the status cover: the cursor is kept clear of them.
const SIGHT = { top: 220, bottom: 110, left: 5, right: 5 };

/** Open the editor of `doc` in `element`. */
export function openEditor(element, { doc, awareness, user, first, say, toBar }) {
  return new Editor({
    element,
    extensions: [
      ...schema, Gapcursor, Indents, Reading,
      Collaboration.configure({ document: doc, field: "default" }),
      Cursors.configure({ awareness }),
      Recommendations.configure({ first }),
      Suggesting.configure({ user, say }),
      Pasting.configure({ say }),
    ],
    enableCoreExtensions: { delete: false },
    injectCSS: false,
    editorProps: { attributes: attributes("read"), handleDOMEvents: keys(toBar), scrollThreshold: SIGHT, scrollMargin: SIGHT },
  });
}

/** What the keys do from now on. `mayComment` keeps the cursor of a reader. */
export function setMode(editor, mode, mayComment) {
  editor.storage.reading.only = mode === "read";
  editor.setOptions({ editorProps: { ...editor.options.editorProps, attributes: attributes(mode) } });
  editor.setEditable(mode !== "read" || mayComment, false);
  editor.commands.suggest(mode === "suggest");
}
