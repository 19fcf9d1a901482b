// The copies of texts on this device, and how they are erased. Every page loads this module, so it imports no library.
const PREFIX = "assembly-text:";
const LIST = "assembly-texts"; // Firefox lists no databases in private windows: their names are saved here too
const CHANNEL = "assembly-session";

export const databaseName = (user, text) => `${PREFIX}${user}:${text}`;

function listedNames() {
  try {
    return JSON.parse(localStorage.getItem(LIST) ?? "[]");
  } catch {
    return [];
  }
}

function saveNames(list) {
  try {
    localStorage.setItem(LIST, JSON.stringify(list));
  } catch {
    // Without storage there is no copy either.
  }
}

/** Record that a copy of that name exists. */
export const recordName = (name) => saveNames([...new Set([...listedNames(), name])]);

async function databaseNames() {
  const listed = await indexedDB.databases?.().catch(() => []);
  const all = [...listedNames(), ...(listed ?? []).map(({ name }) => name)];
  return [...new Set(all)].filter((name) => name.startsWith(PREFIX));
}

const deleteDatabase = (name) =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });

async function eraseWhere(predicate) {
  const erased = (await databaseNames()).filter(predicate);
  await Promise.all(erased.map(deleteDatabase));
  saveNames(listedNames().filter((name) => !erased.includes(name)));
}

/** Erase the copies of all texts. */
export const eraseAll = () => eraseWhere(() => true);

/** Erase the copies of other people, who used a shared device without signing out. */
export const eraseOthers = (user) => eraseWhere((name) => !name.startsWith(`${PREFIX}${user}:`));

export const eraseOne = (user, text) => eraseWhere((name) => name === databaseName(user, text));

/** Return whether this device has a copy of this text for this user. */
export const hasCopy = async (user, text) => (await databaseNames()).includes(databaseName(user, text));

/** Tell the other pages of this browser that the person is signing out. */
export function announceSignOut() {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("out");
  channel.close();
}

export function onSignOut(callback) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => callback();
}
