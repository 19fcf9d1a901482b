"""Views of « Rappeler par courriel »: the button of a dossier on which the reader may not act."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.dossiers.awaited import DossierKind, kinds
from assembly.identity.http import UserRequest
from assembly.notifications.actions.reminders import people_to_remind, remind
from assembly.web.confirmation import Question, confirm_first


def seen_row(request: UserRequest, label: str, pk: int) -> tuple[DossierKind[Any], Any, str]:
    """Return the kind of dossier, the row and its page; raise Http404 for a row that the reader may not see."""
    if (kind := kinds.get(label)) is None:
        raise Http404
    row = get_object_or_404(kind.rows(request.user), pk=pk)
    return kind, row, kind.page(row, request.user) or reverse("portal:area")


def reminder_question(request: UserRequest, label: str, pk: int) -> Question:
    _kind, row, page = seen_row(request, label, pk)
    count = len(people_to_remind(row, by=request.user))
    title = ngettext("Rappeler %(n)s personne ?", "Rappeler %(n)s personnes ?", count) % {"n": count}
    line = _("Un courriel part, avec le lien de cette page. Chaque personne en reçoit au plus un par jour.")
    return Question(title, _("Rappeler par courriel"), page, [line], about=row)


@confirm_first(reminder_question)
def reminder(request: UserRequest, label: str, pk: int) -> HttpResponse:
    """Write to the people who may act: 403 for a reader who may not write, 409 where nobody else is awaited."""
    kind, row, page = seen_row(request, label, pk)
    count = remind(kind, row, by=request.user)
    if count:
        message = ngettext("Un rappel part à %(n)s personne.", "Un rappel part à %(n)s personnes.", count)
        messages.success(request, message % {"n": count})
    else:
        messages.info(request, _("Un rappel est déjà parti aujourd’hui : le prochain pourra partir demain."))
    return redirect(page)
