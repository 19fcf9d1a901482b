"""Form renderer that writes lists of choices in Python.

A template for each choice took a quarter of a list page's processor time (27 cantons, 20 groups, five short lists).
"""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"


class FormRenderer(TemplatesSetting):
    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == SELECT:
            return select_html(context["widget"])
        return super().render(template_name, context, request)


def select_html(widget: Mapping[str, Any]) -> SafeString:
    """Return what Django's template of a select writes, without its empty lines."""
    lines: list[str] = []
    for group, options, _index in widget["optgroups"]:
        if group:
            lines.append(format_html('<optgroup label="{}">', group))
        lines += [
            f'<option value="{escape(option["value"])}"{attributes(option["attrs"])}>'
            f"{escape(option['label'])}</option>"
            for option in options
        ]
        if group:
            lines.append("</optgroup>")
    body = "\n  ".join(["", *lines])
    name = escape(widget["name"])
    return mark_safe(f'<select name="{name}"{attributes(widget["attrs"])}>{body}\n</select>')  # noqa: S308 -- escaped


def attributes(attrs: Mapping[str, Any]) -> str:
    """Return the attributes as `django/forms/widgets/attrs.html` writes them."""
    pairs = ((escape(name), value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{escape(value)}"' for name, value in pairs)
