"""What higher apps show on the page of one thing (`assembly.portal.registry.panels_about`)."""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from assembly.portal.registry import panels_about

register = template.Library()


@register.simple_tag(takes_context=True)
def about(context: template.Context, page: str, subject: Any) -> SafeString:
    """`{% about "desk-sitting" sitting %}`."""
    return format_html_join("", "{}", ((html,) for html in panels_about(page, context["request"].user, subject)))
