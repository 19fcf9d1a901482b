// The copy of a text on this device: it outlives the page, and is erased at sign-out.
import { IndexeddbPersistence } from "y-indexeddb";
import { databaseName, recordName } from "./copies.js";

const UPDATES_STORE = "updates"; // object store of the library, one row for each edit

/**
 * Load the copy into `doc` and keep it up to date; return null where the browser refuses storage. `pendingEdits` counts the
 * edits that are not stored yet; `onSaved()` is called when none is left.
 */
export async function storeCopy(doc, user, text, onSaved) {
  const name = databaseName(user, text);
  try {
    recordName(name);
    const persistence = new IndexeddbPersistence(name, doc);
    await persistence._db; // rejects in a browser that refuses storage
    await persistence.whenSynced;
    persistence.pendingEdits = 0;
    doc.on("update", (_update, origin) => origin !== persistence && trackSave(persistence, onSaved));
    return persistence;
  } catch {
    return null;
  }
}

// The library has no event for a stored edit. A read that was queued after the write completes after it.
function trackSave(persistence, onSaved) {
  if (persistence._destroyed) return;
  const reading = persistence.db.transaction(UPDATES_STORE, "readonly");
  persistence.pendingEdits += 1;
  reading.objectStore(UPDATES_STORE).getKey(0);
  reading.oncomplete = reading.onabort = () => {
    persistence.pendingEdits -= 1;
    if (!persistence.pendingEdits) onSaved();
  };
}
