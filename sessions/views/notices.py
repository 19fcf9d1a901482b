"""Views of the convocation tab: who was invited, who answered what."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from assembly.web.pagination import LONG_PAGE, keyset_page
from sessions import pages
from sessions.actions import answers as actions
from sessions.enums import SittingState
from sessions.forms.answers import BoardFilterForm, SittingGuestForm
from sessions.models import Sitting
from sessions.queries.answers import expected_answers, filter_answers
from sessions.queries.notices import notices_of
from sessions.sittings import rules
from sessions.sittings.actions.convening import send_trial
from sessions.views.answers import SELECTION


@repeatable("a second trial to oneself harms nobody; the relay is waited for without a connection")
@require_POST
def notice_trial(request: UserRequest, pk: int) -> HttpResponse:
    """Send the convocation as it would leave now to the reader alone."""
    sitting = pages.desk_sitting(request, pk)
    if send_trial(sitting, by=request.user):
        messages.success(request, _("Un essai est parti à %(email)s.") % {"email": request.user.email})
    else:
        messages.error(
            request, _("Le serveur de courriel n’a pas pris le message. Prévenez l’administration technique.")
        )
    step = "notify" if sitting.state == SittingState.PLANNED else "renotify"
    return redirect(f"sittings:{step}", sitting.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_board(request: UserRequest, pk: int) -> HttpResponse:
    """Show who was invited and their answers, with the form to invite another person."""
    sitting = pages.desk_sitting(request, pk)
    if request.method == "POST" and not rules.can_invite(request.user, sitting):
        raise PermissionDenied
    return form_page(
        request,
        SittingGuestForm(posted(request), sitting=sitting),
        lambda data: actions.add_guest(sitting, by=request.user, **data),
        template="sessions/sittings/notice.html",
        context=lambda: notice_context(request, sitting),
        success_message=_("Personne ajoutée."),
        to=reverse("sittings:notice", args=[sitting.pk]),
    )


def notice_context(request: UserRequest, sitting: Sitting) -> dict[str, Any]:
    form = BoardFilterForm(request.GET)
    rows = filter_answers(expected_answers(sitting), form.cleaned_data if form.is_valid() else {})
    notices = notices_of(sitting)
    return pages.context(
        request,
        sitting,
        "notice",
        last=notices[0] if notices else None,
        filters=form,
        page=keyset_page(rows.for_screen(), request, ordering=("person__sort_name",), size=LONG_PAGE),
        count=rows.count(),
        notices=notices,
        selection=SELECTION,
        export=f"{reverse('sittings:answers-export', args=[sitting.pk])}?{request.GET.urlencode()}",
    )
