// One number for each sending: the server acts once for it (assembly/ui/idempotency.py). A form brings its own; what a
// script sends gets a fresh one. `crypto.randomUUID` is missing on plain http.
const FIELD = "input[name=idempotency_key]";

export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A form that stays on the page after it has acted may act again. */
export function renewKey(form) {
  for (const field of form?.querySelectorAll(FIELD) ?? []) field.value = freshKey();
}
