"""Spaces that must not break, in everything that templates print: pages, fragments, titles, mails, sources of PDF.

Templates and people write ordinary spaces before `: ; ? ! »` and after `«`. What reaches readers has no-break ones,
wherever the words came from. Attributes, texts to edit and styles keep theirs.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.backends import django as backend
from django.utils.safestring import SafeString, mark_safe

from assembly.ui.words import NBSP

BREAKING = (" :", " ;", " ?", " !", " »", " %", " €", "« ")
VERBATIM = re.compile(r"<(style|script|textarea)\b.*?</\1>", re.DOTALL)


def no_break(html: str) -> str:
    """Put no-break spaces between the tags of HTML, or in plain text; in one pass, whatever was typed."""
    kept, at, is_in_tag = [], 0, False
    verbatim = [found.span() for found in VERBATIM.finditer(html)]
    for place in sorted({*breaking_places(html)}):
        while verbatim and verbatim[0][1] <= place:
            del verbatim[0]
        opened, closed = html.rfind("<", at, place), html.rfind(">", at, place)
        if opened != closed:
            is_in_tag = opened > closed
        is_kept = is_in_tag or (verbatim and verbatim[0][0] <= place)
        kept += [html[at:place], " " if is_kept else NBSP]
        at = place + 1
    return "".join([*kept, html[at:]])


def breaking_places(html: str) -> Iterator[int]:
    """Where such a space is. Each pair is sought alone: a search for a constant costs a tenth of one by pattern."""
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
