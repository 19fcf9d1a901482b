"""Template tags for the pages on which an opinion is read."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assembly.web.templatetags.ui import nbsp
from opinions.papers.documents.body import ContentsLine

register = template.Library()


@register.filter
def contents_rows(lines: Iterable[ContentsLine]) -> SafeString:
    """Return the table of contents as list items; not a template, since each recommendation has one."""
    return format_html_join("", "{}", ((contents_row(line),) for line in lines))


@lru_cache(maxsize=1_000)
def contents_row(line: ContentsLine) -> SafeString:
    """Return the item of one line; the same line gives the same item for every reader."""
    depth = SafeString(' class="deep"') if line.depth else ""
    mark = format_html('<span class="ref">{}</span> ', line.reference) if line.reference else ""
    return format_html('<li{}><a href="#{}">{}{}</a></li>', depth, line.anchor, mark, nbsp(line.text))


@register.filter
def glossary_rows(rows: Iterable[Mapping[str, str]]) -> SafeString:
    """Return words and their meaning as rows of a `<dl>`; not a template, for the same reason."""
    return format_html_join("", "<dt>{}</dt><dd>{}</dd>", ((nbsp(row["word"]), nbsp(row["sense"])) for row in rows))
