"""« Rappeler par courriel »: the button of a dossier whose reader may not act."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assembly.dossiers.awaited import kinds
from assembly.identity.http import UserRequest
from assembly.notifications.actions.reminders import remind


@require_POST
def reminder(request: UserRequest, label: str, pk: int) -> HttpResponse:
    """404 for what the reader does not see, 403 for who may not write, 409 where nobody else is awaited any more."""
    if (kind := kinds.get(label)) is None:
        raise Http404
    row = get_object_or_404(kind.rows(request.user), pk=pk)
    count = remind(kind, row, by=request.user)
    if count:
        words = ngettext("Un rappel part à %(n)s personne.", "Un rappel part à %(n)s personnes.", count)
        messages.success(request, words % {"n": count})
    else:
        messages.info(request, _("Un rappel est déjà parti aujourd’hui : le prochain pourra partir demain."))
    return redirect(kind.page(row, request.user))
