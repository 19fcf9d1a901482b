"""Template filters that show an answer."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe

from answers.cases.models import AnswerFact
from assembly.web.templatetags.ui import nbsp

register = template.Library()


@register.filter
def fact_rows(facts: Iterable[AnswerFact]) -> SafeString:
    """Return the rows of a `<dl>`, without a template: an opinion with its answers has fifty of them."""
    return format_html_join("", "{}", ((fact_row(fact),) for fact in facts))


@lru_cache(maxsize=1_000)
def fact_row(fact: AnswerFact) -> SafeString:
    """Return the cached row of a fact: it is the same for every reader."""
    html = mark_safe(linebreaks(nbsp(fact.words)))  # noqa: S308 -- `nbsp` escapes
    if fact.url:
        html += format_html('<p><a href="{}" rel="nofollow noopener">{}</a></p>', fact.url, fact.link)
    elif fact.link:
        html += format_html("<p>{}</p>", fact.link)
    return format_html("<dt>{}</dt><dd>{}</dd>", nbsp(fact.label), html)
