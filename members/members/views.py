"""Views of the directory, of a member's own data, of corrections, and of people without account."""

from collections.abc import Collection
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.audit.actions import record
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.identity.models import User
from assembly.institution.models import CommitteeMembership, Term
from assembly.institution.pages import working_term
from assembly.lists import Column, Table
from assembly.lists.filters import FilterForm
from assembly.web import pagination
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import Question, confirm_first, form_page
from assembly.web.pagination import keyset_page
from members import rules
from members.consents.queries import charter_for, image_rows, open_needs
from members.forms import CONTACT, MEMBER, NAMES, CorrectionForm, MyContactForm, NameForm, PersonForm, PublicSearch
from members.mandates.queries import mandate_in_term
from members.members import actions, queries
from members.members.lists import MEMBERS, NAME, PERSONS
from members.members.queries import PUBLIC_ORDER, in_office, public_identities
from members.models import Contact, Mandate, NameChangeRequest
from members.pages import mandate_for, my_membership, page_of


def correction_message(changed: Collection[str]) -> str:
    """Return the message after a correction, by the fields that changed."""
    return _("Les corrections sont notées.") if changed else _("Rien n’a changé.")


CONTACTS = Table(
    gettext_lazy("coordonnées des membres"),
    [
        Column(gettext_lazy("Nom"), "member.person.last_name"),
        Column(gettext_lazy("Prénom"), "member.person.first_name"),
        Column(gettext_lazy("Canton"), "member.canton.name"),
        Column(gettext_lazy("Siège"), "seat_label"),
        Column(gettext_lazy("Moyen de contact"), "member.person.get_channel_display"),
        Column(gettext_lazy("Adresse électronique"), "member.person.email"),
        Column(gettext_lazy("Téléphone"), "member.person.phone"),
        Column(gettext_lazy("Adresse"), "member.person.address"),
        Column(gettext_lazy("Code postal"), "member.person.postcode"),
        Column(gettext_lazy("Commune"), "member.person.city"),
        Column(gettext_lazy("Civilité"), "member.get_civility_display"),
        Column(gettext_lazy("Genre"), "member.get_gender_display"),
        Column(gettext_lazy("Année de naissance"), "member.birth_year"),
    ],
)


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
@transaction.atomic
def member_contacts(request: UserRequest) -> HttpResponse:
    """Return the same rows with contact data; the journal records it."""
    term, form, mandates = recorded_mandates(request, "members.exported")
    return CONTACTS.described_file(request, mandates, form, term.name)


@require_POST
@recently_authenticated
@transaction.atomic
def member_labels(request: UserRequest) -> HttpResponse:
    """Show address labels to print; the journal records it."""
    _term, _form, mandates = recorded_mandates(request, "members.labels_printed")
    people = [mandate.member for mandate in mandates]
    whole = [member for member in people if member.person.address and member.person.city]
    incomplete = [member for member in people if member not in whole]
    context = {"whole": whole, "without_address": incomplete, "back": list_address(request)}
    return render(request, "members/members/labels.html", context)


@require_POST
@recently_authenticated
@transaction.atomic
def member_needs(request: UserRequest) -> HttpResponse:
    """Show measures to arrange, by kind, for these rows; the journal records it."""
    term, _form, mandates = recorded_mandates(request, "members.needs_read")
    needs = open_needs([mandate.member_id for mandate in mandates]).order_by("kind", NAME)
    return render(
        request, "members/members/needs.html", {"needs": list(needs), "term": term, "back": list_address(request)}
    )


def list_address(request: UserRequest) -> str:
    query = request.GET.urlencode()
    return f"{MEMBERS.url}?{query}" if query else MEMBERS.url


def recorded_mandates(request: UserRequest, event_type: str) -> tuple[Term, FilterForm, list[Mandate]]:
    """Return the rows with everything that the team may read, and record their number in the journal."""
    term = working_term(request, rules.can_see_private)
    form = MEMBERS.form(request.user, term, request.GET)
    rows = MEMBERS.filtered_rows(request.user, term, form)
    mandates = list(rows.order_by(*MEMBERS.ordering(request).ordering, "pk"))
    record(event_type, term, by=request.user, dossier=term, count=len(mandates))
    return term, form, mandates


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_correct(request: UserRequest, pk: int) -> HttpResponse:
    mandate = mandate_for(request, pk)
    accesses = User.objects.filter(person=mandate.member.person_id)
    initial = model_to_dict(mandate.member.person, [*NAMES, *CONTACT]) | model_to_dict(mandate.member, MEMBER)
    form = CorrectionForm(posted(request), term=mandate.term, initial=initial)
    return form_page(
        request,
        form,
        lambda sent: actions.correct(mandate, by=request.user, channel=sent["received"], **form.split()),
        template="members/members/correct.html",
        context=lambda: {"mandate": mandate, "login": accesses.values_list("email", flat=True).first()},
        success_message=correction_message,
        to=page_of(mandate),
    )


def name_question(request: UserRequest, pk: int, request_pk: int, answer: str) -> Question:
    mandate = mandate_for(request, pk)
    name_request = get_object_or_404(NameChangeRequest, pk=request_pk, member=mandate.member_id)
    names = {"was": mandate.member.person.full_name, "now": f"{name_request.first_name} {name_request.last_name}"}
    if answer == "confirmer":
        title, label = _("Corriger « %(was)s » en « %(now)s » ?"), _("Corriger le nom")
        lines = [_("Le nouveau nom est lu partout, sauf dans ce qui est déjà scellé.")]
    else:
        title, label = _("Garder « %(was)s » et refuser « %(now)s » ?"), _("Refuser la correction")
        lines = [_("Le nom reste comme il était. La demande est close.")]
    return Question(title % names, label, page_of(mandate), lines, about=mandate)


@confirm_first(name_question)
def member_name(request: UserRequest, pk: int, request_pk: int, answer: str) -> HttpResponse:
    """Confirm or refuse a correction of the name."""
    mandate = mandate_for(request, pk)
    name_request = get_object_or_404(NameChangeRequest, pk=request_pk, member=mandate.member_id)
    if answer == "confirmer":
        actions.confirm_name(name_request, mandate, by=request.user)
        messages.success(request, _("Le nom est corrigé."))
    else:
        actions.refuse_name(name_request, mandate, by=request.user)
        messages.success(request, _("Le nom reste comme il était."))
    return redirect(page_of(mandate))


@require_safe
def my_page(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    seats = CommitteeMembership.objects.filter(in_office(timezone.localdate()), person=member.person_id)
    mandate = mandate_in_term(member, term)
    context = {
        "term": term,
        "member": member,
        "person": member.person,
        "charter": charter_for(member, term),
        "mandate": mandate,
        "image": image_rows(member),
        "needs": list(open_needs([member.pk])),
        "alumni": getattr(mandate, "alumni_consent", None),
        "asked": NameChangeRequest.objects.filter(member=member, state="pending").first(),
        "committees": seats.filter(committee__term=term).select_related("committee"),
    }
    return render(request, "members/members/my_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def my_contact(request: UserRequest) -> HttpResponse:
    _term, member = my_membership(request)
    person = member.person
    return form_page(
        request,
        MyContactForm(posted(request), initial=model_to_dict(person, CONTACT), account_email=person.email),
        lambda data: actions.correct_own(member, by=request.user, person=data),
        template="members/members/my_contact.html",
        context={"email": person.email},
        success_message=lambda changed: _("Vos informations sont à jour.") if changed else _("Rien n’a changé."),
        to=reverse("members:my-page"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def my_name(request: UserRequest) -> HttpResponse:
    _term, member = my_membership(request)
    return form_page(
        request,
        NameForm(posted(request), initial=model_to_dict(member.person, NAMES)),
        lambda data: actions.request_name(member, by=request.user, **data),
        template="members/members/my_name.html",
        success_message=_("Votre demande est enregistrée. L’équipe la confirme, puis le nom change."),
        to=reverse("members:my-page"),
    )


@require_safe
def public_directory(request: UserRequest) -> HttpResponse:
    """Show first name, initial and canton of those who sit in the reader's own term."""
    term = working_term(request, rules.can_see_public_directory)
    form = PublicSearch(request.GET, term=term)
    filters = form.active_filters()
    rows = public_identities(term, filters.get("q", ""), filters.get("canton"))
    page = keyset_page(rows, request, ordering=PUBLIC_ORDER, size=pagination.WHOLE_LIST)
    cantons = [(name, list(group)) for name, group in groupby(page, key=lambda row: row.member.canton.name)]
    context: dict[str, Any] = {"term": term, "form": form, "cantons": cantons, "page": page}
    context["count"] = len(page) if page.is_alone else rows.count()
    return render(request, "members/members/public_directory.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_manage)
    return form_page(
        request,
        PersonForm(posted(request), initial={"channel": "email"}),
        lambda data: actions.add_contact(term, by=request.user, **data),
        template="members/members/person_form.html",
        context={"person": None, "committees": ()},
        success_message=lambda contact: _("%(name)s est dans la liste.") % {"name": contact.person.full_name},
        to=reverse("directory:list"),
    )


@require_safe
@recently_authenticated
def person_export(request: UserRequest) -> HttpResponse:
    """Return the people without an account, with their contact data."""
    term = working_term(request, rules.can_manage)
    rows = queries.contacts(request.user, term).order_by("person__sort_name", "pk")
    return PERSONS.described_file(request, rows, place=term.assembly.name)


@require_http_methods(["GET", "HEAD", "POST"])
def person_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show one card, and correct it."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("person"), pk=pk)
    person = contact.person
    return form_page(
        request,
        PersonForm(posted(request), initial=model_to_dict(person, [*NAMES, "capacity", *CONTACT])),
        lambda data: actions.correct_contact(contact, by=request.user, **data),
        template="members/members/person_form.html",
        context=lambda: {"person": person, "contact": contact, "committees": queries.committee_seats(person)},
        success_message=correction_message,
        to=reverse("directory:list"),
    )
