// The text box: its schema, its keys, and its attributes for screen readers.
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

const schema = extensions.map((extension) => (extension.name === "recommendationField" ? QuestionedField : extension));

// A reader who may comment has a cursor, to select text with the keyboard; typing changes nothing.
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

// Space that bars cover, as `page/covered.js` measures it: the cursor is scrolled out of it.
export const SCROLL_MARGIN = { top: 0, bottom: 0, left: 5, right: 5 };

/** Open the editor of `doc` in `element`. */
export function openEditor(element, { doc, awareness, user, first, notify, focusToolbar }) {
  return new Editor({
    element,
    extensions: [
      ...schema, Focus, Gapcursor, Indents, Reading,
      Keys.configure({ focusToolbar }),
      Collaboration.configure({ document: doc, field: "default" }),
      Cursors.configure({ awareness }),
      Recommendations.configure({ first }),
      Suggesting.configure({ user, notify }),
      Pasting.configure({ notify }),
    ],
    enableCoreExtensions: { delete: false },
    injectCSS: false,
    editorProps: { attributes: attributes("read"), scrollThreshold: SCROLL_MARGIN, scrollMargin: SCROLL_MARGIN },
  });
}

/** Set what typing does. With `mayComment`, a reader has a cursor. */
export function setMode(editor, mode, mayComment) {
  editor.storage.reading.only = mode === "read";
  editor.setOptions({ editorProps: { ...editor.options.editorProps, attributes: attributes(mode) } });
  editor.setEditable(mode !== "read" || mayComment, false);
  editor.commands.suggest(mode === "suggest");
}
