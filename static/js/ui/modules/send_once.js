// A second click on the same button sends nothing. The form is released when the page is restored from the history.
const SENT_FLAG = "assemblySent";
const RELEASE_AFTER_MS = 15_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[data-assembly-many], [data-assembly-stay]")) return;
  if (form.dataset[SENT_FLAG]) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  // After the browser has read the fields: a disabled button would not send its own name.
  queueMicrotask(() => {
    if (event.defaultPrevented) return;
    form.dataset[SENT_FLAG] = "yes";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), RELEASE_AFTER_MS);
  });
});

function release(form) {
  delete form.dataset[SENT_FLAG];
  form.removeAttribute("aria-busy");
}

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (form) release(form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(release));
