"""Acts on many members: the page says how many and who, the button does it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from assembly.institution.rules import can_invite
from assembly.ui import pagination
from assembly.ui.form_page import form_page
from assembly.ui.forms import posted
from assembly.ui.pagination import keyset_page
from members import queries, rules
from members.actions import batches as actions
from members.forms import StepDateForm

BY_NAME = ("member__person__sort_name",)


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_activate(request: UserRequest) -> HttpResponse:
    """Open every accepted mandate on one day: the installation."""
    term = working_term(request, rules.can_manage)

    def activate(data: dict[str, Any]) -> int:
        done, refused = actions.activate_all(term, by=request.user, on=data["on"])
        if refused:
            words = _("%(n)s mandats acceptés après cette date ne sont pas ouverts.")
            messages.warning(request, words % {"n": refused})
        return done

    return form_page(
        request,
        StepDateForm(posted(request)),
        activate,
        template="members/member_activate.html",
        context=lambda: activation_context(request, term),
        done=lambda n: ngettext("%(n)s mandat est ouvert.", "%(n)s mandats sont ouverts.", n) % {"n": n},
        to=reverse("members:member-list"),
    )


def activation_context(request: UserRequest, term: Term) -> dict[str, Any]:
    rows = queries.mandates_to_open(term)
    page = keyset_page(rows, request, ordering=BY_NAME, size=pagination.WHOLE_LIST)
    count = len(page) if page.is_alone else rows.count()
    label = ngettext("Ouvrir %(n)s mandat", "Ouvrir %(n)s mandats", count) % {"n": count}
    return {"term": term, "page": page, "count": count, "label": label}


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_invite(request: UserRequest) -> HttpResponse:
    """Invite to sign in: nothing is sent before the button that says how many."""
    term = working_term(request, rules.can_manage)
    again = request.GET.get("qui") == "relance"
    if request.method == "POST":
        if not can_invite(request.user, term):
            raise PermissionDenied
        issued = actions.invite(term, by=request.user, again=again)
        words = ngettext("%(n)s invitation part.", "%(n)s invitations partent.", len(issued)) % {"n": len(issued)}
        messages.success(request, words if issued else _("Personne n’était à inviter."))
        return redirect("members:member-invite")
    return render(request, "members/member_invite.html", invitation_context(request, term, again))


def invitation_context(request: UserRequest, term: Term, again: bool) -> dict[str, Any]:
    counts = queries.invitations_to_send(term)
    count, letters = counts[again]["people"], counts[again]["letters"]
    rows = queries.mandates_to_invite(term, again=again)
    page = keyset_page(rows, request, ordering=BY_NAME, size=pagination.WHOLE_LIST)
    named = ((_("Jamais invités"), "?", False), (_("Invités, pas encore venus"), "?qui=relance", True))
    tabs = [
        {"label": label, "url": url, "current": again == known, "count": counts[known]["people"]}
        for label, url, known in named
    ]
    verb = (
        ("Relancer %(n)s membre", "Relancer %(n)s membres")
        if again
        else ("Inviter %(n)s membre", "Inviter %(n)s membres")
    )
    label = ngettext(*verb, count) % {"n": count}
    context = {"term": term, "again": again, "page": page, "count": count, "tabs": tabs, "label": label}
    context |= {"mails": count - letters, "letters": letters, "here": request.get_full_path()}
    return context | {"may": can_invite(request.user, term)}
