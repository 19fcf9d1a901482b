"""Views of the address book: people without account."""

from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.current_term import working_term
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.lists import Column, List
from members import queries, rules
from members.actions import contacts as actions
from members.forms import CONTACT, NAMES, PersonForm, PersonSearch
from members.labels import correction_message
from members.models import Contact
from members.models.contact import ContactQuerySet

NAME = "person__sort_name"
LIST = List(
    gettext_lazy("personnes"),
    [
        Column(gettext_lazy("Nom"), "person.last_name", key="nom", order=[NAME]),
        Column(gettext_lazy("Prénom"), "person.first_name"),
        Column(
            gettext_lazy("Qualité"), "person.capacity", key="qualite", order=["person__capacity__alphabetical", NAME]
        ),
        Column(gettext_lazy("Contact"), "person.get_channel_display", key="contact"),
    ],
    default="nom",
    export="members:person-export",
)


def search_request(request: UserRequest) -> tuple[PersonSearch, ContactQuerySet]:
    """Return the search form and its rows, for the list and its file."""
    term = working_term(request, rules.can_manage)
    form = PersonSearch(request.GET)
    return form, queries.contacts(request.user, term, form.active_filters().get("q", "")).for_screen()


@require_safe
def person_list(request: UserRequest) -> HttpResponse:
    form, rows = search_request(request)
    return render(request, "members/person_list.html", {"form": form, "list": LIST.page(request, rows)})


@require_safe
@recently_authenticated
def person_export(request: UserRequest) -> HttpResponse:
    """Return the list as it is shown, as a file."""
    form, rows = search_request(request)
    return LIST.file(request, rows, form)


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_manage)
    return form_page(
        request,
        PersonForm(posted(request), initial={"channel": "email"}),
        lambda data: actions.add(term, by=request.user, **data),
        template="members/person_form.html",
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
        template="members/person_form.html",
        context=lambda: {"person": person, "committees": queries.committee_seats(person)},
        success_message=correction_message,
        to=reverse("members:person-list"),
    )
