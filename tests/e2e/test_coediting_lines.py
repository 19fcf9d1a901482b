"""How many characters a line of the text holds beside its outline and its comments, from tablets to desks."""

import pytest

from assembly.collab.document import grammar
from tests.e2e.coediting import TEXT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENTENCE = (
    "Dans les cantons ruraux, les personnes âgées qui vivent seules disent souvent qu’elles ne savent pas à qui "
    "s’adresser quand un problème de santé, de transport ou de papiers se présente. "
)
# Where each line of a paragraph begins, from the boxes of its characters; the last line is left out.
LINES = """(paragraph) => {
  const text = paragraph.firstChild
  const range = document.createRange()
  const starts = []
  let top = null
  for (let at = 0; at < text.length; at += 1) {
    range.setStart(text, at)
    range.setEnd(text, at + 1)
    const box = range.getBoundingClientRect()
    if (box.width && (top === null || box.top > top + 4)) { starts.push(at); top = box.top }
  }
  return starts.slice(1).map((start, line) => start - starts[line])
}"""


@pytest.mark.parametrize("width", [1000, 1024, 1100, 1180, 1280, 1440])
def test_a_line_holds_enough_characters(desk, width):
    desk.write(grammar.paragraph(SENTENCE * 4))
    page = desk.open(desk.person(), viewport={"width": width, "height": 900})
    counts = page.locator(f"{TEXT} p").first.evaluate(LINES)
    assert 55 <= sum(counts) / len(counts) <= 90, counts
    assert page.evaluate("document.documentElement.scrollWidth") == width
    plan = page.get_by_role("navigation", name="Plan")
    if not plan.is_visible():
        page.get_by_role("button", name="Plan").click()
    assert plan.get_by_role("link", name="Avant-propos").is_visible()
