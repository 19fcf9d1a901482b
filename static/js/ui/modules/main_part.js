// Replaces the main part of this page by that of another, without navigation, where both have the same layout and their
// scripts support it. The tag of such a script has data-assembly-swap: "left" if its page may be left in this way, "shown" if
// it also starts on new content ("assembly:shown"). The event "assembly:leaving" collects what must be saved first.
import htmx from "htmx.org";

const SHARED_SCRIPT = "/js/ui/app.";
const MESSAGES_KEY = "assembly-said";
const layoutOf = (page) => [page.documentElement, page.querySelector("main")].map((part) => part?.className).join("|");
const currentAddress = () => location.pathname + location.search;
let shownAddress = currentAddress();

export function requestPage(address, options = {}) {
  return fetch(address, { ...options, headers: { Accept: "text/html" } });
}

export function parsePage(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

export function pageScripts(page) {
  return [...page.querySelectorAll("script[src]")].filter((script) => !script.getAttribute("src").includes(SHARED_SCRIPT));
}

const supports = (script, mode) => (script.dataset.assemblySwap ?? "").split(" ").includes(mode);
const isLoaded = (script) => [...document.scripts].some((each) => each.getAttribute("src") === script.getAttribute("src"));

/** Return false if some input could not be saved: the browser then asks before it leaves the page. */
export async function saveAll() {
  const saves = [];
  document.dispatchEvent(new CustomEvent("assembly:leaving", { detail: saves }));
  return (await Promise.all(saves)).every(Boolean);
}

/** Show `page`, the response of `address`; return false where only navigation can. */
export function show(page, address) {
  const main = document.querySelector("main");
  const canSwap = layoutOf(page) === layoutOf(document) && pageScripts(document).every((script) => supports(script, "left"))
    && pageScripts(page).every((script) => supports(script, "shown") && isLoaded(script));
  if (!canSwap) return false;
  if (address.href !== location.href) history.pushState({}, "", address);
  shownAddress = currentAddress();
  document.title = page.title;
  main.replaceChildren(...page.querySelector("main").childNodes);
  htmx.process(main);
  main.dispatchEvent(new CustomEvent("assembly:shown", { bubbles: true }));
  return true;
}

/** Navigate to `address`, whose response was `page`; the next page shows the messages of that one. */
export function visit(page, address) {
  const messages = page.querySelector("#messages")?.innerHTML.trim();
  if (messages) sessionStorage.setItem(MESSAGES_KEY, messages);
  location.assign(address);
}

const messages = sessionStorage.getItem(MESSAGES_KEY);
sessionStorage.removeItem(MESSAGES_KEY);
if (messages) document.querySelector("#messages")?.prepend(...parsePage(messages).body.childNodes);

addEventListener("popstate", () => { if (currentAddress() !== shownAddress) location.reload(); });
