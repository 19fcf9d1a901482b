// Names of suggestions and comments: whose they are stands first, and the server checks it.
const TAIL = 6;

const tail = () => Array.from(crypto.getRandomValues(new Uint8Array(TAIL)), (byte) => (byte % 36).toString(36)).join("");

export const newMark = (user) => `${user}-${Date.now().toString(36)}-${tail()}`;

export const isOf = (user, id) => String(id).startsWith(`${user}-`);

export const newNode = () => crypto.randomUUID();
