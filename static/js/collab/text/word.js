// Cleans the HTML of word processors: lists become lists, bold and italic stay, all other styles are removed.
const REMOVED_TAGS = "script, style, xml, meta, link, title, img, picture, svg, object, embed, iframe, video, audio, form";
const NUMBERED = /^\s*(?:\(?\d+|[a-z]{1,2}|[ivx]+)\s*[.)]/i;

const IGNORED_MARKUP = /<!--[\s\S]*?-->|<!\[[^>]*>|<(style|script|xml)\b[\s\S]*?<\/\1\s*>/gi;

export function cleanHtml(html) {
  // The content security policy refuses styles even in a parsed page: they are removed or renamed first.
  const plain = html.replaceAll(IGNORED_MARKUP, "").replaceAll(/\sstyle(\s*=)/gi, " data-pasted$1");
  const { body } = new DOMParser().parseFromString(plain, "text/html");
  for (const element of body.querySelectorAll(REMOVED_TAGS)) element.remove();
  for (const element of [...body.querySelectorAll("*")].reverse()) convertElement(element);
  buildLists(body);
  return body.innerHTML;
}

function convertElement(element) {
  const style = element.dataset.pasted ?? "";
  if (element.localName.includes(":")) return element.replaceWith(...element.childNodes);
  if (/mso-list:\s*ignore/i.test(style)) return element.setAttribute("data-bullet", element.textContent);
  const level = /mso-list:[^;]*level(\d)/i.exec(style);
  if (level) element.setAttribute("data-level", level[1]);
  if (element.localName === "h1") renameElement(element, "h2");
  else if (/^h[56]$/.test(element.localName)) renameElement(element, "h4");
  else if (element.localName === "span" || element.localName === "font") addEmphasis(element, style);
}

function renameElement(element, name) {
  const other = document.createElement(name);
  other.append(...element.childNodes);
  element.replaceWith(other);
}

function addEmphasis(element, style) {
  for (const [pattern, name] of [[/font-weight:\s*(?:bold|[6-9]00)/i, "strong"], [/font-style:\s*italic/i, "em"]]) {
    if (!pattern.test(style)) continue;
    const inner = document.createElement(name);
    inner.append(...element.childNodes);
    element.append(inner);
  }
}

// Word writes the lines of a list as paragraphs with their bullet or number in front.
function buildLists(body) {
  let list = null;
  for (const line of body.querySelectorAll("p[data-level], p.MsoListParagraph")) {
    const bullet = line.querySelector("[data-bullet]");
    const name = NUMBERED.test(bullet?.dataset.bullet ?? "") ? "ol" : "ul";
    bullet?.remove();
    if (list?.localName !== name || list.nextElementSibling !== line) {
      list = document.createElement(name);
      line.before(list);
    }
    const item = document.createElement("li");
    item.append(...line.childNodes);
    list.append(item);
    line.remove();
  }
}
