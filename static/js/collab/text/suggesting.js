// « Je propose »: each change becomes a suggestion with its author; a change that cannot be one is refused with a message.
import { suggestChanges, suggestChangesKey, transformToSuggestionTransaction } from "@handlewithcare/prosemirror-suggest-changes";
import { Extension } from "@tiptap/core";
import { Plugin, TextSelection } from "@tiptap/pm/state";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { newMarkId } from "./identifiers.js";
import { deletesFromOthers, restoreOthersMarks } from "./others.js";
import { isSuggestionOnly } from "./projection.js";
import { leavesOthersUnchanged } from "./tracing.js";

const THEIRS = "Ces mots sont la proposition d’une autre personne. Vous pouvez la commenter.";
const STRUCTURE = "En mode « Je propose », ce changement n’est pas possible. Proposez d’autres mots, ou commentez.";

/** Mark a transaction of the page itself (comments, decisions), which does not become a suggestion. */
export const untracked = (transaction) => transaction.setMeta(suggestChangesKey, { skip: true });

const isRemote = (transaction) => Boolean(transaction.getMeta(ySyncPluginKey));

const isTracked = (transaction, state) =>
  transaction.docChanged && suggestChangesKey.getState(state).enabled && !isRemote(transaction)
  && !transaction.getMeta(suggestChangesKey)?.skip;

export const Suggesting = Extension.create({
  name: "suggesting",

  addOptions: () => ({ user: 0, notify: () => {} }),

  dispatchTransaction({ transaction, next }) {
    const { state } = this.editor;
    if (!isTracked(transaction, state)) return next(transaction);
    const { tracked, refusal } = suggestion(transaction, state, this.options.user);
    if (refusal) return this.options.notify(refusal);
    next(tracked);
  },

  addProseMirrorPlugins() {
    return [suggestChanges(), suggestionEndPlugin()];
  },

  addCommands: () => ({
    suggest: (enabled) => ({ tr }) => Boolean(tr.setMeta(suggestChangesKey, { enabled, skip: true })),
  }),
});

function suggestion(transaction, state, user) {
  const id = newMarkId(user);
  try {
    const tracked = transformToSuggestionTransaction(transaction, state, () => id);
    if (deletesFromOthers(tracked, user)) return { refusal: THEIRS };
    restoreOthersMarks(tracked, state.doc, user, id);
    if (!leavesOthersUnchanged(state.doc, tracked.doc, user)) return { refusal: THEIRS };
    if (!isSuggestionOnly(state.doc, tracked.doc)) return { refusal: STRUCTURE };
    return { tracked };
  } catch {
    return { refusal: STRUCTURE };
  }
}

// Somebody who writes at the very end of a suggested addition writes after it, outside the suggestion.
function suggestionEndPlugin() {
  return new Plugin({
    appendTransaction(transactions, before, after) {
      if (suggestChangesKey.getState(after).enabled || transactions.some(isRemote)) return null;
      if (!transactions.some((transaction) => transaction.docChanged && !transaction.getMeta(suggestChangesKey)?.skip)) return null;
      const { empty, $head } = after.selection;
      const lastNode = $head.nodeBefore;
      if (!empty || !(after.selection instanceof TextSelection) || !lastNode?.isText) return null;
      const mark = lastNode.marks.find(({ type }) => type.name === "insertion");
      if (!mark || $head.nodeAfter?.marks.some((other) => other.eq(mark))) return null;
      const from = startOfNewText(transactions, $head.pos);
      const wasEnd = from < $head.pos && before.doc.resolve(Math.min(from, before.doc.content.size)).nodeBefore;
      if (!wasEnd || !mark.isInSet(wasEnd.marks)) return null;
      return after.tr.removeMark(from, $head.pos, mark.type).removeStoredMark(mark.type);
    },
  });
}

function startOfNewText(transactions, end) {
  let from = end;
  for (const { mapping } of transactions)
    mapping.maps.forEach((map) => map.forEach((_a, _b, start, stop) => {
      if (stop <= end && stop > start) from = Math.min(from, start);
    }));
  return from;
}
