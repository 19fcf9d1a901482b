"""Views of invitations: issued in the back office, accepted on a public page."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.ratelimit import get_ip
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.actions.attempts import may_attempt
from assembly.identity.attempts import network_limits
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution import codes, queries, rules
from assembly.institution.actions import invitations as actions
from assembly.institution.current_term import led_assembly, working_term
from assembly.institution.enums import Role
from assembly.institution.forms import AcceptanceForm, InvitationForm, LetterCodeForm
from assembly.institution.models import Invitation
from assembly.text.french import of_name
from assembly.web import errors
from assembly.web.confirmation import Question, confirm_first
from assembly.web.form_page import form_page
from assembly.web.forms import posted

TRIES = (200, 120)  # in a meeting many members type their codes from one network
REASONS = {
    "forged": gettext_lazy("Ce lien n’est pas complet ou n’a pas été fait ici. Ouvrez-le depuis le courriel reçu."),
    "unknown": gettext_lazy("Ce code n’est pas le bon. Recopiez-le depuis la lettre, tirets compris ou non."),
    "used": gettext_lazy("Cette invitation a déjà servi. Votre accès est ouvert : connectez-vous."),
    "revoked": gettext_lazy("Cette invitation a été retirée. Téléphonez à l’équipe pour en savoir plus."),
    "address_changed": gettext_lazy(
        "L’adresse de cette invitation a changé depuis son envoi. Demandez-en une nouvelle à l’équipe."
    ),
    "expired": gettext_lazy("Cette invitation est trop ancienne. Demandez-en une nouvelle à l’équipe."),
    "address_taken": gettext_lazy("Cette adresse sert déjà à un autre accès. Donnez-en une autre."),
    "other": gettext_lazy(
        "Vous êtes déjà entré·e sous un autre nom. Déconnectez-vous, puis ouvrez à nouveau l’invitation."
    ),
    "address_missing": gettext_lazy("Écrivez votre adresse électronique."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def invite(request: UserRequest) -> HttpResponse:
    """Invite one person to a role."""
    term = working_term(request, rules.can_invite)
    return form_page(
        request,
        InvitationForm(posted(request), term=term, initial={"role": request.GET.get("role", Role.OFFICER)}),
        lambda data: actions.invite_by_name(**data, by=request.user, term=term),
        template="institution/invitation_form.html",
        context={"term": term},
        success_message=invitation_message,
        to=reverse("institution:people"),
    )


def invitation_message(invitation: Invitation) -> str:
    if invitation.email:
        return _("%(name)s est invité·e.") % {"name": invitation.person.full_name}
    return _("%(name)s est invité·e. Imprimez maintenant la lettre.") % {"name": invitation.person.full_name}


def _waiting(request: UserRequest, pk: int) -> Invitation:
    return get_object_or_404(queries.waiting_invitations(led_assembly(request).pk), pk=pk)


def _revocation_question(request: UserRequest, pk: int) -> Question:
    invitation = _waiting(request, pk)
    title = _("Retirer l’invitation %(of_name)s ?") % {"of_name": of_name(invitation.person.full_name)}
    lines = [_("Son lien et son code ne valent plus aussitôt. Personne ne reçoit de courriel.")]
    back = reverse("institution:people")
    return Question(title, _("Retirer l’invitation"), back, lines, danger=True, about=invitation)


@confirm_first(_revocation_question)
@recently_authenticated
def revoke(request: UserRequest, pk: int) -> HttpResponse:
    actions.revoke(_waiting(request, pk), by=request.user)
    messages.success(request, _("L’invitation est retirée : son lien et son code ne valent plus."))
    return redirect("institution:people")


@require_POST
@recently_authenticated
@never_cache
def letter(request: UserRequest, pk: int) -> HttpResponse:
    """Show the letter to print, with a new code that is shown only this once."""
    invitation = _waiting(request, pk)
    code = actions.new_code(invitation, by=request.user)
    return render(request, "institution/invitation_letter.html", {"invitation": invitation, "code": code})


def _refused(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return render(
        request,
        "institution/invitation_refused.html",
        {"reason": REASONS[reason], "used": reason == "used"},
        status=status,
    )


def _accept(request: HttpRequest, invitation: Invitation, email: str) -> HttpResponse:
    """Accept the invitation; a new account is signed in at once, an older one signs in by its own means."""
    user, is_new = actions.accept(invitation, email=email)
    if not is_new or request.user.is_authenticated:
        messages.success(request, _("Votre nouveau rôle est ouvert."))
        return redirect("portal:area")
    get_adapter().login(request, user)
    record_authentication(request, user, method="invitation")  # recent enough to add a passkey at once
    messages.success(request, _("Bienvenue. Votre accès est ouvert."))
    return redirect("portal:area")


def _answer(request: HttpRequest, invitation: Invitation, extra: dict[str, str]) -> HttpResponse:
    """Show who invites to what, and ask for an address when the invitation has none."""
    if request.user.is_authenticated and request.user.person_id != invitation.person_id:
        return _refused(request, "other", 409)
    try:
        actions.check_usable(invitation)
        asks_address = not invitation.email and not hasattr(invitation.person, "user")
        confirms = request.POST.get("accept") == "1"
        form = AcceptanceForm(request.POST if confirms else None) if asks_address else None
        if confirms and (form is None or form.is_valid()):
            try:
                return _accept(request, invitation, form.cleaned_data["email"] if form else "")
            except actions.InvitationRefused as refusal:
                if form is None or not refusal.reason.startswith("address"):
                    raise
                form.add_error("email", REASONS[refusal.reason])
    except actions.InvitationRefused as refusal:
        return _refused(request, refusal.reason, 410)
    context = {"invitation": invitation, "form": form, "extra": extra.items()}
    status = 422 if form and form.errors else 200
    return render(request, "institution/invitation.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the invitation of a link in a mail."""
    public_id = codes.read_token(token)
    row = public_id and Invitation.objects.filter(public_id=public_id).select_related("person", "assembly").first()
    if not row:
        return _refused(request, "forged", 404)
    return _answer(request, row, {})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def invitation_by_code(request: HttpRequest) -> HttpResponse:
    """Show the invitation of a code in a letter; the code is typed, never in the address."""
    form = LetterCodeForm(posted(request))
    if form.is_valid():
        if not may_attempt(network_limits("invitation-code", get_ip(request), TRIES)):
            return errors.too_many(request)
        row = Invitation.objects.filter(code_digest=form.digest()).select_related("person", "assembly").first()
        if row:
            return _answer(request, row, {"code": form.cleaned_data["code"]})
        form.add_error("code", REASONS["unknown"])
    return render(request, "institution/invitation_code.html", {"form": form}, status=422 if form.errors else 200)
