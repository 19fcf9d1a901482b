"""Views of certificates of attendance: sent to all who came, or downloaded by one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.institution.rules import is_member, is_team
from members.models import Mandate
from members.queries import mandate_in_term, member_of
from sessions import pages
from sessions.actions import certificates as actions
from sessions.attendance.queries.presence import attended_sittings, certifiable_invitees
from sessions.documents.sheets import certificate_pdf, mandate_certificate_pdf
from sessions.models import Invitee
from sessions.sittings import rules
from sessions.views.agenda import pdf_response
from sessions.views.member_sittings import member_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def certificates_send(request: UserRequest, pk: int) -> HttpResponse:
    """Show the number of certificates to send, then send them."""
    sitting = pages.desk_sitting(request, pk, rules.can_send_certificates)
    people = list(certifiable_invitees(sitting))
    if request.method == "POST":
        distribution = actions.send(sitting, by=request.user)
        messages.success(request, _("Les attestations partent."))
        return redirect("notifications:distribution-page", distribution.pk)
    context = {
        "sitting": sitting,
        "count": len(people),
        "letters": sum(invitee.person.is_paper for invitee in people),
        "back": reverse("sittings:attendance", args=[sitting.pk]),
    }
    return render(request, "sessions/attendance/certificates.html", context)


@require_safe
def member_certificate(request: UserRequest, pk: int) -> HttpResponse:
    """Return the reader's own certificate, once the sitting is closed."""
    sitting = member_or_404(request, pk)
    invitee = certifiable_invitees(sitting).filter(person=request.user.person_id).first()
    if invitee is None:
        raise Http404
    return certificate_response(invitee)


@require_safe
def certificate(request: UserRequest, pk: int, invitee: int) -> HttpResponse:
    """Return the certificate of one person, for the team."""
    sitting = pages.desk_sitting(request, pk)
    row = certifiable_invitees(sitting).filter(pk=invitee).first()
    if row is None:
        raise Http404
    if not rules.can_send_certificates(request.user, sitting):
        raise PermissionDenied
    return certificate_response(row)


@require_safe
def my_mandate_certificate(request: UserRequest) -> HttpResponse:
    """Return the reader's own certificate for a whole mandate: every sitting attended up to now."""
    term = working_term(request, is_member)
    member = member_of(request.user)
    mandate = mandate_in_term(member, term) if member else None
    if mandate is None:
        raise Http404
    return mandate_response(mandate)


@require_safe
def mandate_certificate(request: UserRequest, pk: int) -> HttpResponse:
    """Return the certificate of one mandate, for the team, also once it has ended."""
    rows = Mandate.objects.visible_to(request.user).select_related("member__person", "term__assembly")
    mandate = get_object_or_404(rows, pk=pk)
    if not is_team(request.user, mandate.term_id):
        raise PermissionDenied
    return mandate_response(mandate)


def mandate_response(mandate: Mandate) -> HttpResponse:
    rows = attended_sittings(mandate)
    if not rows:
        raise Http404
    return pdf_response(mandate_certificate_pdf(mandate, rows), "attestation-du-mandat.pdf")


def certificate_response(invitee: Invitee) -> HttpResponse:
    return pdf_response(certificate_pdf(invitee), f"attestation-{invitee.sitting.reference}.pdf")
