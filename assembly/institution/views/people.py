"""Views of the team and its roles in the back office: `/bureau/equipe/`."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution import queries, registry, rules
from assembly.institution.actions import people as actions
from assembly.institution.actions import roles
from assembly.institution.current_term import led_assembly, working_term
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.forms import HandoverForm, RoleForm, SuspensionForm
from assembly.institution.models import Assembly, RoleAssignment, Term
from assembly.institution.role_guards import reason_to_keep
from assembly.text.french import of_name, to_name
from assembly.web.confirmation import Question, confirm_first
from assembly.web.form_page import form_page
from assembly.web.forms import posted


def _user(request: UserRequest, pk: int) -> tuple[User, Assembly]:
    assembly = led_assembly(request)
    return get_object_or_404(queries.people_of(assembly.pk), pk=pk), assembly


@require_safe
def person(request: UserRequest, pk: int) -> HttpResponse:
    user, assembly = _user(request, pk)
    term = working_term(request, rules.is_lead)
    context = {"form": RoleForm(term=term), **_facts(request, user, assembly, term)}
    return render(request, "institution/person.html", context)


def _facts(request: UserRequest, user: User, assembly: Assembly, term: Term) -> dict[str, Any]:
    ended = user.roles.filter(assembly=assembly).exclude(ended_at=None)
    assignments: list[RoleAssignment] = user.current_roles  # type: ignore[attr-defined]  # -- set by the prefetch of `people_of`
    return {
        "shown": user,
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
        RoleForm(request.POST, term=term),
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
        SuspensionForm(posted(request)),
        lambda data: actions.suspend_person(user, by=request.user, assembly=assembly, **data),
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
    actions.reactivate_person(user, by=request.user, assembly=assembly)
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
        HandoverForm(posted(request), colleagues=colleagues),
        lambda data: actions.hand_over(user, data["to"], by=request.user, term=term),
        template="institution/person_hand_over.html",
        context=lambda: {"shown": user, "dossiers": registry.open_dossiers(user, term)},
        success_message=handover_message,
        to=reverse("institution:person", args=[pk]),
    )


def handover_message(moved: dict[str, int]) -> str:
    count = sum(moved.values())
    return ngettext("%(n)s dossier est passé.", "%(n)s dossiers sont passés.", count) % {"n": count}
