// The text box itself: what it can hold, what its keys do, what screen readers are told of it.
import { Editor, Extension } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { Gapcursor } from "@tiptap/extensions";
import { Plugin } from "@tiptap/pm/state";
import { suggestChangesKey } from "@handlewithcare/prosemirror-suggest-changes";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { Cursors } from "../page/presence.js";
import { extensions } from "../schema.js";
import { Focus, Keys } from "./keys.js";
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
      ...schema, Focus, Gapcursor, Indents, Reading,
      Keys.configure({ toBar }),
      Collaboration.configure({ document: doc, field: "default" }),
      Cursors.configure({ awareness }),
      Recommendations.configure({ first }),
      Suggesting.configure({ user, say }),
      Pasting.configure({ say }),
    ],
    enableCoreExtensions: { delete: false },
    injectCSS: false,
    editorProps: { attributes: attributes("read"), scrollThreshold: SIGHT, scrollMargin: SIGHT },
  });
}

/** What the keys do from now on. `mayComment` keeps the cursor of a reader. */
export function setMode(editor, mode, mayComment) {
  editor.storage.reading.only = mode === "read";
  editor.setOptions({ editorProps: { ...editor.options.editorProps, attributes: attributes(mode) } });
  editor.setEditable(mode !== "read" || mayComment, false);
  editor.commands.suggest(mode === "suggest");
}
