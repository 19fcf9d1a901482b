// Another page in the place of this one's main part, without a visit: where the layout is the same, and the scripts of both
// pages know of it. The tag of such a script says data-assembly-swap: "left" where its page may be left so, "shown" where it
// also takes up what comes ("assembly:shown"). What must be saved first is asked by "assembly:leaving".
import htmx from "htmx.org";

const HOUSE = "/js/ui/app.";
const SAID = "assembly-said";
const frame = (page) => [page.documentElement, page.querySelector("main")].map((part) => part?.className).join("|");
const place = () => location.pathname + location.search;
let shown = place();

export function ask(address, options = {}) {
  return fetch(address, { ...options, headers: { Accept: "text/html" } });
}

export function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

export function ownScripts(page) {
  return [...page.querySelectorAll("script[src]")].filter((script) => !script.getAttribute("src").includes(HOUSE));
}

const knows = (script, what) => (script.dataset.assemblySwap ?? "").split(" ").includes(what);
const here = (script) => [...document.scripts].some((each) => each.getAttribute("src") === script.getAttribute("src"));

/** False where words wait that could not be saved: the browser then asks before it leaves. */
export async function settled() {
  const saves = [];
  document.dispatchEvent(new CustomEvent("assembly:leaving", { detail: saves }));
  return (await Promise.all(saves)).every(Boolean);
}

/** Show `page`, which `address` gave; false where only a visit can. */
export function show(page, address) {
  const main = document.querySelector("main");
  const fits = frame(page) === frame(document) && ownScripts(document).every((script) => knows(script, "left"))
    && ownScripts(page).every((script) => knows(script, "shown") && here(script));
  if (!fits) return false;
  if (address.href !== location.href) history.pushState({}, "", address);
  shown = place();
  document.title = page.title;
  main.replaceChildren(...page.querySelector("main").childNodes);
  htmx.process(main);
  main.dispatchEvent(new CustomEvent("assembly:shown", { bubbles: true }));
  return true;
}

/** A visit to `address`, which already gave `page`: what that page said is said by the one that comes. */
export function visit(page, address) {
  const said = page.querySelector("#messages")?.innerHTML.trim();
  if (said) sessionStorage.setItem(SAID, said);
  location.assign(address);
}

const said = sessionStorage.getItem(SAID);
sessionStorage.removeItem(SAID);
if (said) document.querySelector("#messages")?.prepend(...parsed(said).body.childNodes);

addEventListener("popstate", () => { if (place() !== shown) location.reload(); });
