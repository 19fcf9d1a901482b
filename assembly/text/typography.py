"""No-break spaces in everything that templates print: pages, fragments, titles, mails, sources of PDF.

Templates and people write ordinary spaces before `: ; ? ! »` and after `«`. Readers get no-break ones, wherever the
text came from. Attributes, editable texts and styles keep theirs.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.backends import django as backend
from django.utils.safestring import SafeString, mark_safe

from assembly.text.french import NBSP

BREAKING = (" :", " ;", " ?", " !", " »", " %", " €", "« ")
VERBATIM = re.compile(r"<(style|script|textarea)\b.*?</\1>", re.DOTALL)


def no_break(html: str) -> str:
    """Put no-break spaces between the tags of HTML, or in plain text, in one pass."""
    parts, at, is_in_tag = [], 0, False
    verbatim = [match.span() for match in VERBATIM.finditer(html)]
    for place in sorted({*breaking_positions(html)}):
        while verbatim and verbatim[0][1] <= place:
            del verbatim[0]
        opened, closed = html.rfind("<", at, place), html.rfind(">", at, place)
        if opened != closed:
            is_in_tag = opened > closed
        is_unchanged = is_in_tag or (verbatim and verbatim[0][0] <= place)
        parts += [html[at:place], " " if is_unchanged else NBSP]
        at = place + 1
    return "".join([*parts, html[at:]])


def breaking_positions(html: str) -> Iterator[int]:
    """Yield the positions of such spaces.

    Each pair is searched for on its own: a search for a constant costs a tenth of one by pattern.
    """
    for pair in BREAKING:
        place = html.find(pair)
        while place >= 0:
            yield place + pair.index(" ")
            place = html.find(pair, place + 1)


class Template(backend.Template):
    def render(self, context: Any = None, request: Any = None) -> SafeString:
        return mark_safe(no_break(super().render(context, request)))  # noqa: S308 -- what the engine has escaped


class Templates(backend.DjangoTemplates):
    """Django's engine, whose templates print through `no_break`."""

    def from_string(self, template_code: str) -> Template:
        return Template(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        try:
            return Template(self.engine.get_template(template_name), self)
        except TemplateDoesNotExist as missing:
            backend.reraise(missing, self)
