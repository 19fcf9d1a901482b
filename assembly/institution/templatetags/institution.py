"""Template tag at the top of `base.html` that sets the term of the page."""

from django import template

from assembly.institution.page_term import show_term, term_of_context
from assembly.institution.pages import InstitutionContext

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
