"""The address book: people without account."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.ui.csv import csv_response
from assembly.ui.forms import posted
from assembly.ui.pagination import keyset_page, sorting
from members import queries, rules
from members.actions import contacts as actions
from members.forms import PersonForm, PersonSearch, contact_initial
from members.models import Contact
from members.views.places import term_for

NAME = ("person__sort_name",)
COLUMNS = {"nom": NAME, "qualite": ("person__capacity", *NAME)}


@require_safe
def person_list(request: UserRequest) -> HttpResponse:
    term = term_for(request, rules.can_manage)
    form = PersonSearch(request.GET)
    rows = queries.contacts(request.user, term, form.cleaned_data["q"] if form.is_valid() else "")
    order = sorting(request, COLUMNS, "nom")
    page = keyset_page(rows.for_screen(), request, ordering=order.ordering)
    columns = [{"label": _("Nom"), "key": "nom"}, {"label": _("Qualité"), "key": "qualite"}, {"label": _("Contact")}]
    query = request.GET.urlencode()
    context = {"form": form, "page": page, "order": order, "count": rows.count(), "columns": columns, "query": query}
    export = reverse("members:person-export") + (f"?{query}" if query else "")
    return render(request, "members/person_list.html", {**context, "export": export})


@require_safe
@recently_authenticated
def person_export(request: UserRequest) -> HttpResponse:
    """The list as it is shown."""
    term = term_for(request, rules.can_manage)
    form = PersonSearch(request.GET)
    rows = queries.contacts(request.user, term, form.cleaned_data["q"] if form.is_valid() else "")
    order = sorting(request, COLUMNS, "nom").ordering
    people = [contact.person for contact in rows.order_by(*order, "pk").for_screen()]
    lines = [[one.last_name, one.first_name, one.capacity, one.get_channel_display()] for one in people]
    return csv_response(_("personnes"), [_("Nom"), _("Prénom"), _("Qualité"), _("Contact")], lines)


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: UserRequest) -> HttpResponse:
    term = term_for(request, rules.can_manage)
    form = PersonForm(posted(request), initial={"channel": "email"})
    if form.is_bound and form.is_valid():
        try:
            contact = actions.add(term, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("%(name)s est dans la liste.") % {"name": contact.person.full_name})
            return redirect("members:person-list")
    return render(request, "members/person_form.html", {"form": form, "person": None, "committees": ()})


@require_http_methods(["GET", "HEAD", "POST"])
def person_page(request: UserRequest, pk: int) -> HttpResponse:
    """One card: read it, correct it."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("person"), pk=pk)
    person = contact.person
    names = {name: getattr(person, name) for name in ("first_name", "last_name", "capacity")}
    form = PersonForm(posted(request), initial=names | contact_initial(person))
    if form.is_bound and form.is_valid():
        try:
            done = actions.correct(contact, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Les corrections sont notées.") if done else _("Rien n’a changé."))
            return redirect("members:person-list")
    committees = queries.committee_seats(person)
    return render(request, "members/person_form.html", {"form": form, "person": person, "committees": committees})
