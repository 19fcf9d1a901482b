"""Writing one item's summary: the page, the saving while typing, the history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_lead, is_team
from assembly.text.untrusted_input import whole_number
from assembly.web.errors import EditConflict
from assembly.web.versioned import attempt, autosave_response, is_autosave
from sessions.enums import RevisionKind
from sessions.forms.rich_text import RichTextForm
from sessions.minutes.actions import writing as actions
from sessions.minutes.queries.writing import history_of, outline, sections_of, written_lines
from sessions.minutes.views.steps import desk_minutes
from sessions.models import AgendaItem, Minutes, MinutesSection, SectionRevision
from sessions.queries.minutes_item import (
    actions_of_item,
    item_facts,
    items_to_show,
    items_to_write,
    names_in,
    notes_of_item,
)
from sessions.rules import ballots
from sessions.rules.rich_text import from_plain
from sessions.views.minutes import abilities

SUMMARY = gettext_lazy("Résumé des échanges")


def item_of(minutes: Minutes, pk: int, *, shown: bool = False) -> AgendaItem:
    item = get_object_or_404(items_to_show(minutes) if shown else items_to_write(minutes), pk=pk)
    item.sitting = minutes.sitting
    return item


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: UserRequest, pk: int, item_pk: int) -> HttpResponse:
    """Show the page of one item; a POST saves its summary, while typing (JSON response) or from the plain form."""
    minutes = desk_minutes(request, pk)
    if request.method == "POST":
        return save(request, minutes, item_of(minutes, item_pk))
    item = item_of(minutes, item_pk, shown=True)
    context = page(request.user, minutes, item, take=request.GET.get("notes", ""))
    return render(request, "sessions/minutes/write.html", context)


def page(reader: User, minutes: Minutes, item: Any, *, take: str = "", **typed: Any) -> dict[str, Any]:
    """Build all that the page of an item shows: outline, facts, text, notes of the sitting.

    `item` is one of `items_to_show`. `take` is the key of notes that the textarea shows after the text: nothing is
    written before somebody saves.
    """
    sections = sections_of(minutes)
    row = sections.get(item.pk)
    html = row.summary_html if row else ""
    facts = item_facts(minutes, item, html)
    notes = notes_of_item(item) if is_team(reader, minutes.sitting.term_id) else []
    taken = "".join(from_plain(note.text) for note in notes if str(note.pk) == take)
    return {
        "minutes": minutes,
        "item": item,
        "section": row,
        "summary_html": html,
        "form": RichTextForm.of(html + taken, row.revision if row else 0, label=SUMMARY),
        "facts": facts,
        "notes": notes,
        "seats_filled": [("pour", facts.present or 0)],
        "seats_label": ngettext(
            "%(n)s place occupée sur %(all)s", "%(n)s places occupées sur %(all)s", facts.present or 0
        )
        % {"n": facts.present or 0, "all": facts.seats},
        "decisions": item.decisions_of_item,
        "actions": actions_of_item(item),
        "papers": item.papers_of_item,
        "may": abilities(reader, minutes),
        "may_decide": is_lead(reader, minutes.sitting.term_id),
        "may_record": ballots.can_record(reader, minutes.sitting, minutes),
        "may_withdraw": ballots.can_withdraw(reader, minutes.sitting, minutes),
        "minutes_url": reverse("sittings:minutes", args=[minutes.sitting_id]),
        **outline_context(minutes, item, sections),
        **typed,
    }


def outline_context(minutes: Minutes, item: AgendaItem, sections: dict[int, MinutesSection]) -> dict[str, Any]:
    """Return the outline on the left, and the items before and after this one."""
    plan = outline(sections, written_lines(minutes), item.pk)
    at = next((position for position, line in enumerate(plan) if line.is_current), None)
    before = plan[at - 1].item if at else None
    after = plan[at + 1].item if at is not None and at + 1 < len(plan) else None
    return {"plan": plan, "position": at, "before": before, "after": after}


def save(request: UserRequest, minutes: Minutes, item: AgendaItem) -> HttpResponse:
    """Save a summary; each refusal has a message and loses no text."""
    form = RichTextForm(request.POST, label=SUMMARY)
    tried = attempt(
        form,
        lambda version: actions.write(minutes, item, form.html, revision=version, by=request.user),
        compare=lambda conflict: form.compare_with(conflict.current.summary_html, conflict.typed["summary_html"]),
        field="text",
    )
    if is_autosave(request):
        names = names_in(minutes, tried.saved.summary_html) if tried.saved else []
        version = tried.saved.revision if tried.saved else 0
        return autosave_response(form, tried, version, timezone.now(), names=names)
    if not tried.is_saved:
        context = page(request.user, minutes, item_of(minutes, item.pk, shown=True), form=form)
        return render(request, "sessions/minutes/write.html", context, status=tried.status)
    messages.success(request, _("Le résumé est enregistré."))
    return redirect("sittings:section", minutes.pk, item.pk)


@require_safe
def section_history(request: UserRequest, pk: int, item_pk: int) -> HttpResponse:
    """List every saved text of an item, the latest first."""
    minutes = desk_minutes(request, pk)
    item = item_of(minutes, item_pk)
    row = MinutesSection.objects.filter(minutes=minutes, agenda_item=item).first()
    revisions = list(history_of(row)[:100]) if row else []
    context = {
        "minutes": minutes,
        "item": item,
        "section": row,
        "revisions": revisions,
        "beside": {RevisionKind.CONFLICT, RevisionKind.REFUSED},
        "may": abilities(request.user, minutes),
    }
    return render(request, "sessions/minutes/history.html", context)


@require_POST
def section_restore(request: UserRequest, pk: int, item_pk: int, revision_pk: int) -> HttpResponse:
    """Restore a former text, if nobody wrote meanwhile."""
    minutes = desk_minutes(request, pk)
    rows = SectionRevision.objects.select_related("section__minutes__sitting__term", "section__agenda_item")
    former = get_object_or_404(rows, pk=revision_pk, section__minutes=minutes, section__agenda_item=item_pk)
    expected = whole_number(request.POST.get("revision", ""))
    try:
        actions.restore(former, revision=expected, by=request.user)
    except EditConflict as conflict:
        messages.error(request, conflict.sentence)
        return redirect("sittings:section-history", minutes.pk, item_pk)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("sittings:section-history", minutes.pk, item_pk)
    messages.success(request, _("Le texte est repris."))
    return redirect("sittings:section", minutes.pk, item_pk)
