"""Views of the address book: people without account."""

from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from members import queries, rules
from members.actions import contacts as actions
from members.forms import CONTACT, NAMES, PersonForm
from members.labels import correction_message
from members.models import Contact


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_manage)
    return form_page(
        request,
        PersonForm(posted(request), initial={"channel": "email"}),
        lambda data: actions.add(term, by=request.user, **data),
        template="members/members/person_form.html",
        context={"person": None, "committees": ()},
        success_message=lambda contact: _("%(name)s est dans la liste.") % {"name": contact.person.full_name},
        to=reverse("members:person-list"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def person_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show one card, and correct it."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("person"), pk=pk)
    person = contact.person
    return form_page(
        request,
        PersonForm(posted(request), initial=model_to_dict(person, [*NAMES, "capacity", *CONTACT])),
        lambda data: actions.correct(contact, by=request.user, **data),
        template="members/members/person_form.html",
        context=lambda: {"person": person, "committees": queries.committee_seats(person)},
        success_message=correction_message,
        to=reverse("members:person-list"),
    )
