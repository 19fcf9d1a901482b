// htmx under a strict CSP: no style of its own, no eval, refusals shown where the server says (HX-Retarget).
import htmx from "htmx.org";
import { freshKey, renewKey } from "./idempotency_key.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  // New content is active at once: within htmx's 20 ms a second key press would send the form as a whole page, and the focus
  // would be lost. Nothing here needs that delay for an animation.
  defaultSettleDelay: 0,
  selfRequestsOnly: true,
  scrollBehavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth",
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "[45]..", swap: true, error: true },
  ],
});

const OFFLINE = "La connexion est coupée. Ce que vous avez écrit est toujours là : réessayez dans un instant.";

// The CSRF token is sent in a header, so that a button outside any form works too.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[data-assembly-csrf]")?.dataset.assemblyCsrf
    ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (event.detail.verb === "get") return;
  if (token) event.detail.headers["X-CSRFToken"] = token;
  if (!event.detail.elt.matches("form")) event.detail.headers["Idempotency-Key"] = freshKey();
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) renewKey(event.detail.elt.closest("form"));
});

// A response that is a whole page (an expired sign-in, an error of a proxy) is not swapped in, except with status 286: a view
// ends polling with it, and ui/now.html selects its parts with data-hx-select.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const isWholePage = xhr.status !== 286 && /^\s*<!doctype/i.test(xhr.responseText);
  if (!isWholePage) return;
  event.detail.shouldSwap = false;
  const address = new URL(xhr.responseURL || location.href);
  if (address.pathname.startsWith("/compte/")) {
    address.searchParams.set("next", location.pathname + location.search);
    location.assign(address);
  } else showMessage("alert-late", "Cette action n’a pas abouti. Rechargez la page, puis réessayez.");
});

document.addEventListener("htmx:sendError", () => showMessage("alert-late", OFFLINE));

function showMessage(kind, message) {
  const container = document.getElementById("messages");
  if (!container) return;
  const box = document.createElement("div");
  box.className = `alert ${kind}`;
  const label = document.createElement("b");
  label.textContent = "À vérifier";
  const text = document.createElement("p");
  text.textContent = message;
  box.append(label, text);
  container.replaceChildren(box);
}
