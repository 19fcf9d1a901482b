"""Views of the member's own data: what is stored, and how to change it."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.forms import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.institution.models import CommitteeMembership, Term
from assembly.web import pagination
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.pagination import keyset_page
from members import queries, rules
from members.consents import actions as consents
from members.forms import (
    CONTACT,
    NAMES,
    CharterAcceptForm,
    ImageFields,
    MyContactForm,
    NameForm,
    NeedForm,
    PublicSearch,
    image_initial,
)
from members.members import actions
from members.models import AccommodationNeed, Member, NameChangeRequest


def my_membership(request: UserRequest) -> tuple[Term, Member]:
    """Return the term and the member row of the reader. Raise Http404 without one."""
    term = working_term(request, rules.can_see_public_directory)
    member = queries.member_of(request.user)
    if member is None:
        raise Http404
    return term, member


@require_safe
def my_page(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    seats = CommitteeMembership.objects.filter(queries.in_office(timezone.localdate()), person=member.person_id)
    mandate = queries.mandate_in_term(member, term)
    context = {
        "term": term,
        "member": member,
        "person": member.person,
        "charter": queries.charter_for(member, term),
        "mandate": mandate,
        "image": queries.image_rows(member),
        "needs": list(queries.open_needs([member.pk])),
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


@require_http_methods(["GET", "HEAD", "POST"])
def my_need(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    return form_page(
        request,
        NeedForm(posted(request)),
        lambda data: consents.record_need(member, by=request.user, term=term, **data),
        template="members/consents/my_need.html",
        success_message=_("C’est noté : l’équipe en tiendra compte à chaque séance."),
        to=reverse("members:my-page"),
    )


@require_POST
def my_need_end(request: UserRequest, need_pk: int) -> HttpResponse:
    term, member = my_membership(request)
    need = get_object_or_404(AccommodationNeed, pk=need_pk, member=member)
    consents.end_need(need, by=request.user, term=term)
    messages.success(request, _("La mesure est retirée."))
    return redirect("members:my-page")


@require_http_methods(["GET", "HEAD", "POST"])
def my_image(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    form = ImageFields(posted(request), initial=image_initial(member))
    return form_page(
        request,
        form,
        lambda data: consents.decide_image(member, form.answers(), by=request.user, term=term),
        template="members/consents/my_image.html",
        success_message=_("Vos réponses sont enregistrées. Vous pouvez en changer quand vous voulez."),
        to=reverse("members:my-page"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def my_charter(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    version = queries.charter_for(member, term)
    if version is None:
        raise Http404
    return form_page(
        request,
        CharterAcceptForm(posted(request)),
        lambda data: consents.accept_charter(member, version, by=request.user),
        template="members/consents/my_charter.html",
        context={"version": version},
        success_message=_("Merci : vous avez accepté la charte."),
        to=reverse("members:my-page"),
    )


@require_safe
def public_directory(request: UserRequest) -> HttpResponse:
    """Show first name, initial and canton of those who sit in the reader's own term."""
    term = working_term(request, rules.can_see_public_directory)
    form = PublicSearch(request.GET, term=term)
    filters = form.active_filters()
    rows = queries.public_identities(term, filters.get("q", ""), filters.get("canton"))
    page = keyset_page(rows, request, ordering=queries.PUBLIC_ORDER, size=pagination.WHOLE_LIST)
    cantons = [(name, list(group)) for name, group in groupby(page, key=lambda row: row.member.canton.name)]
    context: dict[str, Any] = {"term": term, "form": form, "cantons": cantons, "page": page}
    context["count"] = len(page) if page.is_alone else rows.count()
    return render(request, "members/members/public_directory.html", context)
