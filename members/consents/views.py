"""Views of what members agree to and need, online or recorded by the team from paper or telephone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest, recently_authenticated, recently_authenticated_to_write
from assembly.institution.pages import working_term
from assembly.lists import Column, Table
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from members import forms, rules
from members.consents import actions
from members.consents.mails import consent_of, leaving_address
from members.consents.models import retained_until
from members.consents.queries import charter_for
from members.mandates.queries import mandate_in_term
from members.models import AccommodationNeed, AlumniConsent, CharterVersion
from members.pages import mandate_for, my_membership, page_of


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def charter_list(request: UserRequest) -> HttpResponse:
    """List the versions of the charter; the lead publishes the next one."""
    term = working_term(request, rules.can_manage)
    can_publish = rules.can_publish_charter(request.user, term)
    versions = CharterVersion.objects.filter(term=term)
    return form_page(
        request,
        forms.CharterForm(posted(request)),
        lambda data: actions.publish_charter(term, by=request.user, **data),
        template="members/consents/charter_list.html",
        context={"term": term, "versions": versions, "can_publish": can_publish},
        success_message=lambda version: _("La version %(number)s est publiée.") % {"number": version.number},
        to=reverse("members:charter-list"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_charter(request: UserRequest, pk: int) -> HttpResponse:
    """Record that the charter was accepted on paper or by telephone."""
    mandate = mandate_for(request, pk)
    version = charter_for(mandate.member, mandate.term_id)
    if version is None or not rules.can_manage(request.user, mandate.term_id):
        raise PermissionDenied
    return form_page(
        request,
        forms.ReceivedForm(posted(request)),
        lambda sent: actions.accept_charter(
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
    form = forms.ImageReceivedForm(posted(request), initial=forms.image_initial(member))
    return form_page(
        request,
        form,
        lambda sent: actions.decide_image(
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
        forms.NeedReceivedForm(posted(request)),
        lambda sent: actions.record_need(
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
    actions.end_need(need, by=request.user, term=mandate.term)
    messages.success(request, _("La mesure est retirée."))
    return redirect(page_of(mandate))


@require_http_methods(["GET", "HEAD", "POST"])
def my_need(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    return form_page(
        request,
        forms.NeedForm(posted(request)),
        lambda data: actions.record_need(member, by=request.user, term=term, **data),
        template="members/consents/my_need.html",
        success_message=_("C’est noté : l’équipe en tiendra compte à chaque séance."),
        to=reverse("members:my-page"),
    )


@require_POST
def my_need_end(request: UserRequest, need_pk: int) -> HttpResponse:
    term, member = my_membership(request)
    need = get_object_or_404(AccommodationNeed, pk=need_pk, member=member)
    actions.end_need(need, by=request.user, term=term)
    messages.success(request, _("La mesure est retirée."))
    return redirect("members:my-page")


@require_http_methods(["GET", "HEAD", "POST"])
def my_image(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    form = forms.ImageFields(posted(request), initial=forms.image_initial(member))
    return form_page(
        request,
        form,
        lambda data: actions.decide_image(member, form.answers(), by=request.user, term=term),
        template="members/consents/my_image.html",
        success_message=_("Vos réponses sont enregistrées. Vous pouvez en changer quand vous voulez."),
        to=reverse("members:my-page"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def my_charter(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    version = charter_for(member, term)
    if version is None:
        raise Http404
    return form_page(
        request,
        forms.CharterAcceptForm(posted(request)),
        lambda data: actions.accept_charter(member, version, by=request.user),
        template="members/consents/my_charter.html",
        context={"version": version},
        success_message=_("Merci : vous avez accepté la charte."),
        to=reverse("members:my-page"),
    )


PERSON = "mandate.member.person"
CONTACTS = Table(
    gettext_lazy("membres qui restent en contact"),
    [
        Column(gettext_lazy("Nom"), f"{PERSON}.last_name"),
        Column(gettext_lazy("Prénom"), f"{PERSON}.first_name"),
        Column(gettext_lazy("Canton"), "mandate.member.canton.name"),
        Column(gettext_lazy("Moyen de contact"), f"{PERSON}.get_channel_display"),
        Column(gettext_lazy("Adresse électronique"), f"{PERSON}.email"),
        Column(gettext_lazy("Adresse"), f"{PERSON}.address"),
        Column(gettext_lazy("Code postal"), f"{PERSON}.postcode"),
        Column(gettext_lazy("Commune"), f"{PERSON}.city"),
        Column(gettext_lazy("Accord donné le"), "given_at"),
        Column(gettext_lazy("Lien pour retirer l’accord"), leaving_address),
        Column(gettext_lazy("Effacé après le"), "retained_until"),
    ],
)


@require_http_methods(["GET", "HEAD", "POST"])
def my_alumni(request: UserRequest) -> HttpResponse:
    term, member = my_membership(request)
    mandate = mandate_in_term(member, term)
    current_consent = AlumniConsent.objects.filter(mandate=mandate).first()
    return form_page(
        request,
        forms.StayInTouchForm(posted(request), initial={"agrees": "oui"} if current_consent else {}),
        lambda data: actions.stay_in_touch(member, term, agrees=data["agrees"], by=request.user),
        template="members/consents/my_alumni.html",
        context={"given": current_consent, "until": retained_until(mandate) if mandate else None},
        success_message=lambda consent: (
            _("C’est noté. Un message vous le confirme, avec un lien pour changer d’avis.")
            if consent
            else _("C’est noté : nous ne vous écrirons plus après votre mandat.")
        ),
        to=reverse("members:my-page"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_alumni(request: UserRequest, pk: int) -> HttpResponse:
    """Record the answer that came by paper or telephone."""
    mandate = mandate_for(request, pk)
    return form_page(
        request,
        forms.StayInTouchReceivedForm(posted(request)),
        lambda data: actions.stay_in_touch(
            mandate.member, mandate.term, agrees=data["agrees"], by=request.user, channel=data["received"]
        ),
        template="members/consents/member_alumni.html",
        context={"mandate": mandate, "until": retained_until(mandate)},
        success_message=_("La réponse est notée."),
        to=page_of(mandate),
    )


@require_safe
def alumni_list(request: UserRequest) -> HttpResponse:
    """List who asked to stay in touch, without contact data."""
    term = working_term(request, rules.can_see_private)
    rows = AlumniConsent.objects.visible_to(request.user).filter(mandate__term=term)
    rows = rows.select_related("mandate__member__person", "mandate__member__canton", "mandate__term")
    return render(request, "members/consents/alumni_list.html", {"term": term, "rows": rows.for_screen()})


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
def alumni_contacts(request: UserRequest) -> HttpResponse:
    """Return the same people with their addresses; the journal records it."""
    term = working_term(request, rules.can_see_private)
    actions.record_alumni_download(term, by=request.user)
    rows = AlumniConsent.objects.visible_to(request.user).filter(mandate__term=term)
    rows = rows.select_related("mandate__member__person", "mandate__member__canton", "mandate__term")
    return CONTACTS.described_file(request, rows, place=term.name)


@repeatable("taking back twice is taking back")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def alumni_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Withdraw the consent by a POST only: programs that read mail open links."""
    consent = consent_of(token)
    if consent is None:
        return render(request, "members/consents/alumni_leave.html", {"is_dead": True}, status=404)
    if request.method == "POST":
        actions.leave_by_link(consent)
    return render(request, "members/consents/alumni_leave.html", {"is_done": request.method == "POST"})
