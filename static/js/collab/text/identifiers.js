// Ids of suggestions and comments: they begin with the id of their author, which the server checks.
const SUFFIX_LENGTH = 6;

const suffix = () => Array.from(crypto.getRandomValues(new Uint8Array(SUFFIX_LENGTH)), (byte) => (byte % 36).toString(36)).join("");

export const newMarkId = (user) => `${user}-${Date.now().toString(36)}-${suffix()}`;

export const isOwnedBy = (user, id) => String(id).startsWith(`${user}-`);

export const newNodeId = () => crypto.randomUUID();
