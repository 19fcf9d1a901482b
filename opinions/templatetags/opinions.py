"""An opinion as it is read."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assembly.ui.templatetags.ui import nbsp
from opinions.documents.body import ContentsLine

register = template.Library()


@register.filter
def contents_rows(lines: Iterable[ContentsLine]) -> SafeString:
    """The table of contents as items of a list. No template: it has as many as there are recommendations."""
    return format_html_join("", "{}", ((contents_row(line),) for line in lines))


@lru_cache(maxsize=1_000)
def contents_row(line: ContentsLine) -> SafeString:
    """The same line makes the same item, whoever reads it."""
    depth = SafeString(' class="deep"') if line.depth else ""
    mark = format_html('<span class="ref">{}</span> ', line.reference) if line.reference else ""
    return format_html('<li{}><a href="#{}">{}{}</a></li>', depth, line.anchor, mark, nbsp(line.words))


@register.filter
def glossary_rows(rows: Iterable[Mapping[str, str]]) -> SafeString:
    """Words and what they mean, as rows of a `<dl>`; no template, as above."""
    return format_html_join("", "<dt>{}</dt><dd>{}</dd>", ((nbsp(row["word"]), nbsp(row["sense"])) for row in rows))
