"""Views of the team, its roles (`/bureau/equipe/`) and invitations, which are accepted on a public page."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.ratelimit import get_ip
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.attempts import may_attempt, network_limits
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.identity.models import User
from assembly.institution import codes, forms, queries, registry, rules
from assembly.institution.actions import invitations, roles
from assembly.institution.models import TEAM_ROLES, Assembly, Invitation, Role, RoleAssignment, Term
from assembly.institution.pages import led_assembly, working_term
from assembly.institution.registry import reason_to_keep
from assembly.text.french import of_name, to_name
from assembly.web import errors
from assembly.web.forms import posted
from assembly.web.pages import Question, confirm_first, form_page


def _user(request: UserRequest, pk: int) -> tuple[User, Assembly]:
    assembly = led_assembly(request)
    return get_object_or_404(queries.people_of(assembly.pk), pk=pk), assembly


@require_safe
def person(request: UserRequest, pk: int) -> HttpResponse:
    user, assembly = _user(request, pk)
    term = working_term(request, rules.is_lead)
    context = {"form": forms.RoleForm(term=term), **_facts(request, user, assembly, term)}
    return render(request, "institution/person.html", context)


def _facts(request: UserRequest, user: User, assembly: Assembly, term: Term) -> dict[str, Any]:
    ended = user.roles.filter(assembly=assembly).exclude(ended_at=None)
    assignments: list[RoleAssignment] = user.current_roles  # type: ignore[attr-defined]  # -- set by the prefetch of `people_of`
    return {
        "shown": user,
        "page_object": user,
        "can": rules.person_abilities(request.user, user, assembly, term),
        "dossiers": registry.open_dossiers(user, term),
        "current_roles": [(role, reason_to_keep(role)) for role in assignments],
        "ended": ended.select_related("term", "directorate")[:50],
    }


@require_POST
@recently_authenticated
def role_give(request: UserRequest, pk: int) -> HttpResponse:
    user, assembly = _user(request, pk)
    term = working_term(request, rules.is_lead)
    return form_page(
        request,
        forms.RoleForm(request.POST, term=term),
        lambda data: roles.give(user, **data, by=request.user, term=term),
        template="institution/person.html",
        context=lambda: _facts(request, user, assembly, term),
        success_message=_("Le rôle est donné."),
        to=reverse("institution:person", args=[pk]),
    )


def _held_role(request: UserRequest, pk: int) -> RoleAssignment:
    rows = RoleAssignment.objects.select_related("user__person", "term", "directorate")
    return get_object_or_404(rows, pk=pk, assembly=led_assembly(request), ended_at=None)


def _role_question(request: UserRequest, pk: int) -> Question:
    role = _held_role(request, pk)
    others = role.user.roles.filter(ended_at=None).exclude(pk=pk).count()
    text = ngettext("Il lui reste %(n)s autre rôle.", "Il lui reste %(n)s autres rôles.", others)
    lines = [
        text % {"n": others}
        if others
        else _("Il ne lui reste aucun rôle\u00a0: la personne ne peut plus rien ouvrir.")
    ]
    if role.term:
        lines += [
            f"{capfirst(dossiers.label)}\u00a0: {count}"
            for dossiers, count in registry.open_dossiers(role.user, role.term)
        ]
    title = _("Retirer le rôle « %(role)s » %(to_name)s ?")
    return Question(
        title % {"role": role.get_role_display(), "to_name": to_name(role.user.get_full_name())},
        _("Retirer ce rôle"),
        reverse("institution:person", args=[role.user_id]),
        lines,
        danger=True,
        about=role,
    )


@confirm_first(_role_question)
@recently_authenticated
def role_end(request: UserRequest, pk: int) -> HttpResponse:
    role = _held_role(request, pk)
    try:
        seats = roles.end(role, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        ended = ngettext("%(n)s siège en comité prend fin aussi.", "%(n)s sièges en comité prennent fin aussi.", seats)
        done = _("Le rôle est retiré.")
        messages.success(request, f"{done} {ended % {'n': seats}}" if seats else done)
    return redirect("institution:person", role.user_id)


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def suspend(request: UserRequest, pk: int) -> HttpResponse:
    user, assembly = _user(request, pk)
    return form_page(
        request,
        forms.SuspensionForm(posted(request)),
        lambda data: roles.suspend_person(user, by=request.user, assembly=assembly, **data),
        template="institution/person_suspend.html",
        context={"shown": user},
        success_message=_("L’accès est fermé et les sessions sont finies."),
        to=reverse("institution:person", args=[pk]),
    )


def _reactivation_question(request: UserRequest, pk: int) -> Question:
    user, _assembly = _user(request, pk)
    count = user.roles.filter(ended_at=None).count()
    text = ngettext("Son rôle vaut de nouveau (%(n)s).", "Ses %(n)s rôles valent de nouveau.", count)
    title = _("Rétablir l’accès %(of_name)s ?") % {"of_name": of_name(user.get_full_name())}
    return Question(title, _("Rétablir l’accès"), reverse("institution:person", args=[pk]), [text % {"n": count}])


@confirm_first(_reactivation_question)
@recently_authenticated
def reactivate(request: UserRequest, pk: int) -> HttpResponse:
    user, assembly = _user(request, pk)
    roles.reactivate_person(user, by=request.user, assembly=assembly)
    messages.success(request, _("L’accès est rétabli."))
    return redirect("institution:person", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: UserRequest, pk: int) -> HttpResponse:
    """Show the open dossiers, choose who takes them, pass all of them in one step."""
    user, _assembly = _user(request, pk)
    term = working_term(request, rules.is_lead)
    team = RoleAssignment.objects.filter(term=term, role__in=TEAM_ROLES, ended_at=None).exclude(user=user)
    colleagues = User.objects.filter(pk__in=team.values("user_id"), is_active=True).select_related("person")
    return form_page(
        request,
        forms.HandoverForm(posted(request), colleagues=colleagues),
        lambda data: roles.hand_over(user, data["to"], by=request.user, term=term),
        template="institution/person_hand_over.html",
        context=lambda: {"shown": user, "dossiers": registry.open_dossiers(user, term)},
        success_message=handover_message,
        to=reverse("institution:person", args=[pk]),
    )


def handover_message(moved: dict[str, int]) -> str:
    count = sum(moved.values())
    return ngettext("%(n)s dossier est passé.", "%(n)s dossiers sont passés.", count) % {"n": count}


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
        forms.InvitationForm(posted(request), term=term, initial={"role": request.GET.get("role", Role.OFFICER)}),
        lambda data: invitations.invite_by_name(**data, by=request.user, term=term),
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
def invitation_revoke(request: UserRequest, pk: int) -> HttpResponse:
    invitations.revoke(_waiting(request, pk), by=request.user)
    messages.success(request, _("L’invitation est retirée : son lien et son code ne valent plus."))
    return redirect("institution:people")


@require_POST
@recently_authenticated
@never_cache
def invitation_letter(request: UserRequest, pk: int) -> HttpResponse:
    """Show the letter to print, with a new code that is shown only this once."""
    invitation = _waiting(request, pk)
    code = invitations.new_code(invitation, by=request.user)
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
    user, is_new = invitations.accept(invitation, email=email)
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
        invitations.check_usable(invitation)
        asks_address = not invitation.email and not hasattr(invitation.person, "user")
        confirms = request.POST.get("accept") == "1"
        form = forms.AcceptanceForm(request.POST if confirms else None) if asks_address else None
        if confirms and (form is None or form.is_valid()):
            try:
                return _accept(request, invitation, form.cleaned_data["email"] if form else "")
            except invitations.InvitationRefused as refusal:
                if form is None or not refusal.reason.startswith("address"):
                    raise
                form.add_error("email", REASONS[refusal.reason])
    except invitations.InvitationRefused as refusal:
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
    form = forms.LetterCodeForm(posted(request))
    if form.is_valid():
        if not may_attempt(network_limits("invitation-code", get_ip(request), TRIES)):
            return errors.too_many(request)
        row = Invitation.objects.filter(code_digest=form.digest()).select_related("person", "assembly").first()
        if row:
            return _answer(request, row, {"code": form.cleaned_data["code"]})
        form.add_error("code", REASONS["unknown"])
    return render(request, "institution/invitation_code.html", {"form": form}, status=422 if form.errors else 200)
