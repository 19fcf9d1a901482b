// HTML of word processors made plain: its lists become lists, its bold and italic stay, the rest of its dress goes.
const LEFT_OUT = "script, style, xml, meta, link, title, img, picture, svg, object, embed, iframe, video, audio, form";
const NUMBERED = /^\s*(?:\(?\d+|[a-z]{1,2}|[ivx]+)\s*[.)]/i;

const NEVER_READ = /<!--[\s\S]*?-->|<!\[[^>]*>|<(style|script|xml)\b[\s\S]*?<\/\1\s*>/gi;

export function cleaned(html) {
  // The policy of the site refuses styles even in a page that is only read: they are taken out or renamed first.
  const plain = html.replaceAll(NEVER_READ, "").replaceAll(/\sstyle(\s*=)/gi, " data-dress$1");
  const { body } = new DOMParser().parseFromString(plain, "text/html");
  for (const element of body.querySelectorAll(LEFT_OUT)) element.remove();
  for (const element of [...body.querySelectorAll("*")].reverse()) undress(element);
  lists(body);
  return body.innerHTML;
}

function undress(element) {
  const dress = element.dataset.dress ?? "";
  if (element.localName.includes(":")) return element.replaceWith(...element.childNodes);
  if (/mso-list:\s*ignore/i.test(dress)) return element.setAttribute("data-bullet", element.textContent);
  const level = /mso-list:[^;]*level(\d)/i.exec(dress);
  if (level) element.setAttribute("data-level", level[1]);
  if (element.localName === "h1") rename(element, "h2");
  else if (/^h[56]$/.test(element.localName)) rename(element, "h4");
  else if (element.localName === "span" || element.localName === "font") weigh(element, dress);
}

function rename(element, name) {
  const other = document.createElement(name);
  other.append(...element.childNodes);
  element.replaceWith(other);
}

function weigh(element, dress) {
  for (const [pattern, name] of [[/font-weight:\s*(?:bold|[6-9]00)/i, "strong"], [/font-style:\s*italic/i, "em"]]) {
    if (!pattern.test(dress)) continue;
    const inner = document.createElement(name);
    inner.append(...element.childNodes);
    element.append(inner);
  }
}

// Word writes the lines of a list as paragraphs with their bullet or number in front.
function lists(body) {
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
