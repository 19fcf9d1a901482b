"""Template tag: words of the glossary."""

from typing import Any

from django import template

from assembly.portal.glossary import GLOSSARY

register = template.Library()


@register.inclusion_tag("portal/_glossary_entries.html")
def glossary_entries(*slugs: str) -> dict[str, Any]:
    """Return words that each open their meaning on the page: `{% glossary_entries "liasse" "depot" %}`."""
    known = {slug: (slug, word, meaning) for slug, word, meaning in GLOSSARY}
    return {"entries": [known[slug] for slug in slugs]}
