// Filters apply with their button: a choice that reloads the page by itself loses keyboard readers.
// Fields left empty stay out of the address.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-assembly-filters]")) return;
  for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-assembly-filters] :disabled").forEach((field) => (field.disabled = false));
});

// Sort and page links keep the keyboard where it was: the table takes the focus after a swap.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.matches?.("[data-assembly-list]")) event.detail.elt.querySelector("caption, h2")?.focus?.();
});
