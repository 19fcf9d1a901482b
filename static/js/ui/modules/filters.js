// Filters apply with their button: a page that reloads at each choice is hard to use with a keyboard.
// Fields left empty stay out of the address.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-assembly-filters]")) return;
  for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-assembly-filters] :disabled").forEach((field) => (field.disabled = false));
});

// After a swap by a sort or page link the focus moves to the table.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.matches?.("[data-assembly-list]")) event.detail.elt.querySelector("caption, h2")?.focus?.();
});
