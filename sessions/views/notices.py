"""The tab of the convocation: who was asked, who answered what."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.ui.pagination import LONG_PAGE, keyset_page
from sessions.forms.answers import BoardFilterForm, SittingGuestForm
from sessions.queries.answers import expected_answers, narrowed
from sessions.queries.notices import notices_of
from sessions.views import dossier


@require_safe
def notice_board(request: UserRequest, pk: int) -> HttpResponse:
    """Who was asked, who answered what."""
    sitting = dossier.desk_sitting(request, pk)
    form = BoardFilterForm(request.GET)
    rows = narrowed(expected_answers(sitting), form.cleaned_data if form.is_valid() else {})
    notices = notices_of(sitting)
    context = dossier.context(
        request,
        sitting,
        "notice",
        last=notices[0] if notices else None,
        filters=form,
        page=keyset_page(rows.for_screen(), request, ordering=("person__sort_name",), size=LONG_PAGE),
        count=rows.count(),
        notices=notices,
        guest_form=SittingGuestForm(sitting=sitting),
        export=f"{reverse('sittings:answers-export', args=[sitting.pk])}?{request.GET.urlencode()}",
    )
    return render(request, "sessions/notice.html", context)
