// The copy of a text kept on this device: it survives the page, never the person who signs out.
import { IndexeddbPersistence } from "y-indexeddb";
import { nameOf, remember } from "./copies.js";

/** Bring the copy into `doc` and keep it up to date; null where the browser keeps nothing. */
export async function keepCopy(doc, user, text) {
  const name = nameOf(user, text);
  try {
    remember(name);
    const kept = new IndexeddbPersistence(name, doc);
    await kept._db; // a browser that refuses storage says so here
    await kept.whenSynced;
    return kept;
  } catch {
    return null;
  }
}
