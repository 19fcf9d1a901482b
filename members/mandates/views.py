"""Views of actions on many members: the page shows how many and who, the button takes the action."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
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
from assembly.web import pagination
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.pagination import BIGGEST_KEY, WHOLE_NUMBER, keyset_page
from members import queries, rules
from members.actions import batches as actions
from members.forms import StepDateForm

BY_NAME = ("member__person__sort_name",)
TICKED, EVERYBODY = "membre", "tous"


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def member_activate(request: UserRequest) -> HttpResponse:
    """Open every accepted mandate on one day: the installation."""
    term = working_term(request, rules.can_manage)

    def activate(data: dict[str, Any]) -> int:
        done, refused = actions.activate_all(term, by=request.user, on=data["on"])
        if refused:
            message = ngettext(
                "%(n)s mandat accepté après cette date n’est pas ouvert.",
                "%(n)s mandats acceptés après cette date ne sont pas ouverts.",
                refused,
            )
            messages.warning(request, message % {"n": refused})
        return done

    return form_page(
        request,
        StepDateForm(posted(request)),
        activate,
        template="members/mandates/activate.html",
        context=lambda: activation_context(request, term),
        success_message=lambda n: ngettext("%(n)s mandat est ouvert.", "%(n)s mandats sont ouverts.", n) % {"n": n},
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
    """Invite to sign in: choose whom, check what is sent, then confirm. The address holds keys of mandates only."""
    term = working_term(request, rules.can_manage)
    again = request.GET.get("qui") == "relance"
    if request.method == "POST":
        if not can_invite(request.user, term):
            raise PermissionDenied
        if (chosen := chosen_mandates(request.POST)) is None:
            return render(request, "members/mandates/invite.html", choice_context(request, term, again), status=422)
        issued = actions.invite(term, by=request.user, again=again, **chosen)
        message = ngettext(
            "%(n)s invitation est en cours d’envoi.", "%(n)s invitations sont en cours d’envoi.", len(issued)
        ) % {"n": len(issued)}
        messages.success(request, message if issued else _("Personne n’était à inviter."))
        return redirect("members:member-invite")
    chosen = chosen_mandates(request.GET)
    if chosen is None or "changer" in request.GET:
        return render(request, "members/mandates/invite.html", choice_context(request, term, again))
    return render(request, "members/mandates/invite_check.html", check_context(request, term, again, chosen))


def chosen_mandates(data: QueryDict) -> dict[str, set[int]] | None:
    """Return the filter for those ticked: empty for everybody (« tous »), None when nobody is ticked."""
    ticked = data.getlist(TICKED)
    if EVERYBODY in ticked:
        return {}
    keys = {int(key) for key in ticked if WHOLE_NUMBER.fullmatch(key) and int(key) <= BIGGEST_KEY}
    return {"only": keys} if keys else None


def choice_context(request: UserRequest, term: Term, again: bool) -> dict[str, Any]:
    """Return the members of the list, all ticked unless the query string names others."""
    counts = queries.invitations_to_send(term)
    page = keyset_page(
        queries.mandates_to_invite(term, again=again), request, ordering=BY_NAME, size=pagination.WHOLE_LIST
    )
    named = ((_("Jamais invités"), "?", False), (_("Invités, pas encore venus"), "?qui=relance", True))
    tabs = [
        {"label": label, "url": url, "current": again == known, "count": counts[known]["people"]}
        for label, url, known in named
    ]
    chosen = chosen_mandates(request.GET)
    nobody = request.method == "POST" or request.GET.get("cocher") == "aucun"
    ticked = set() if nobody else (chosen or {}).get("only", {mandate.pk for mandate in page})
    context = {"term": term, "again": again, "page": page, "tabs": tabs, "count": counts[again]["people"]}
    return context | {"ticked": ticked, "may": can_invite(request.user, term)}


def check_context(request: UserRequest, term: Term, again: bool, chosen: dict[str, set[int]]) -> dict[str, Any]:
    """Return what is sent to whom, counted now among those who are still to be invited."""
    counted = queries.invitations_to_send(term, **chosen)[again]
    count, letters = counted["people"], counted["letters"]
    rows = queries.mandates_to_invite(term, again=again, **chosen)
    page = keyset_page(rows, request, ordering=BY_NAME, size=pagination.WHOLE_LIST)
    verb = (
        ("Relancer %(n)s membre", "Relancer %(n)s membres")
        if again
        else ("Inviter %(n)s membre", "Inviter %(n)s membres")
    )
    label = ngettext(*verb, count) % {"n": count}
    context = {"term": term, "again": again, "page": page, "count": count, "label": label}
    context |= {"mails": count - letters, "letters": letters, "ticked": request.GET.getlist(TICKED)}
    return context | {"may": can_invite(request.user, term)}
