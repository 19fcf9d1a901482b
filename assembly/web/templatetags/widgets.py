"""Template tags: widgets of higher packages on the page of one object, or on each row of a list.

They are registered in `assembly.web.widgets`.
"""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from assembly.web.widgets import object_widgets, widgets_by_part

register = template.Library()
OF_PAGE = ("csrf_token", "request", "institution")


@register.simple_tag(takes_context=True)
def widgets_about(context: template.Context, page: str, subject: Any) -> SafeString:
    """Render the widgets about one object: `{% widgets_about "desk-sitting" sitting %}`."""
    page_context = {name: context.get(name, "") for name in OF_PAGE}
    widgets = object_widgets(page, context["request"].user, subject, page_context)
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
