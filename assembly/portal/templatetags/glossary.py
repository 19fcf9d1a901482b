"""Words of the glossary, explained on the pages that use them."""

from typing import Any

from django import template

from assembly.portal.words import GLOSSARY

register = template.Library()


@register.inclusion_tag("portal/_words.html")
def words_explained(*slugs: str) -> dict[str, Any]:
    """`{% words_explained "liasse" "depot" %}`: each word opens its meaning, without leaving the page."""
    known = {slug: (slug, word, meaning) for slug, word, meaning in GLOSSARY}
    return {"words": [known[slug] for slug in slugs]}
