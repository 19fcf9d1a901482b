// The copies of texts kept on this device, and how they go. No library of the editor here: every page may ask for it.
const PREFIX = "assembly-text:";
const LIST = "assembly-texts"; // Firefox lists no databases in private windows: their names are kept here too
const DOOR = "assembly-session";

export const nameOf = (user, text) => `${PREFIX}${user}:${text}`;

function written() {
  try {
    return JSON.parse(localStorage.getItem(LIST) ?? "[]");
  } catch {
    return [];
  }
}

function write(names) {
  try {
    localStorage.setItem(LIST, JSON.stringify(names));
  } catch {
    // Without storage there is no copy either.
  }
}

/** Remember that a copy of that name exists. */
export const remember = (name) => write([...new Set([...written(), name])]);

async function names() {
  const listed = await indexedDB.databases?.().catch(() => []);
  const all = [...written(), ...(listed ?? []).map(({ name }) => name)];
  return [...new Set(all)].filter((name) => name.startsWith(PREFIX));
}

const erase = (name) =>
  new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(name);
    asked.onsuccess = asked.onerror = asked.onblocked = () => resolve();
  });

async function eraseThose(chosen) {
  const gone = (await names()).filter(chosen);
  await Promise.all(gone.map(erase));
  write(written().filter((name) => !gone.includes(name)));
}

/** Everything that any text left on this device. */
export const eraseAll = () => eraseThose(() => true);

/** What other people left on a shared device without signing out. */
export const eraseOthers = (user) => eraseThose((name) => !name.startsWith(`${PREFIX}${user}:`));

export const eraseOne = (user, text) => eraseThose((name) => name === nameOf(user, text));

/** Whether words of this person in this text wait here. */
export const hasCopy = async (user, text) => (await names()).includes(nameOf(user, text));

/** Tell the other pages of this browser that the person is signing out. */
export function announceSignOut() {
  const door = new BroadcastChannel(DOOR);
  door.postMessage("out");
  door.close();
}

export function onSignOut(act) {
  const door = new BroadcastChannel(DOOR);
  door.onmessage = () => act();
}
