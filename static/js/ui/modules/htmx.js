// htmx under a strict CSP: no style of its own, no eval, refusals shown where the server says (HX-Retarget).
import htmx from "htmx.org";
import { freshKey, renewKey } from "./idempotency_key.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  // What was just put in acts at once: in htmx's 20 ms a second key press would send the form as a whole page, and the
  // person would lose their place. Nothing here is animated by that wait.
  defaultSettleDelay: 0,
  selfRequestsOnly: true,
  scrollBehavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth",
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "[45]..", swap: true, error: true },
  ],
});

const LOST = "La connexion est coupée. Ce que vous avez écrit est toujours là : réessayez dans un instant.";

// The key of the form travels in a header, so that a button outside any form may act too.
document.addEventListener("htmx:configRequest", (event) => {
  const key = document.querySelector("[data-assembly-csrf]")?.dataset.assemblyCsrf
    ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (event.detail.verb === "get") return;
  if (key) event.detail.headers["X-CSRFToken"] = key;
  if (!event.detail.elt.matches("form")) event.detail.headers["Idempotency-Key"] = freshKey();
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) renewKey(event.detail.elt.closest("form"));
});

// An answer of the server that is a whole page (a sign-in that expired, a proxy in trouble) is shown as a page; but 286
// is the view's own, for a place that was asked again until it had changed (ui/now.html takes its parts by hx-select).
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const whole = xhr.status !== 286 && /^\s*<!doctype/i.test(xhr.responseText);
  if (!whole) return;
  event.detail.shouldSwap = false;
  const answered = new URL(xhr.responseURL || location.href);
  if (answered.pathname.startsWith("/compte/")) {
    answered.searchParams.set("next", location.pathname + location.search);
    location.assign(answered);
  } else say("alert-late", "Cette action n’a pas abouti. Rechargez la page, puis réessayez.");
});

document.addEventListener("htmx:sendError", () => say("alert-late", LOST));

function say(kind, words) {
  const place = document.getElementById("messages");
  if (!place) return;
  const box = document.createElement("div");
  box.className = `alert ${kind}`;
  const label = document.createElement("b");
  label.textContent = "À vérifier";
  const text = document.createElement("p");
  text.textContent = words;
  box.append(label, text);
  place.replaceChildren(box);
}
