// One key for each request: the server processes it once (assembly/web/idempotency.py). A form has its own key; a request of
// a script gets a new one. `crypto.randomUUID` is missing on plain http.
const FIELD = "input[name=idempotency_key]";

export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Give a form that stays on the page a new key, so that it can be sent again. */
export function renewKey(form) {
  for (const field of form?.querySelectorAll(FIELD) ?? []) field.value = freshKey();
}
