"""Template tag that explains words of the glossary on the pages that use them."""

from typing import Any

from django import template

from assembly.portal.words import GLOSSARY

register = template.Library()


@register.inclusion_tag("portal/_words.html")
def words_explained(*slugs: str) -> dict[str, Any]:
    """Return words that each open their meaning on the page: `{% words_explained "liasse" "depot" %}`."""
    known = {slug: (slug, word, meaning) for slug, word, meaning in GLOSSARY}
    return {"words": [known[slug] for slug in slugs]}
