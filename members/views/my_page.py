"""The member's own room: what we hold, and how to change it."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.models import CommitteeMembership, Term
from assembly.ui.forms import posted
from members import queries, rules
from members.actions import agreements, data
from members.forms import (
    CharterAcceptForm,
    ImageFields,
    NameForm,
    NeedForm,
    OwnContactForm,
    PublicSearch,
    contact_initial,
)
from members.models import AccommodationNeed, CharterAcceptance, Member, NameChangeRequest
from members.views.places import term_for


def own(request: UserRequest) -> tuple[Term, Member]:
    """The reader's own member row and the term they sit in."""
    term = term_for(request, rules.can_see_public_directory)
    member = queries.own_member(request.user)
    if member is None:
        raise Http404
    return term, member


@require_safe
def my_page(request: UserRequest) -> HttpResponse:
    term, member = own(request)
    context: dict[str, Any] = {"term": term, "member": member, "person": member.person}
    context["charter"] = queries.charter_for(member, term)
    context |= {"mandate": queries.own_mandate(member, term), "image": queries.image_rows(member)}
    context["needs"] = list(queries.open_needs([member.pk]))
    context["asked"] = NameChangeRequest.objects.filter(member=member, state="pending").first()
    seats = CommitteeMembership.objects.filter(queries.in_office(queries.today()), person=member.person_id)
    context["committees"] = seats.filter(committee__term=term).select_related("committee")
    return render(request, "members/my_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def my_contact(request: UserRequest) -> HttpResponse:
    _term, member = own(request)
    initial = contact_initial(member.person)
    form = OwnContactForm(posted(request), initial=initial, own_email=member.person.email)
    if form.is_bound and form.is_valid():
        done = data.correct_own(member, by=request.user, person=form.cleaned_data)
        messages.success(request, _("Vos informations sont à jour.") if done else _("Rien n’a changé."))
        return redirect("members:own-page")
    return render(request, "members/my_contact.html", {"form": form, "email": member.person.email})


@require_http_methods(["GET", "HEAD", "POST"])
def my_name(request: UserRequest) -> HttpResponse:
    _term, member = own(request)
    person = member.person
    form = NameForm(posted(request), initial={"first_name": person.first_name, "last_name": person.last_name})
    if form.is_bound and form.is_valid():
        data.request_name(member, by=request.user, **form.cleaned_data)
        messages.success(request, _("Votre demande est enregistrée. L’équipe la confirme, puis le nom change."))
        return redirect("members:own-page")
    return render(request, "members/my_name.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def my_need(request: UserRequest) -> HttpResponse:
    term, member = own(request)
    form = NeedForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            agreements.record_need(member, by=request.user, term=term, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("C’est noté : l’équipe en tiendra compte à chaque séance."))
            return redirect("members:own-page")
    return render(request, "members/my_need.html", {"form": form})


@require_POST
def my_need_end(request: UserRequest, need_pk: int) -> HttpResponse:
    term, member = own(request)
    need = get_object_or_404(AccommodationNeed, pk=need_pk, member=member)
    agreements.end_need(need, by=request.user, term=term)
    messages.success(request, _("La mesure est retirée."))
    return redirect("members:own-page")


@require_http_methods(["GET", "HEAD", "POST"])
def my_image(request: UserRequest) -> HttpResponse:
    term, member = own(request)
    known = queries.image_answers(member)
    form = ImageFields(
        posted(request), initial={use: "oui" if row.is_given else "non" for use, row in known.items() if row}
    )
    if form.is_bound and form.is_valid():
        agreements.decide_image(member, form.answers(), by=request.user, term=term)
        messages.success(request, _("Vos réponses sont enregistrées. Vous pouvez en changer quand vous voulez."))
        return redirect("members:own-page")
    return render(request, "members/my_image.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def my_charter(request: UserRequest) -> HttpResponse:
    term, member = own(request)
    version = queries.charter_in_force(term)
    if version is None:
        raise Http404
    accepted = CharterAcceptance.objects.filter(member=member, version=version).first()
    form = CharterAcceptForm(posted(request))
    if form.is_bound and form.is_valid():
        agreements.accept_charter(member, version, by=request.user)
        messages.success(request, _("Merci : vous avez accepté la charte."))
        return redirect("members:own-page")
    return render(request, "members/my_charter.html", {"form": form, "version": version, "accepted": accepted})


@require_safe
def public_directory(request: UserRequest) -> HttpResponse:
    """First name, initial and canton of those who sit in the reader's own term."""
    term = term_for(request, rules.can_see_public_directory)
    form = PublicSearch(request.GET, term=term)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = list(queries.public_identities(term, wanted.get("q", ""), wanted.get("canton")))
    cantons = [(name, list(group)) for name, group in groupby(rows, key=lambda row: row.member.canton.name)]
    context: dict[str, Any] = {"term": term, "form": form, "cantons": cantons, "count": len(rows)}
    return render(request, "members/public_directory.html", context)
