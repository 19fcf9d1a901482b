"""One opinion in the back office, the members' area and the offices; the settings of the term."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest, recently_authenticated_to_write
from assembly.institution.pages import working_term
from assembly.institution.rules import is_lead, is_team
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.web.pagination import keyset_page
from opinions import pages
from opinions.models import MinorityPosition, PositionState
from opinions.opinions import actions, forms, queries, rules
from opinions.pages import (
    desk_opinion,
    member_opinion,
    path,
    recommendation_widgets,
    status_of,
    team_opinion,
    version_to_read,
)
from opinions.papers.queries import my_due_capacity
from opinions.sections.workflow import SECTION


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_create(request: UserRequest) -> HttpResponse:
    term = working_term(request, is_team)
    return form_page(
        request,
        forms.CreateForm(posted(request), term=term, user=request.user),
        lambda data: actions.create(data["referral"], title=data["title"], by=request.user),
        template="opinions/opinions/create.html",
        success_message=_("Le plan de l’avis est proposé à partir des groupes de la saisine."),
        to=lambda opinion: reverse("opinions:outline", args=[opinion.pk]),
    )


@require_safe
def opinion_show(request: UserRequest, pk: int) -> HttpResponse:
    """Show the state of each section; after the handover, what becomes of each recommendation."""
    opinion = desk_opinion(request, pk)
    rows = [section_row(request, section) for section in queries.with_leads(queries.sections_of(opinion))]
    outcomes = recommendation_widgets(request.user, opinion) if opinion.handed_over_on else {}
    return render(request, "opinions/opinions/show.html", pages.context(request, opinion, rows=rows, **outcomes))


def section_row(request: UserRequest, section: Any) -> dict[str, Any]:
    """Return one section with what this reader may do with it."""
    return {"section": section, "can": SECTION.abilities(request.user, section)}


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_edit(request: UserRequest, pk: int) -> HttpResponse:
    opinion = team_opinion(request, pk)
    if not rules.can_edit(request.user, opinion):
        raise PermissionDenied
    return form_page(
        request,
        forms.OpinionEditForm(posted(request), opinion=opinion),
        lambda data: actions.edit(opinion, by=request.user, **data),
        template="opinions/opinions/edit.html",
        context={"opinion": opinion},
        success_message=_("L’avis est enregistré."),
        to=reverse("opinions:opinion", args=[opinion.pk]),
    )


@require_safe
def opinion_history(request: UserRequest, pk: int) -> HttpResponse:
    opinion = desk_opinion(request, pk)
    return render(request, "opinions/opinions/history.html", pages.context(request, opinion, "history"))


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def settings(request: UserRequest) -> HttpResponse:
    """Change the settings of the term, for its lead."""
    term = working_term(request, is_lead)
    row = queries.settings_of(term)
    initial = {name: getattr(row, name) for name in actions.SETTINGS}
    return form_page(
        request,
        forms.OpinionSettingsForm(posted(request), initial=initial),
        lambda data: actions.change_settings(term, data, by=request.user),
        template="opinions/opinions/settings.html",
        context={"term": term},
        success_message=_("Les réglages sont enregistrés."),
        to=reverse("opinions:settings"),
    )


@require_safe
def member_opinion_list(request: UserRequest) -> HttpResponse:
    """Show what the assembly writes and what it has written."""
    rows = queries.my_opinions(request.user)
    page = keyset_page(rows.for_screen(), request, ordering=("-created_at",))
    return render(request, "opinions/opinions/member_list.html", {"page": page, "count": rows.count()})


@require_safe
def member_opinion_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show one opinion: the reader's own text first, then its state."""
    opinion = member_opinion(request, pk)
    sections, mine = queries.sections_of(opinion), queries.my_sections(request.user, opinion)
    rows = [section_row(request, section) for section in queries.with_leads(sections)]
    context = {
        "opinion": opinion,
        "status": status_of(opinion, queries.figures(opinion), {}),
        "path": path(opinion),
        "rows": sorted(rows, key=lambda row: row["section"].pk not in mine),
        "mine": mine,
        "version": version_to_read(opinion),
        "my_visa": opinion.is_adopted and my_due_capacity(request.user, opinion),
    }
    return render(request, "opinions/opinions/member.html", context | recommendation_widgets(request.user, opinion))


@require_safe
def office_opinion(request: UserRequest, pk: int) -> HttpResponse:
    """Show the present text, recommendations, minority positions and vote to the president's office or sponsor."""
    opinion = queries.visible_opinion(request.user, pk)
    if not rules.can_read_as_office(request.user, opinion):
        raise PermissionDenied
    positions = MinorityPosition.objects.filter(opinion=opinion, state=PositionState.SUBMITTED)
    context = {
        "opinion": opinion,
        "status": status_of(opinion, queries.figures(opinion), {}),
        "path": path(opinion),
        "version": version_to_read(opinion),
        "positions": list(positions.for_screen()) if opinion.is_adopted else [],
        "ballot": opinion.ballot if opinion.is_adopted else None,
    }
    return render(request, "opinions/opinions/office.html", context | recommendation_widgets(request.user, opinion))
