"""A page that passed is not judged again in the same run: same elements, words, state and window, same verdict.

In `./run test` (`BY_KIND`) an element is not judged again that is of the kind of one that passed: same name, classes,
state, kinds of attributes and of children, same two elements around it, with a word or without; and a page is opened
only where it holds an element of a new kind. So a new page made of known parts costs a look at its HTML, and one new
class, missing label or changed order of headings is judged. By itself and in `./run test --all` each page is:

What a run makes anew at each look (numbers of rows, keys, tokens, dates) counts by its length and by where it comes
again, not by its value: two pages where the same two ids are equal are alike, one where they differ is another.
Whatever else differs, be it one word or one attribute, is judged. So is what failed.
"""

import functools
import hashlib
import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

FOLDER = Path(os.environ["ASSEMBLY_TEST_HOME"]) / "verdicts"  # of the whole run; the next one begins without
CONTROLS = {"a", "button", "input", "select", "textarea", "summary"}
BY_KIND = "ASSEMBLY_JUDGE_BY_KIND" in os.environ  # said by assembly/local/gate.py
# A token is a number, or sixteen letters and figures with a figure among them. `data-walk` is our own mark.
STATE = """(butMain) => {
  const tokens = new Map(), token = /(?=[a-z_-]*[0-9])[\\w-]{16,}|[0-9]+/gi
  const plain = new Set(['class', 'style', 'role', 'tabindex', 'colspan', 'rowspan', 'aria-level', 'maxlength'])
  const numbered = (text) => text.replace(token, (match) => {
    if (!tokens.has(match)) tokens.set(match, tokens.size)
    return `<${tokens.get(match)}:${match.length}>`
  })
  const attributes = (el) => [...el.attributes].filter(({ name }) => name !== 'data-walk')
    .map(({ name, value }) => `${name}=${plain.has(name) ? value : numbered(value)}`).sort()
  const state = (el) => [el.checked, el.selectedIndex, el.disabled, el.matches(':modal, :popover-open'),
    typeof el.value === 'string' && numbered(el.value), !butMain && el === document.activeElement]
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return numbered(node.data)
    if (node.nodeType !== Node.ELEMENT_NODE || (butMain && node.matches('main'))) return ''
    const inside = [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(read).join('')
    return `<${[node.localName, ...attributes(node), ...state(node)].join(' ')}>${inside}</>`
  }
  const media = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)', '(forced-colors: active)']
  const sheets = document.adoptedStyleSheets.map((sheet) => [...sheet.cssRules].map((rule) => rule.cssText).join(''))
  return JSON.stringify([innerWidth, innerHeight, media.map((query) => matchMedia(query).matches), sheets,
    read(butMain ? document.body : document.documentElement)])
}"""


# Of the page as it stands, or of HTML that is only read. What names another element counts by what it leads to, words
# by whether there are any, fewer than three signs, or one so long that it may not wrap. The first is the page's own.
KINDS = r"""(html) => {
  const page = html ? new DOMParser().parseFromString(html, 'text/html') : document
  const all = (selector) => [...page.querySelectorAll(selector)]
  const leading = new Set(['for', 'form', 'list', 'headers', 'popovertarget', 'aria-labelledby', 'aria-describedby',
    'aria-controls', 'aria-owns', 'aria-activedescendant', 'aria-details', 'aria-errormessage'])
  const plain = new Set(['class', 'role', 'type', 'scope', 'tabindex', 'dir', 'lang', 'autocomplete', 'inputmode',
    'open', 'hidden', 'checked', 'disabled', 'required', 'readonly', 'multiple', 'target', 'accesskey',
    'contenteditable', 'http-equiv', 'popover', 'inert'])
  const presentOnly = new Set(['id', 'href', 'src', 'alt', 'title', 'placeholder', 'style', 'value', 'aria-label'])
  const counted = new Set(['aria-valuetext', 'aria-valuenow', 'aria-valuemin', 'aria-valuemax', 'aria-posinset',
    'aria-setsize'])
  const parents = new Set(['table', 'thead', 'tbody', 'tr', 'ul', 'ol', 'dl', 'fieldset', 'figure', 'details',
    'select', 'video', 'audio', 'svg'])
  const spoken = new Set(['a', 'button', 'summary', 'th', 'legend', 'caption', 'label'])
  const target = (id) => page.getElementById(id)?.localName ?? 'nothing'
  const list = (value) => value.split(/\s+/).filter(Boolean)
  const attribute = ({ name, value }) => {
    if (leading.has(name)) return `${name}=${list(value).map(target)}`
    if (name === 'href' && /^#./.test(value)) return `href=#${target(value.slice(1))}`
    if (presentOnly.has(name)) return name + (value.trim() ? '' : '=')
    if (plain.has(name) || (name.startsWith('aria-') && !counted.has(name))) return `${name}=${list(value).join(' ')}`
    return /^data-(?!walk)/.test(name) && /^[a-z -]*$/.test(value) ? `${name}=${value}` : ''
  }
  const lengthOf = (text) => {
    const trimmed = text.trim(), longest = Math.max(...trimmed.split(/[\s\u2060\u200b-]+/).map((word) => word.length))
    return trimmed.length < 3 ? trimmed.length : longest > 24 ? 'a long word' : 'words'
  }
  const named = (el) => el.getAttribute('aria-label')
    ?? list(el.getAttribute('aria-labelledby') ?? '').map((id) => page.getElementById(id)?.textContent).join(' ')
  const hiding = ['role', 'hidden', 'aria-hidden', 'open', 'inert']
  const around = (el) => [el.localName, ...[...el.classList].sort(), ...hiding.filter((name) => el.hasAttribute(name))
    .map((name) => `[${name}=${el.getAttribute(name)}]`)].join('.')
  const repeated = (values) => values.filter((value, index) => values.indexOf(value) !== index)
  const content = (name) => page.querySelector(name)?.content ?? ''
  const root = page.documentElement, kinds = new Map([[JSON.stringify([
    root.lang, [...root.classList].sort(), content('meta[name=viewport]'), all('main').length, all('h1').length,
    /^[A-ZÀ-Ý0-9«(]/.test(page.title), repeated(all('[id]').map((el) => el.id)).length > 0,
    repeated(all('[accesskey]').map((el) => el.accessKey)).length > 0,
    repeated(all('nav, aside, section, form, header, footer, [role]').filter((el) => !el.closest('svg') && named(el))
      .map((el) => `${el.localName} ${el.getAttribute('role')} ${named(el)}`)).length > 0,
    !page.querySelector('.site-head .log-in') || [content('meta[name=description]').length > 29,
      !!page.querySelector('link[rel=canonical]')?.href],
  ]), root]])
  const inside = Object.getOwnPropertyDescriptor(Element.prototype, 'children').get
  let heading = 0
  const read = (el, outer, parent) => {
    const name = el.localName, within = [...el.childNodes]
    const state = [el.checked, el.disabled, page === document && el.matches(':modal, :popover-open')]
    if (el.labels) state.push([...el.labels].map((label) => lengthOf(label.textContent)).join())
    if (spoken.has(name)) state.push(lengthOf(el.textContent))
    if (/^h[1-6]$/.test(name)) { state.push(heading); heading = name }
    if (name === 'form' && el.matches('[role=search]')) state.push(!!el.querySelector('button:not([type=button])'))
    if (parents.has(name)) state.push([...new Set([...inside.call(el)].map((child) => child.localName))].sort().join())
    const texts = within.filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join(' ')
    const kind = [outer, parent, name, [...el.attributes].map(attribute).filter(Boolean).sort().join(' '), ...state,
      lengthOf(texts)].join('|')
    if (!kinds.has(kind)) kinds.set(kind, el)
    if (['svg', 'script', 'style'].includes(name)) return
    // A field named « children » hides those of its form.
    for (const child of [...(el.shadowRoot?.children ?? []), ...inside.call(el)]) read(child, parent, around(el))
  }
  read(page.body, '', '')
  if (page === document) window.elementsOfKinds = kinds
  const media = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)', '(forced-colors: active)']
  return [JSON.stringify([innerWidth, innerHeight, media.map((query) => matchMedia(query).matches), root.className]),
    [...kinds.keys()]]
}"""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class KnownKinds:
    """The kinds of elements that have passed a test in this run: a file of its own, which every worker lengthens."""

    def __init__(self, test: str, page: Page, html: str = "") -> None:
        window, self.kinds = page.evaluate(KINDS, html)
        self.note = FOLDER / f"kinds-{digest(f'{test}\n{window}')}"
        known = {*self.note.read_text().split()} if self.note.exists() else set()
        self.new = [kind for kind in self.kinds if digest(kind) not in known]

    def keep(self) -> None:
        FOLDER.mkdir(exist_ok=True)
        with self.note.open("a") as note:
            note.write("".join(f"{digest(kind)}\n" for kind in self.new))


def is_met_by_keyboard(kind: str) -> bool:
    """Return whether this is a control, or the page itself."""
    if kind.startswith("["):
        return True
    name, attributes = kind.split("|")[2:4]
    return name in CONTROLS or "tabindex=" in attributes or "contenteditable=" in attributes


class Verdict:
    """Of one test on a page as it now stands; without its `main`, of what surrounds every page."""

    def __init__(self, page: Page, test: str, *, without_main: bool = False) -> None:
        state = f"{test}\n{without_main}\n{page.evaluate(STATE, without_main)}"
        self.note = FOLDER / digest(state)

    def is_known(self) -> bool:
        return self.note.exists()

    def keep(self) -> None:
        FOLDER.mkdir(exist_ok=True)
        self.note.touch()


def judged_once(test: Callable[..., None]) -> Callable[..., None]:
    """Leave out a page that has passed this test, with these arguments, in this run.

    A test that has an argument `new` hears which kinds it need look at, as `window.elementsOfKinds` knows them.
    """
    hears = "new" in inspect.signature(test).parameters

    @functools.wraps(test)
    def judge(page: Page, *arguments: Any) -> None:
        name = f"{test.__name__}{arguments}"
        if BY_KIND:
            found = KnownKinds(name, page)
            if found.new:
                test(page, *arguments, **({"new": found.new} if hears else {}))
                found.keep()
            return
        verdict = Verdict(page, name)
        if not verdict.is_known():
            test(page, *arguments)
            verdict.keep()

    return judge
