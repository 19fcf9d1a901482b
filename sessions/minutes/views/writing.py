"""Pages where minutes are written: the summary of an item, notes, corrections."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.dossiers.pages import step_applies
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_lead, is_team
from assembly.lists.selection import BulkAct, Selection
from assembly.web.errors import EditConflict
from assembly.web.forms import posted, whole_number
from assembly.web.pages import Question, confirm_first, form_page
from assembly.web.versioned import attempt, autosave_response, is_autosave
from assembly.workflow import StateConflict, share
from sessions import pages
from sessions.decisions import rules as ballot_rules
from sessions.minutes import rules as minutes_rules
from sessions.minutes.actions import corrections, writing
from sessions.minutes.forms import NoteCorrectionForm, NoteForm, RefuseForm, RichTextForm
from sessions.minutes.queries.minutes import (
    actions_of_item,
    corrections_with_facts,
    history_of,
    item_facts,
    items_to_show,
    items_to_write,
    items_with_notes,
    names_in,
    notes_of_item,
    outline,
    sections_of,
    written_lines,
)
from sessions.minutes.rules import erased_on, from_plain
from sessions.minutes.views.steps import abilities, desk_minutes
from sessions.minutes.workflow.tables import CORRECTION
from sessions.models import AgendaItem, Correction, Minutes, MinutesSection, RevisionKind, SectionRevision, Sitting
from sessions.pages import origin_page
from sessions.sittings import rules

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
        "may_record": ballot_rules.can_record(reader, minutes.sitting, minutes),
        "may_withdraw": ballot_rules.can_withdraw(reader, minutes.sitting, minutes),
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
        lambda version: writing.write(minutes, item, form.html, revision=version, by=request.user),
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
        writing.restore(former, revision=expected, by=request.user)
    except EditConflict as conflict:
        messages.error(request, conflict.sentence)
        return redirect("sittings:section-history", minutes.pk, item_pk)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("sittings:section-history", minutes.pk, item_pk)
    messages.success(request, _("Le texte est repris."))
    return redirect("sittings:section", minutes.pk, item_pk)


MERGED_MESSAGE = gettext_lazy(
    "Ces notes ont changé dans une autre fenêtre. Les deux textes sont réunis : relisez, puis enregistrez."
)


@require_safe
def notes_board(request: UserRequest, pk: int) -> HttpResponse:
    """Show every item with the reader's own notes."""
    return board(request, pages.desk_sitting(request, pk, rules.can_take_notes))


def board(request: UserRequest, sitting: Sitting, refused: NoteForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "sitting": sitting,
        "rows": items_with_notes(sitting, request.user),
        "erased_on": erased_on(sitting.starts_at, sitting.term.notes_retention_months),
        "refused": refused,
        "joined": MERGED_MESSAGE,
    }
    return render(request, "sessions/minutes/notes.html", context, status=status)


@require_POST
def note_take(request: UserRequest, pk: int, item: int) -> HttpResponse:
    """Save one note; the script gets JSON, a plain form the page.

    A text saved in another window is merged, without a choice.
    """
    sitting = pages.desk_sitting(request, pk, rules.can_take_notes)
    agenda_item = get_object_or_404(sitting.agenda, pk=item, removed_at=None, is_internal=False)
    form = NoteForm(request.POST, item=agenda_item)
    tried = attempt(
        form,
        lambda version: writing.save_note(agenda_item, form.cleaned_data["text"], revision=version, by=request.user),
        compare=lambda conflict: form.merge_with(conflict.current.text),
        field="text",
    )
    if is_autosave(request):
        if (note := tried.saved) is not None:
            return autosave_response(form, tried, note.revision, note.updated_at)
        return autosave_response(form, tried, 0, None, merged={"text": form["text"].value()}, sentence=MERGED_MESSAGE)
    if not tried.is_saved:
        return board(request, sitting, form, tried.status)
    messages.success(request, _("Vos notes sont enregistrées."))
    page = origin_page(request) or reverse("sittings:notes", args=[sitting.pk])
    return redirect(f"{page}#point-{agenda_item.pk}")


def desk_correction(request: UserRequest, pk: int) -> Correction:
    correction = get_object_or_404(
        corrections_with_facts().filter(minutes__in=Minutes.objects.visible_to(request.user)), pk=pk
    )
    if not is_team(request.user, correction.minutes.sitting.term_id):
        raise PermissionDenied
    return correction


def page_of(correction: Correction) -> str:
    return f"{reverse('sittings:minutes', args=[correction.minutes.sitting_id])}#corrections"


def accept_question(request: UserRequest, pk: int) -> Question:
    correction = desk_correction(request, pk)
    CORRECTION.check(request.user, correction, "accept")
    passages = {"old": correction.passage, "new": correction.proposal}
    changed = _("Dans le compte rendu, « %(old)s » devient « %(new)s ».") if correction.passage else _("« %(new)s »")
    sentence = _("Son auteur ou autrice lira que la demande est acceptée. Cela ne se reprend pas.")
    lines = [changed % passages, sentence]
    return Question(_("Accepter la correction ?"), _("Accepter"), page_of(correction), lines, about=correction.minutes)


@confirm_first(accept_question)
def correction_accept(request: UserRequest, pk: int) -> HttpResponse:
    """Accept and replace the passage, or open the page where it is done by hand."""
    correction = desk_correction(request, pk)
    try:
        corrections.accept(correction, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("sittings:correction-edit", correction.pk)
    messages.success(request, _("La correction est acceptée, le texte est changé."))
    return redirect(page_of(correction))


@require_http_methods(["GET", "HEAD", "POST"])
def correction_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Accept by hand, with the whole summary of the item in the form."""
    correction = desk_correction(request, pk)
    section = correction.section
    form = RichTextForm.of(section.summary_html, section.revision, label=SUMMARY, data=posted(request))
    return form_page(
        request,
        form,
        lambda data: corrections.accept(correction, by=request.user, html=form.html, revision=data["version"]),
        compare=lambda late: form.compare_with(late.current.summary_html, late.typed["summary_html"]),
        field="text",
        template="sessions/minutes/correction_edit.html",
        context={"correction": correction, "back": page_of(correction)},
        success_message=_("La correction est acceptée, le texte est changé."),
        to=page_of(correction),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correction_refuse(request: UserRequest, pk: int) -> HttpResponse:
    correction = desk_correction(request, pk)
    return form_page(
        request,
        RefuseForm(posted(request)),
        lambda data: corrections.refuse(correction, by=request.user, answer=data["answer"]),
        template="sessions/minutes/correction_refuse.html",
        context={"correction": correction, "back": page_of(correction)},
        success_message=_("La correction est refusée ; son auteur ou autrice lira pourquoi."),
        to=page_of(correction),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correction_note(request: UserRequest, pk: int) -> HttpResponse:
    """Record a request received by letter or telephone, in the name of its author."""
    minutes = desk_minutes(request, pk)
    if not is_team(request.user, minutes.sitting.term_id):
        raise PermissionDenied
    if not minutes_rules.takes_changes(minutes):
        raise StateConflict(minutes, "note")
    tab = reverse("sittings:minutes", args=[minutes.sitting_id])
    return form_page(
        request,
        NoteCorrectionForm(posted(request), minutes=minutes),
        lambda data: corrections.note(minutes, by=request.user, **data),
        template="sessions/minutes/correction_note.html",
        context={"minutes": minutes, "back": tab},
        success_message=_("La demande est notée."),
        to=tab,
    )


def correction_label(correction: Correction) -> str:
    """Return a label with the proposal, so that two corrections of one person on one item differ."""
    excerpt = Truncator(correction.proposal or correction.passage).chars(80)
    return f"{correction.section.agenda_item.title}, {correction.author.full_name} : « {excerpt} »"


SELECTION: Selection[Correction] = Selection(
    "sittings:corrections-chosen",
    lambda n: ngettext("%(n)s correction choisie", "%(n)s corrections choisies", n) % {"n": n},
    {
        "accepter": BulkAct(
            gettext_lazy("Accepter"),
            action=lambda correction, user, data: corrections.accept(correction, by=user),
            success_message=lambda n: (
                ngettext(
                    "%(n)s correction est acceptée, le texte est changé.",
                    "%(n)s corrections sont acceptées, le texte est changé.",
                    n,
                )
                % {"n": n}
            ),
            check=lambda user, correction: CORRECTION.check(user, correction, "accept"),
            applies=step_applies(CORRECTION, "accept"),
        ),
        "refuser": BulkAct(
            gettext_lazy("Refuser avec un motif"),
            action=lambda correction, user, data: corrections.refuse(correction, by=user, answer=data["answer"]),
            success_message=lambda n: (
                ngettext("%(n)s correction est refusée.", "%(n)s corrections sont refusées.", n) % {"n": n}
            ),
            check=lambda user, correction: CORRECTION.check(user, correction, "refuse"),
            applies=step_applies(CORRECTION, "refuse"),
            form=RefuseForm,
        ),
    },
    name=correction_label,
)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def corrections_chosen(request: UserRequest, pk: int) -> HttpResponse:
    """Answer several corrections; one whose passage only a person can place stays, with a message."""
    minutes = desk_minutes(request, pk)
    if not is_team(request.user, minutes.sitting.term_id):
        raise PermissionDenied
    share(Minutes.objects.filter(pk=minutes.pk))  # before its corrections: the order of docs/locks.md
    tab = f"{reverse('sittings:minutes', args=[minutes.sitting_id])}#corrections"
    return SELECTION.answer(request, corrections_with_facts().filter(minutes=minutes), back=tab)
