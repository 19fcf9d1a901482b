"""Template tags of the layout of public pages: the link from a page to its JSON, and its facts for programs."""

import re
from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assembly.fragments.cache import cached_piece
from assembly.open_data.linked import data_block, described_assembly, linked_page
from assembly.open_data.registry import DataSet, data_sets

register = template.Library()


@cache
def data_pages() -> tuple[re.Pattern[str], dict[str, DataSet]]:
    """Return the pattern of the pages with JSON beside them, `/avis/AC2-2026-01/`, and the set of each folder."""
    sets = {each.page.path: each for each in data_sets() if each.page}
    paths = "|".join(map(re.escape, sets))
    return re.compile(rf"(/({paths})([^/]+))/"), sets


@register.simple_tag
def data_link(path: str) -> SafeString:
    """Return the link to the JSON of the page at `path`; nothing for a page without."""
    match = data_pages()[0].fullmatch(path)
    link = '<link rel="alternate" type="application/json" href="{}.json">'
    return format_html(link, match[1]) if match else SafeString("")


@register.simple_tag(takes_context=True)
def linked_data(context: Context, path: str) -> SafeString:
    """Return the page at `path` in the vocabulary of schema.org, with the assembly; nothing for a page without.

    What its view gives as `linked_thing`, else what the set of its JSON declares, cached until a table changes.
    """
    thing = context.get("linked_thing") or linked_thing(path)
    if not thing:
        return SafeString("")
    assembly = context["institution"].assembly
    about = [described_assembly(assembly.name, assembly.authority_name)] if assembly else []
    return data_block(*about, thing)


def linked_thing(path: str) -> dict[str, Any]:
    pattern, sets = data_pages()
    match = pattern.fullmatch(path)
    if match is None:
        return {}
    each, reference = sets[match[2]], match[3]
    if each.page is None or each.page.linked is None:
        return {}
    return cached_piece(("open-data", each.key, "linked", reference), lambda: linked_page(each, reference))
