"""Convening: what would leave, to whom; then the button that says so."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.ui.forms import posted
from assembly.ui.pagination import LONG_PAGE, keyset_page
from sessions.actions import notices as actions
from sessions.forms.answers import BoardFilterForm, SittingGuestForm
from sessions.forms.sittings import PostponeForm, ReasonForm, ReconveneForm
from sessions.models import Sitting
from sessions.queries.answers import expected_answers, narrowed
from sessions.queries.notices import changes_since_notice, notices_of
from sessions.queries.recipients import preview
from sessions.rules import sittings as rules
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


def preview_context(request: UserRequest, sitting: Sitting, **more: Any) -> dict[str, Any]:
    shown = preview(sitting)
    return {
        "sitting": sitting,
        "preview": shown,
        "told": shown.told,
        "digest": shown.digest,
        "back": reverse("sittings:sitting", args=[sitting.pk]),
    } | more


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_notify(request: UserRequest, pk: int) -> HttpResponse:
    return convene(request, pk, "notify", actions.notify)


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_renotify(request: UserRequest, pk: int) -> HttpResponse:
    return convene(request, pk, "renotify", actions.renotify)


def convene(request: UserRequest, pk: int, verb: str, act: Any) -> HttpResponse:
    """Preview, then the act on exactly what was read; when it changed meanwhile, the new preview."""
    sitting = dossier.desk_sitting(request, pk)
    if not rules.can_take(request.user, sitting, verb) and request.method != "POST":
        messages.info(request, _("Cette séance n’attend plus de convocation."))
        return redirect("sittings:notice", sitting.pk)
    changes = changes_since_notice(sitting) if verb == "renotify" else []
    if request.method != "POST":
        return render(
            request, "sessions/notice_preview.html", preview_context(request, sitting, verb=verb, changes=changes)
        )
    try:
        act(sitting, by=request.user, shown=request.POST.get("shown", ""))
    except actions.StalePreview:
        context = preview_context(request, sitting, verb=verb, changes=changes, is_stale=True)
        return render(request, "sessions/notice_preview.html", context, status=409)
    count = sitting.invitees.expected().count()
    words = ngettext("%(n)s personne convoquée.", "%(n)s personnes convoquées.", count)
    messages.success(request, words % {"n": count})
    return redirect("sittings:notice", sitting.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_remind(request: UserRequest, pk: int) -> HttpResponse:
    """Exactly who would get the reminder, then the button."""
    sitting = dossier.desk_sitting(request, pk)
    if not rules.can_record_answers(request.user, sitting):
        raise PermissionDenied
    silent = [one.person for one in actions.recipients_of(sitting, without_reply=True)]
    if request.method == "POST":
        sent = actions.remind(sitting, by=request.user)
        messages.success(request, ngettext("%(n)s relance part.", "%(n)s relances partent.", sent) % {"n": sent})
        return redirect("sittings:notice", sitting.pk)
    context = {
        "sitting": sitting,
        "by_mail": [person for person in silent if not person.is_paper],
        "to_call": [person for person in silent if person.is_paper],
        "back": reverse("sittings:notice", args=[sitting.pk]),
    }
    return render(request, "sessions/remind.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_postpone(request: UserRequest, pk: int) -> HttpResponse:
    sitting = allowed(request, pk, "postpone")
    form = PostponeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = actions.postpone(
            sitting, reason=data["reason"], starts_at=data["starts_at"], ends_at=data["ends_at"], by=request.user
        )
        messages.success(request, _("Séance reportée."))
        return redirect("sittings:sitting", made.pk if made else sitting.pk)
    return stop_page(request, sitting, form, _("Reporter la séance"))


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_cancel(request: UserRequest, pk: int) -> HttpResponse:
    sitting = allowed(request, pk, "cancel")
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.cancel(sitting, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Séance annulée."))
        return redirect("sittings:sitting", sitting.pk)
    return stop_page(request, sitting, form, _("Annuler la séance"))


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_reconvene(request: UserRequest, pk: int) -> HttpResponse:
    """The second sitting: same agenda, no quorum; its own preview comes next."""
    sitting = allowed(request, pk, "reconvene")
    form = ReconveneForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = actions.reconvene(sitting, starts_at=data["starts_at"], ends_at=data["ends_at"], by=request.user)
        return redirect("sittings:notify", made.pk)
    return stop_page(request, sitting, form, _("Préparer la seconde convocation"))


def allowed(request: UserRequest, pk: int, verb: str) -> Sitting:
    sitting = dossier.desk_sitting(request, pk)
    if not rules.can_take(request.user, sitting, verb):
        raise PermissionDenied
    return sitting


def stop_page(request: UserRequest, sitting: Sitting, form: Any, label: str) -> HttpResponse:
    told = sitting.invitees.expected().count() if sitting.takes_answers else 0
    context = {
        "sitting": sitting,
        "form": form,
        "label": label,
        "told": told,
        "back": reverse("sittings:sitting", args=[sitting.pk]),
    }
    return render(request, "sessions/sitting_stop.html", context, status=422 if form.errors else 200)
