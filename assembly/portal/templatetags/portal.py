"""Template tags: words of the glossary, and widgets of higher apps on the page of one object or on each of a list.

The widgets are registered in `assembly.portal.registry`.
"""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from assembly.portal.glossary import GLOSSARY
from assembly.portal.registry import object_widgets, widgets_by_part

register = template.Library()


@register.inclusion_tag("portal/_glossary_entries.html")
def glossary_entries(*slugs: str) -> dict[str, Any]:
    """Return words that each open their meaning on the page: `{% glossary_entries "liasse" "depot" %}`."""
    known = {slug: (slug, word, meaning) for slug, word, meaning in GLOSSARY}
    return {"entries": [known[slug] for slug in slugs]}


@register.simple_tag(takes_context=True)
def widgets_about(context: template.Context, page: str, subject: Any) -> SafeString:
    """Render the widgets about one object: `{% widgets_about "desk-sitting" sitting %}`."""
    widgets = object_widgets(page, context["request"].user, subject, context.get("csrf_token", ""))
    return format_html_join("", "{}", ((html,) for html in widgets))


@register.simple_tag(takes_context=True)
def widgets_about_each(context: template.Context, page: str, subjects: Any) -> dict[str, SafeString]:
    """Return the widgets about each object of a list.

    `{% widgets_about_each "desk-canton-list" list.page as linked %}`, then `{{ linked|widget_of:canton.pk }}`.
    """
    return widgets_by_part(page, context["request"].user, subjects)


@register.filter
def widget_of(widgets: dict[str, SafeString], key: int) -> SafeString:
    return widgets.get(str(key), SafeString())
