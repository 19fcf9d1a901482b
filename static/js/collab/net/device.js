// The copy of a text kept on this device: it survives the page, never the person who signs out.
import { IndexeddbPersistence } from "y-indexeddb";
import { nameOf, remember } from "./copies.js";

const EDITS = "updates"; // where the library lays each edit

/**
 * Bring the copy into `doc` and keep it up to date; null where the browser keeps nothing. `waits` counts the edits that
 * are not yet in it; `settled()` is told when none is left.
 */
export async function keepCopy(doc, user, text, settled) {
  const name = nameOf(user, text);
  try {
    remember(name);
    const kept = new IndexeddbPersistence(name, doc);
    await kept._db; // a browser that refuses storage says so here
    await kept.whenSynced;
    kept.waits = 0;
    doc.on("update", (_update, origin) => origin !== kept && follow(kept, settled));
    return kept;
  } catch {
    return null;
  }
}

// The library does not tell when an edit is kept. What is read after it comes only once it is.
function follow(kept, settled) {
  if (kept._destroyed) return;
  const reading = kept.db.transaction(EDITS, "readonly");
  kept.waits += 1;
  reading.objectStore(EDITS).getKey(0);
  reading.oncomplete = reading.onabort = () => {
    kept.waits -= 1;
    if (!kept.waits) settled();
  };
}
