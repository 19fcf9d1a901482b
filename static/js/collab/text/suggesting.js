// « Je propose »: what one types becomes a suggestion, signed; what cannot be one is not done, and the page says why.
import { suggestChanges, suggestChangesKey, transformToSuggestionTransaction } from "@handlewithcare/prosemirror-suggest-changes";
import { Extension } from "@tiptap/core";
import { Plugin, TextSelection } from "@tiptap/pm/state";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { newMark } from "./identifiers.js";
import { restoreOthersMarks, takesFromOthers } from "./others.js";
import { onlySuggests } from "./projection.js";
import { keepsOthers } from "./tracing.js";

const THEIRS = "Ces mots sont la proposition d’une autre personne. Vous pouvez la commenter.";
const STRUCTURE = "En mode « Je propose », ce changement n’est pas possible. Proposez d’autres mots, ou commentez.";

/** Not turned into a suggestion: a change made by the page itself (comments, decisions). */
export const untracked = (transaction) => transaction.setMeta(suggestChangesKey, { skip: true });

const isRemote = (transaction) => Boolean(transaction.getMeta(ySyncPluginKey));

const isTracked = (transaction, state) =>
  transaction.docChanged && suggestChangesKey.getState(state).enabled && !isRemote(transaction)
  && !transaction.getMeta(suggestChangesKey)?.skip;

export const Suggesting = Extension.create({
  name: "suggesting",

  addOptions: () => ({ user: 0, say: () => {} }),

  dispatchTransaction({ transaction, next }) {
    const { state } = this.editor;
    if (!isTracked(transaction, state)) return next(transaction);
    const { tracked, why } = suggestion(transaction, state, this.options.user);
    if (why) return this.options.say(why);
    next(tracked);
  },

  addProseMirrorPlugins() {
    return [suggestChanges(), endsOfSuggestions()];
  },

  addCommands: () => ({
    suggest: (enabled) => ({ tr }) => Boolean(tr.setMeta(suggestChangesKey, { enabled, skip: true })),
  }),
});

function suggestion(transaction, state, user) {
  const id = newMark(user);
  try {
    const tracked = transformToSuggestionTransaction(transaction, state, () => id);
    if (takesFromOthers(tracked, user)) return { why: THEIRS };
    restoreOthersMarks(tracked, state.doc, user, id);
    if (!keepsOthers(state.doc, tracked.doc, user)) return { why: THEIRS };
    if (!onlySuggests(state.doc, tracked.doc)) return { why: STRUCTURE };
    return { tracked };
  } catch {
    return { why: STRUCTURE };
  }
}

// Somebody who writes at the very end of a suggested addition writes after it, outside the suggestion.
function endsOfSuggestions() {
  return new Plugin({
    appendTransaction(transactions, before, after) {
      if (suggestChangesKey.getState(after).enabled || transactions.some(isRemote)) return null;
      if (!transactions.some((one) => one.docChanged && !one.getMeta(suggestChangesKey)?.skip)) return null;
      const { empty, $head } = after.selection;
      const typed = $head.nodeBefore;
      if (!empty || !(after.selection instanceof TextSelection) || !typed?.isText) return null;
      const mark = typed.marks.find(({ type }) => type.name === "insertion");
      if (!mark || $head.nodeAfter?.marks.some((other) => other.eq(mark))) return null;
      const from = firstNew(transactions, $head.pos);
      const wasEnd = from < $head.pos && before.doc.resolve(Math.min(from, before.doc.content.size)).nodeBefore;
      if (!wasEnd || !mark.isInSet(wasEnd.marks)) return null;
      return after.tr.removeMark(from, $head.pos, mark.type).removeStoredMark(mark.type);
    },
  });
}

function firstNew(transactions, end) {
  let from = end;
  for (const { mapping } of transactions)
    mapping.maps.forEach((map) => map.forEach((_a, _b, start, stop) => {
      if (stop <= end && stop > start) from = Math.min(from, start);
    }));
  return from;
}
