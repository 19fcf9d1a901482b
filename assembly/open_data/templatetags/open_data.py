"""Template tag of the layout of public pages: the link from a page to its JSON."""

import re
from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assembly.open_data.registry import data_sets

register = template.Library()


@cache
def data_pages() -> re.Pattern[str]:
    """Return the pattern of the pages with JSON beside them: `/avis/AC2-2026-01/`."""
    paths = "|".join(re.escape(each.page.path) for each in data_sets() if each.page)
    return re.compile(rf"(/(?:{paths})[^/]+)/")


@register.simple_tag
def data_link(path: str) -> SafeString:
    """Return the link to the JSON of the page at `path`; nothing for a page without."""
    match = data_pages().fullmatch(path)
    link = '<link rel="alternate" type="application/json" href="{}.json">'
    return format_html(link, match[1]) if match else SafeString("")
