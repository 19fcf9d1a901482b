// The list of errors gets the focus when it appears; its links move the focus to the fields.
function focusSummary(root) {
  const summary = root.querySelector?.("[data-assembly-errors]") ?? (root.matches?.("[data-assembly-errors]") ? root : null);
  summary?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-assembly-errors] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const control = field.matches("input, select, textarea, [tabindex]") ? field : field.querySelector("input, select, textarea");
  (document.querySelector(`label[for="${CSS.escape(field.id)}"]`) ?? field).scrollIntoView({ block: "center" });
  (control ?? field).focus({ preventScroll: true });
});

document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.detail.elt));
focusSummary(document);
