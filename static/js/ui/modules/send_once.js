// A second click on the same button sends nothing. The form wakes up again when the page comes back from the history.
const SENT = "assemblySent";
const BACK_AFTER = 15_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[data-assembly-many], [data-assembly-stay]")) return;
  if (form.dataset[SENT]) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  // After the browser has read the fields: a disabled button would not send its own name.
  queueMicrotask(() => {
    if (event.defaultPrevented) return;
    form.dataset[SENT] = "yes";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => wake(form), BACK_AFTER);
  });
});

function wake(form) {
  delete form.dataset[SENT];
  form.removeAttribute("aria-busy");
}

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (form) wake(form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(wake));
