"""Writing one item's summary: the page, the saving as one types, the history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.pdf.sanitizer import HtmlRefused
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_team
from assembly.ui.untrusted_input import whole_number
from assembly.ui.words import time_words
from sessions.actions import sections as actions
from sessions.enums import RevisionKind
from sessions.forms.minutes import SummaryForm
from sessions.models import AgendaItem, Minutes, MinutesSection, SectionRevision
from sessions.queries.minutes_desk import history_of, outline, sections_of, written_lines
from sessions.queries.minutes_item import actions_told, item_facts, items_to_show, items_to_write, names_in, notes_told
from sessions.rules import ballots as ballot_rules
from sessions.rules.rich_text import from_plain, to_plain
from sessions.views.minutes import abilities
from sessions.views.minutes_steps import desk_minutes

CONFLICT, TOO_LARGE, REFUSED = 409, 413, 422


def item_of(minutes: Minutes, pk: int, *, shown: bool = False) -> AgendaItem:
    item = get_object_or_404(items_to_show(minutes) if shown else items_to_write(minutes), pk=pk)
    item.sitting = minutes.sitting
    return item


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: UserRequest, pk: int, item_pk: int) -> HttpResponse:
    """The page of one item; a POST saves its summary, from the editor (JSON answer) or from a plain form."""
    minutes = desk_minutes(request, pk)
    if request.method == "POST" and request.headers.get("Accept") == "application/json":
        return save_as_typed(request, minutes, item_of(minutes, item_pk))
    item = item_of(minutes, item_pk, shown=True)
    if request.method != "POST":
        context = page(request.user, minutes, item, take=request.GET.get("notes", ""))
        return render(request, "sessions/minutes_write.html", context)
    return save_form(request, minutes, item)


def page(reader: User, minutes: Minutes, item: Any, *, take: str = "", **typed: Any) -> dict[str, Any]:
    """Everything the page of an item shows: its plan, its facts, its text, the notes of the sitting.

    `item` is one of `items_to_show`. `take` names notes that the plain box shows after the text: nothing is written
    before somebody saves.
    """
    sections = sections_of(minutes)
    found = sections.get(item.pk)
    html = found.summary_html if found else ""
    told = item_facts(minutes, item, html)
    notes = notes_told(item) if is_team(reader, minutes.sitting.term_id) else []
    taken = "".join(from_plain(note.text) for note in notes if str(note.pk) == take)
    return {
        "minutes": minutes,
        "item": item,
        "section": found,
        "summary_html": html,
        "form": SummaryForm(initial=as_typed(html + taken) | {"revision": found.revision if found else 0}),
        "told": told,
        "notes": notes,
        "seats_filled": [("pour", told.present or 0)],
        "seats_words": _("%(n)s places occupées sur %(all)s") % {"n": told.present or 0, "all": told.seats},
        "decisions": item.decisions_told,
        "actions": actions_told(item),
        "papers": item.papers_told,
        "may": abilities(reader, minutes),
        "theirs": None,
        "may_record": ballot_rules.can_record(reader, minutes.sitting, minutes),
        "minutes_url": reverse("sittings:minutes", args=[minutes.sitting_id]),
        **places(minutes, item, sections),
        **typed,
    }


def places(minutes: Minutes, item: AgendaItem, sections: dict[int, MinutesSection]) -> dict[str, Any]:
    """The plan at the left, and the items before and after this one."""
    plan = outline(sections, written_lines(minutes), item.pk)
    at = next((place for place, line in enumerate(plan) if line.is_current), None)
    before = plan[at - 1].item if at else None
    after = plan[at + 1].item if at is not None and at + 1 < len(plan) else None
    return {"plan": plan, "place": at, "before": before, "after": after}


def as_typed(html: str) -> dict[str, Any]:
    """What the plain box shows: plain text, or HTML when plain text cannot say it all."""
    plain = to_plain(html)
    return {"text": html, "format": "html"} if plain is None else {"text": plain, "format": "text"}


def save_as_typed(request: UserRequest, minutes: Minutes, item: AgendaItem) -> JsonResponse:
    """What the editor sends every few seconds; each refusal says what happened and loses nothing."""
    html, revision = request.POST.get("html", ""), whole_number(request.POST.get("revision", ""))
    if revision < 0:
        return JsonResponse({"sentence": _("Rechargez la page, puis réessayez.")}, status=REFUSED)
    try:
        saved = actions.write(minutes, item, html, revision=revision, by=request.user)
    except actions.TextKept as kept:
        return JsonResponse(conflict(minutes, item, kept), status=CONFLICT)
    except HtmlRefused as refused:
        return JsonResponse({"sentence": " ".join(refused.messages)}, status=TOO_LARGE)
    except ValidationError as refused:
        return JsonResponse({"sentence": " ".join(refused.messages)}, status=REFUSED)
    names = names_in(minutes, saved.summary_html)
    return JsonResponse({"revision": saved.revision, "at": time_words(timezone.now()), "names": names})


def conflict(minutes: Minutes, item: AgendaItem, kept: actions.TextKept) -> dict[str, Any]:
    """Both texts, for the person to choose: nothing is thrown away."""
    current = MinutesSection.objects.select_related("updated_by__person").get(minutes=minutes, agenda_item=item)
    return {
        "sentence": " ".join(kept.messages),
        "code": kept.code,
        "revision": current.revision,
        "theirs": current.summary_html,
        "mine": kept.revision.summary_html,
        "by": current.updated_by.get_full_name() if current.updated_by else "",
    }


def save_form(request: UserRequest, minutes: Minutes, item: AgendaItem) -> HttpResponse:
    """The plain form of a page without JavaScript."""
    form = SummaryForm(request.POST)
    if not form.is_valid():
        return render(request, "sessions/minutes_write.html", page(request.user, minutes, item, form=form))
    data = form.cleaned_data
    try:
        actions.write(minutes, item, form.html, revision=data["revision"], by=request.user)
    except actions.Overtaken as kept:
        form.add_error(None, " ".join(kept.messages))
        theirs = conflict(minutes, item, kept)
        shown = SummaryForm({"text": data["text"], "format": data["format"], "revision": theirs["revision"]})
        shown.add_error(None, " ".join(kept.messages))
        context = page(request.user, minutes, item, form=shown, theirs=theirs)
        return render(request, "sessions/minutes_write.html", context, status=CONFLICT)
    except ValidationError as refused:
        form.add_error("text", refused.messages)
        return render(request, "sessions/minutes_write.html", page(request.user, minutes, item, form=form))
    messages.success(request, _("Le résumé est enregistré."))
    return redirect("sittings:section", minutes.pk, item.pk)


@require_safe
def section_history(request: UserRequest, pk: int, item_pk: int) -> HttpResponse:
    """Every text that was kept about an item, the latest first."""
    minutes = desk_minutes(request, pk)
    item = item_of(minutes, item_pk)
    found = MinutesSection.objects.filter(minutes=minutes, agenda_item=item).first()
    revisions = list(history_of(found)[:100]) if found else []
    context = {
        "minutes": minutes,
        "item": item,
        "section": found,
        "revisions": revisions,
        "beside": {RevisionKind.CONFLICT, RevisionKind.REFUSED},
        "may": abilities(request.user, minutes),
    }
    return render(request, "sessions/minutes_history.html", context)


@require_POST
def section_restore(request: UserRequest, pk: int, item_pk: int, revision_pk: int) -> HttpResponse:
    """Take a former text again, if nobody wrote meanwhile."""
    minutes = desk_minutes(request, pk)
    rows = SectionRevision.objects.select_related("section__minutes__sitting__term", "section__agenda_item")
    former = get_object_or_404(rows, pk=revision_pk, section__minutes=minutes, section__agenda_item=item_pk)
    expected = whole_number(request.POST.get("revision", ""))
    try:
        actions.restore(former, revision=expected, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("sittings:section-history", minutes.pk, item_pk)
    messages.success(request, _("Le texte est repris."))
    return redirect("sittings:section", minutes.pk, item_pk)
