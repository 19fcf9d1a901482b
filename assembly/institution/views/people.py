"""People and roles of the house, in the desk: `/bureau/equipe/`."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution import handover, queries, rules
from assembly.institution.actions import people as actions
from assembly.institution.actions import roles as role_actions
from assembly.institution.current_term import led_assembly, working_term
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.forms import HandoverForm, RoleForm, SuspensionForm
from assembly.institution.models import Assembly, RoleAssignment
from assembly.ui.csv import csv_response
from assembly.ui.forms import errors_on_top
from assembly.ui.pagination import keyset_page, sorting

COLUMNS = {"nom": ("person__sort_name",), "connexion": ("last_login",)}


def _wanted(request: UserRequest, assembly_id: int) -> tuple[str, QuerySet[User]]:
    """The filter by role of the address (`?role=member`; members are left out unless asked) and its rows."""
    role = request.GET.get("role", "")
    rows = queries.people_of(assembly_id)
    held = RoleAssignment.objects.filter(assembly_id=assembly_id, ended_at=None)
    if role in Role.values:
        return role, rows.filter(pk__in=held.filter(role=role).values("user_id"))
    return "", rows.exclude(pk__in=held.filter(role=Role.MEMBER).values("user_id"))


def _invitations(assembly_id: int, role: str) -> dict[str, Any]:
    """Those of the role that is asked; those of members are counted only, unless they are."""
    waiting = queries.waiting_invitations(assembly_id)
    if role:
        return {"invitations": waiting.filter(role=role)[:100], "members_invited": 0}
    members = waiting.filter(role=Role.MEMBER)
    return {"invitations": waiting.exclude(role=Role.MEMBER)[:100], "members_invited": members.count()}


@require_safe
def people_list(request: UserRequest) -> HttpResponse:
    assembly = led_assembly(request)
    role, rows = _wanted(request, assembly.pk)
    order = sorting(request, COLUMNS, "nom")
    context = {
        "page": keyset_page(rows, request, ordering=order.ordering),
        "count": rows.count(),
        "order": order,
        "roles": [{"value": value, "label": label, "current": value == role} for value, label in Role.choices],
        "role": role,
        "columns": [
            {"label": _("Nom"), "key": "nom"},
            {"label": _("Rôles")},
            {"label": _("Dernière connexion"), "key": "connexion"},
            {"label": _("Accès")},
        ],
        **_invitations(assembly.pk, role),
    }
    return render(request, "institution/people_list.html", context)


@require_safe
@recently_authenticated
def people_export(request: UserRequest) -> HttpResponse:
    """The list as it is filtered, as CSV."""
    assembly = led_assembly(request)
    _role, rows = _wanted(request, assembly.pk)
    header = [_("Nom"), _("Prénom"), _("Qualité"), _("Adresse"), _("Rôles"), _("Accès")]
    lines = (
        [
            user.person.last_name,
            user.person.first_name,
            user.person.capacity,
            user.email,
            ", ".join(held.get_role_display() for held in getattr(user, "held", [])),
            _("ouvert") if user.is_active else _("suspendu"),
        ]
        for user in rows.order_by("person__sort_name", "pk")
    )
    return csv_response(_("equipe"), header, lines)


def _user(request: UserRequest, pk: int) -> tuple[User, Assembly]:
    assembly = led_assembly(request)
    return get_object_or_404(queries.people_of(assembly.pk), pk=pk), assembly


@require_safe
def person(request: UserRequest, pk: int) -> HttpResponse:
    user, assembly = _user(request, pk)
    term = working_term(request, rules.is_lead)
    context = {
        "shown": user,
        "term": term,
        "form": RoleForm(term=term),
        "can": rules.person_abilities(request.user, user, assembly, term),
        "files": handover.open_files(user, term),
        "ended": user.roles.filter(assembly=assembly)
        .exclude(ended_at=None)
        .select_related("term", "directorate")[:50],
    }
    return render(request, "institution/person.html", context)


@require_POST
@recently_authenticated
def role_give(request: UserRequest, pk: int) -> HttpResponse:
    user, _assembly = _user(request, pk)
    term = working_term(request, rules.is_lead)
    form = RoleForm(request.POST, term=term)
    if form.is_valid():
        facts = form.cleaned_data
        role_actions.give(user, Role(facts["role"]), by=request.user, term=term, directorate=facts["directorate"])
        messages.success(request, _("Le rôle est donné."))
    else:
        messages.error(request, " ".join(error["text"] for error in errors_on_top(form)))
    return redirect("institution:person", pk)


@require_POST
@recently_authenticated
def role_end(request: UserRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(
        RoleAssignment.objects.select_related("user"), pk=pk, assembly=led_assembly(request), ended_at=None
    )
    role_actions.end(held, by=request.user)
    messages.success(request, _("Le rôle est retiré."))
    return redirect("institution:person", held.user_id)


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def suspend(request: UserRequest, pk: int) -> HttpResponse:
    user, assembly = _user(request, pk)
    form = SuspensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.suspend_person(user, by=request.user, assembly=assembly, reason=form.cleaned_data["reason"])
        messages.success(request, _("L’accès est fermé et les sessions sont finies."))
        return redirect("institution:person", pk)
    return render(request, "institution/person_suspend.html", {"shown": user, "form": form})


@require_POST
@recently_authenticated
def reactivate(request: UserRequest, pk: int) -> HttpResponse:
    user, assembly = _user(request, pk)
    actions.reactivate_person(user, by=request.user, assembly=assembly)
    messages.success(request, _("L’accès est rétabli."))
    return redirect("institution:person", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: UserRequest, pk: int) -> HttpResponse:
    """See what is open, choose who takes it, pass everything in one step."""
    user, _assembly = _user(request, pk)
    term = working_term(request, rules.is_lead)
    team = RoleAssignment.objects.filter(term=term, role__in=TEAM_ROLES, ended_at=None).exclude(user=user)
    colleagues = User.objects.filter(pk__in=team.values("user_id"), is_active=True).select_related("person")
    form = HandoverForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        moved = actions.hand_over(user, form.cleaned_data["to"], by=request.user, term=term)
        count = sum(moved.values())
        words = ngettext("%(n)s dossier est passé.", "%(n)s dossiers sont passés.", count) % {"n": count}
        messages.success(request, words)
        return redirect("institution:person", pk)
    context = {"shown": user, "form": form, "files": handover.open_files(user, term)}
    return render(request, "institution/person_hand_over.html", context)
