"""A page that passed is not judged again in the same run: same elements, words, state and window, same verdict.

What a run makes anew at each look (numbers of rows, keys, tokens, dates) counts by its length and by where it comes
again, not by its value: two pages where the same two ids are equal are alike, one where they differ is another.
Whatever else differs, be it one word or one attribute, is judged. So is what failed.
"""

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

FOLDER = Path(os.environ["ASSEMBLY_TEST_HOME"]) / "verdicts"  # of the whole run; the next one begins without
# A token is a number, or sixteen letters and figures with a figure among them. `data-walk` is our own mark.
STATE = """(butMain) => {
  const met = new Map(), token = /(?=[a-z_-]*[0-9])[\\w-]{16,}|[0-9]+/gi
  const plain = new Set(['class', 'style', 'role', 'tabindex', 'colspan', 'rowspan', 'aria-level', 'maxlength'])
  const numbered = (words) => words.replace(token, (one) => {
    if (!met.has(one)) met.set(one, met.size)
    return `<${met.get(one)}:${one.length}>`
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
  return JSON.stringify([innerWidth, innerHeight, media.map((one) => matchMedia(one).matches), sheets,
    read(butMain ? document.body : document.documentElement)])
}"""


class Verdict:
    """Of one test on a page as it now stands; without its `main`, of what surrounds every page."""

    def __init__(self, page: Page, test: str, *, without_main: bool = False) -> None:
        state = f"{test}\n{without_main}\n{page.evaluate(STATE, without_main)}"
        self.note = FOLDER / hashlib.sha256(state.encode()).hexdigest()

    def is_known(self) -> bool:
        return self.note.exists()

    def keep(self) -> None:
        FOLDER.mkdir(exist_ok=True)
        self.note.touch()


def judged_once(test: Callable[..., None]) -> Callable[..., None]:
    """Leave out a page that has passed this test, with these arguments, in this run."""

    @functools.wraps(test)
    def judge(page: Page, *arguments: Any) -> None:
        verdict = Verdict(page, f"{test.__name__}{arguments}")
        if not verdict.is_known():
            test(page, *arguments)
            verdict.keep()

    return judge
