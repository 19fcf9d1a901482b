"""What any page must pass in the browser: axe, the keyboard, a narrow window. Other tests call these.

`assert_accessible(page)`, `assert_contrast_in_the_dark(page)`, `assert_keyboard_navigation(page)`,
`assert_reflows(page)`, or all at once: `assert_usable(page)`.
"""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.verdicts import Verdict, is_met_by_keyboard, judged_once

AXE = Axe()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"type": "tag", "values": TAGS}
# What depends on the colour scheme: the other rules read elements and words, which stay the same.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
NARROW = {"width": 320, "height": 640}
MANY, AT_ONCE = 400, 10

CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]"
# Every stop of the page, or those of its main part and the one after: who reaches that one was held by nothing.
REACHABLE = """([controls, inMain]) => {
  const main = inMain && document.querySelector('main')
  const after = (el) => main.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING
  for (const el of document.querySelectorAll('[data-walk]')) delete el.dataset.walk
  const stops = [...document.querySelectorAll(controls)]
    .filter((el) => el.tabIndex >= 0 && !el.disabled && el.checkVisibility({visibilityProperty: true}))
    .filter((el) => !(el.type === 'radio' && radioTwin(el)))
  const last = main && stops.find((el) => after(el) && !main.contains(el))
  return stops.filter((el) => !main || main.contains(el) || el === last).map((el, index) => {
    el.dataset.walk = index
    return `${el.tagName} ${(el.textContent || el.name || el.id).trim().slice(0, 60)}`
  })
}"""
BEGIN = """(inMain) => {
  document.activeElement?.blur()
  window.scrollTo(0, 0)
  if (inMain) document.querySelector('main')?.focus()
}"""
# A group of radios is one stop: the chosen one, else the first.
RADIO_TWIN = """() => { window.radioTwin = (el) => {
  const same = document.querySelectorAll(`input[type=radio][name="${CSS.escape(el.name)}"]`)
  const group = [...same].filter((other) => other.form === el.form)
  return (group.find((other) => other.checked) ?? group[0]) !== el
} }"""
# The page itself notes where the focus is, before each Tab and at the end: one question for many keys.
LISTEN = """() => {
  window.stepsOfWalk = []
  if (!window.walkIsHeard)
    for (const key of ['keydown', 'keyup']) window.addEventListener(key, () => stepsOfWalk.push(whereIsFocus()), true)
  window.walkIsHeard = true
  window.whereIsFocus = () => {
  const el = document.activeElement
  if (!el || el === document.body) return null
  const style = getComputedStyle(el), box = el.getBoundingClientRect()
  const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
  const parent = el.closest('label') && getComputedStyle(el.closest('label'))
  const byLabel = parent && parent.outlineStyle !== 'none' && parseFloat(parent.outlineWidth) >= 2
  return {walk: el.dataset.walk ?? null, html: el.outerHTML.slice(0, 120), ring: shown || byLabel,
          visible: box.width > 0 && box.height > 0}
} }"""
STEPS = "() => stepsOfWalk.splice(0).slice(1)"
# A link in running text keeps its line; one that is all that its block says is a target.
# Another target of the same part that lies over the middle takes of it.
SMALL_TARGETS = """(controls) => {
  const least = document.documentElement.classList.contains('staff') ? 24 : 44
  const hidden = '.skip, .term, .table-stack thead', part = (el) => el.closest('main, nav, footer')
  const textOf = (el) => el.textContent.trim(), block = (el) => el.closest(':not(a, sup)')
  const alone = (el) => textOf(el) && textOf(el) === textOf(block(el))
  const isTarget = (el) => getComputedStyle(el).display !== 'inline' || (least > 24 && alone(el))
  const targets = [...document.querySelectorAll(controls)]
    .filter((el) => el.tabIndex >= 0 && el.checkVisibility({visibilityProperty: true}) && !el.closest(hidden))
    .filter(isTarget).map((el) => [el, (el.closest('label') ?? el).getBoundingClientRect()])
  // A box may hold the button that empties it.
  const holds = (outer, box) => outer.left <= box.left && outer.right >= box.right && outer.top <= box.top + 1
    && outer.bottom >= box.bottom - 1
  const covered = (el, box) => {
    const x = box.left + box.width / 2, y = box.top + box.height / 2, reach = least / 2 - 2
    return targets.some(([other, {left, right, top, bottom}]) =>
      other !== el && part(other) === part(el) && !other.contains(el) && !el.contains(other)
      && !holds({left, right, top, bottom}, box)
      && !other.isContentEditable && left < x && right > x && top < y + reach && bottom > y - reach)
  }
  return targets.filter(([el, box]) => box.height + 0.5 < least || (least > 24 && covered(el, box)))
    .map(([el, box]) => `${Math.round(box.height)} ${el.outerHTML.slice(0, 120)}`)
}"""
WIDER_THAN_THE_WINDOW = """() => [...document.querySelectorAll('body *')]
  .filter((el) => el.checkVisibility() && el.getBoundingClientRect().right > innerWidth + 1)
  .filter((el) => !el.closest('.table-wrap, .vh, svg, [data-assembly-wide]') || el.matches('.table-wrap'))
  .map((el) => el.outerHTML.slice(0, 120)).slice(0, 5)
"""


# What the page itself is (its title, its landmarks) asks for all of it, else one element of each new kind.
RUN = """([only, kinds]) => {
  const chosen = kinds && [...new Set(kinds.map((kind) => elementsOfKinds.get(kind)))].filter((el) => el.isConnected)
  const whole = !chosen || chosen.includes(document.documentElement)
  const where = whole ? document : {include: chosen}
  return axe.run(where, {runOnly: only, resultTypes: ['violations']}).then((all) => all.violations)
}"""


def violations(page: Page, only: dict[str, Any], new: list[str] | None = None) -> list[str]:
    """Return each violated rule with its elements; the list of passed rules stays in the browser."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate(RUN, [only, new])
    return [f"{rule['id']}: {rule['help']}\n    " + "\n    ".join(places(rule)) for rule in found]


def places(rule: dict[str, Any]) -> list[str]:
    return [f"{node['html'][:160]} {node.get('failureSummary', '')[:200]!r}" for node in rule["nodes"][:5]]


@judged_once
def assert_accessible(page: Page, only: dict[str, Any] = EVERYTHING, new: list[str] | None = None) -> None:
    """Check that there is no automatic error of WCAG 2.2 A and AA, nor of good practice."""
    found = violations(page, only, new)
    assert not found, f"{page.url}\n" + "\n".join(found)


def steps_of(page: Page, count: int) -> Iterator[dict[str, Any] | None]:
    """Where the focus stands after each Tab, `None` at the end of the page, asked by the dozen.

    The key is held down and repeats: to release it each time took half of the walk.
    """
    for _ in range(0, MANY, count):
        for _ in range(count):
            page.keyboard.down("Tab")
        page.keyboard.up("Tab")
        yield from page.evaluate(STEPS)


@judged_once
def assert_keyboard_navigation(page: Page, new: list[str] | None = None) -> None:
    """Tab through the whole page: every control is met, shows a ring of 2 px or more, and none keeps the focus.

    What surrounds the main part of many pages is walked through once in a run, as long as it is the same.
    """
    if new is not None and not any(map(is_met_by_keyboard, new)):
        return
    surroundings = Verdict(page, "walk", without_main=True)
    in_main = surroundings.is_known()
    page.evaluate(BEGIN, in_main)
    page.evaluate(RADIO_TWIN)
    expected = page.evaluate(REACHABLE, [CONTROLS, in_main])
    page.evaluate(LISTEN)
    met: set[str] = set()
    without_ring: list[str] = []
    last, still, rounds = None, 0, 0
    for focused in steps_of(page, AT_ONCE):
        if focused is None:  # the end of the page; the next Tab begins again at its top
            rounds += 1
        elif focused["walk"] is not None:
            met.add(focused["walk"])
        if len(met) == len(expected) or rounds == 2:
            break
        if focused is None:
            continue
        still = still + 1 if focused["html"] == last else 0
        assert still < 8, f"{page.url}: the keyboard is trapped in {focused['html']}"
        last = focused["html"]
        if not (focused["ring"] and focused["visible"]):
            without_ring.append(focused["html"])
    missed = [words for index, words in enumerate(expected) if str(index) not in met]
    assert not missed, f"{page.url}: the keyboard never reaches {missed}"
    assert not without_ring, f"{page.url}: no visible focus on {without_ring[:5]}"
    surroundings.keep()


@judged_once
def assert_reflows(page: Page) -> None:
    """Check at 320 px (400 % of 1280) that nothing is cut and targets have 44 px (24 at the desk)."""
    before = page.viewport_size
    page.set_viewport_size(NARROW)
    try:
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"], (
            f"{page.url}: {width} px wide, because of {page.evaluate(WIDER_THAN_THE_WINDOW)}"
        )
        small = page.evaluate(SMALL_TARGETS, CONTROLS)
        assert not small, f"{page.url}: targets too small for a thumb: {small[:5]}"
    finally:
        if before:
            page.set_viewport_size(before)


def assert_contrast_in_the_dark(page: Page) -> None:
    """Check the rules that depend on colours, in the dark scheme."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce", forced_colors="none")
    try:
        assert_accessible(page, COLOURS)
    finally:
        page.emulate_media(color_scheme="light")


# What engines of HTML report and axe does not: Nu, HTML_CodeSniffer, search engines.
MARKUP_FAULTS = """() => {
  const faults = [], own = (name) => document.querySelector(name)?.content ?? ''
  if (!/^[A-ZÀ-Ý0-9«(]/.test(document.title)) faults.push(`title: ${document.title}`)
  const ids = [...document.querySelectorAll('[id]')].map((el) => el.id)
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) faults.push(`id twice: ${id}`)
  // Tables that people write in a text have no class and are their own.
  for (const table of document.querySelectorAll('table[class]:not([role=presentation])'))
    if (!table.caption?.textContent.trim()) faults.push(`no caption: ${table.outerHTML.slice(0, 90)}`)
  for (const form of document.querySelectorAll('form[role=search]'))
    if (!form.querySelector('button:not([type=button])')) faults.push('a search without its button')
  if (document.querySelector('.site-head .log-in')) {
    if (own('meta[name=description]').length < 30) faults.push('no description')
    if (!document.querySelector('link[rel=canonical]')?.href) faults.push('no canonical address')
  }
  return faults
}"""


def assert_valid_markup(page: Page) -> None:
    """Check title, unique ids, captions and search button; public pages need a description."""
    found = page.evaluate(MARKUP_FAULTS)
    assert not found, f"{page.url}: {found}"


def assert_usable(page: Page) -> None:
    """Run all these checks."""
    assert_accessible(page)
    assert_valid_markup(page)
    assert_contrast_in_the_dark(page)
    assert_keyboard_navigation(page)
    assert_reflows(page)
