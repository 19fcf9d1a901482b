"""Views of the contact after the mandate: the member's choice, the team's list, the link to withdraw the consent."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.current_term import working_term
from assembly.lists import Column, Table
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from members import queries, rules
from members.actions import alumni as actions
from members.forms import StayInTouchForm, StayInTouchReceivedForm
from members.models import AlumniConsent
from members.models.alumni import retained_until
from members.notifications import consent_of, leaving_address
from members.views.mandates import mandate_for, page_of
from members.views.my_page import my_membership

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
    mandate = queries.mandate_in_term(member, term)
    current_consent = AlumniConsent.objects.filter(mandate=mandate).first()
    return form_page(
        request,
        StayInTouchForm(posted(request), initial={"agrees": "oui"} if current_consent else {}),
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
        StayInTouchReceivedForm(posted(request)),
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
    actions.record_list_download(term, by=request.user)
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
