"""Views of what the team writes for a member: corrections, and answers from paper or telephone, « au nom de »."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.identity.reauthentication import recently_authenticated
from assembly.web.confirmation import Question, confirm_first
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from members import queries, rules
from members.consents import actions as consents
from members.forms import (
    CONTACT,
    MEMBER,
    NAMES,
    CorrectionForm,
    ImageReceivedForm,
    NeedReceivedForm,
    ReceivedForm,
    image_initial,
)
from members.labels import correction_message
from members.members import actions as members
from members.models import AccommodationNeed, NameChangeRequest
from members.views.mandates import mandate_for, page_of


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
        lambda sent: members.correct(mandate, by=request.user, channel=sent["received"], **form.split()),
        template="members/members/correct.html",
        context=lambda: {"mandate": mandate, "login": accesses.values_list("email", flat=True).first()},
        success_message=correction_message,
        to=page_of(mandate),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_charter(request: UserRequest, pk: int) -> HttpResponse:
    """Record that the charter was accepted on paper or by telephone."""
    mandate = mandate_for(request, pk)
    version = queries.charter_for(mandate.member, mandate.term_id)
    if version is None or not rules.can_manage(request.user, mandate.term_id):
        raise PermissionDenied
    return form_page(
        request,
        ReceivedForm(posted(request)),
        lambda sent: consents.accept_charter(
            mandate.member, version, by=request.user, on=sent["on"], channel=sent["received"]
        ),
        template="members/consents/member_charter.html",
        context={"mandate": mandate, "version": version},
        success_message=_("L’acceptation de la charte est notée."),
        to=page_of(mandate),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_image(request: UserRequest, pk: int) -> HttpResponse:
    """Record answers on the use of the image, from paper or telephone."""
    mandate = mandate_for(request, pk)
    member, term = mandate.member, mandate.term
    form = ImageReceivedForm(posted(request), initial=image_initial(member))
    return form_page(
        request,
        form,
        lambda sent: consents.decide_image(
            member, form.answers(), by=request.user, term=term, on=sent["on"], channel=sent["received"]
        ),
        template="members/consents/member_image.html",
        context={"mandate": mandate},
        success_message=_("Les réponses sont notées."),
        to=page_of(mandate),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_need(request: UserRequest, pk: int) -> HttpResponse:
    """Record a measure to arrange."""
    mandate = mandate_for(request, pk)
    return form_page(
        request,
        NeedReceivedForm(posted(request)),
        lambda sent: consents.record_need(
            mandate.member,
            by=request.user,
            term=mandate.term,
            kind=sent["kind"],
            measure=sent["measure"],
            channel=sent["received"],
        ),
        template="members/consents/member_need.html",
        context={"mandate": mandate},
        success_message=_("La mesure est notée."),
        to=page_of(mandate),
    )


@require_POST
def member_need_end(request: UserRequest, pk: int, need_pk: int) -> HttpResponse:
    mandate = mandate_for(request, pk)
    need = get_object_or_404(AccommodationNeed, pk=need_pk, member=mandate.member_id)
    consents.end_need(need, by=request.user, term=mandate.term)
    messages.success(request, _("La mesure est retirée."))
    return redirect(page_of(mandate))


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
        members.confirm_name(name_request, mandate, by=request.user)
        messages.success(request, _("Le nom est corrigé."))
    else:
        members.refuse_name(name_request, mandate, by=request.user)
        messages.success(request, _("Le nom reste comme il était."))
    return redirect(page_of(mandate))
