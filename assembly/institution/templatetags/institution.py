"""Template tags: the term of the page (top of `base.html`), and `{% if address|opens_for:user %}`."""

from typing import Any

from django import template

from assembly.institution.menu import may_enter
from assembly.institution.pages import InstitutionContext, show_term, term_of_context

register = template.Library()


@register.simple_tag(takes_context=True)
def show_term_of_page(context: template.Context) -> str:
    """Set the page's term from the object that it shows, for a reader who works in several terms."""
    institution, request = context.get("institution"), context.get("request")
    if not isinstance(institution, InstitutionContext) or request is None or hasattr(request, "page_term"):
        return ""
    if len(institution.terms) > 1:
        names = {str(name): value for name, value in context.flatten().items()}
        if term := term_of_context(names, institution.terms) or institution.term:
            show_term(request, term, institution.terms)
    return ""


@register.filter
def opens_for(address: str, user: Any) -> bool:
    """Return whether the area of this address is open to the reader."""
    return may_enter(user, address)
