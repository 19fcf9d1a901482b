"""Minutes on the members' pages: read, ask for a correction, give a visa, download the sealed file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.text.rewriting import Rewriting
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.web.pagination import keyset_page
from assembly.workflow import StateConflict
from sessions.minutes import rules
from sessions.minutes.actions import corrections
from sessions.minutes.forms import AskCorrectionForm
from sessions.minutes.queries.facts import INTERNAL, PUBLIC, minutes_facts, title_of
from sessions.minutes.queries.minutes import attended, minutes_for_page, my_corrections, readable_minutes, readable_now
from sessions.minutes.rules import derived_correction
from sessions.minutes.views.steps import STEPS, visa_lines
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import AgendaItem, Minutes, MinutesSection

VISAS = ("visa-presidence", "visa-secretariat")


def get_readable_minutes(request: UserRequest, pk: int) -> Minutes:
    """Return minutes that this person may read; others are a 404."""
    return get_object_or_404(minutes_for_page(request.user), pk=pk)


@require_safe
def minutes_list(request: UserRequest) -> HttpResponse:
    rows = readable_minutes(request.user)
    page = keyset_page(rows.for_screen(), request, ordering=("-sitting__starts_at", "-pk"))
    context = {
        "page": page,
        "count": rows.count(),
        "to_read": set(
            readable_now(request.user).filter(pk__in=[row.pk for row in page]).values_list("pk", flat=True)
        ),
    }
    return render(request, "sessions/minutes/list.html", context)


@require_safe
def minutes_read(request: UserRequest, pk: int) -> HttpResponse:
    """Show the text, item by item; each one can be corrected during the period for corrections."""
    minutes = get_readable_minutes(request, pk)
    was_there = attended(request.user, minutes.sitting)
    now = timezone.now()
    on_desk = rules.can_see_desk(request.user, minutes)
    as_public = on_desk and request.GET.get("version") == "publique"
    whole = (was_there or minutes.is_final or on_desk) and not as_public
    context = {
        "minutes": minutes,
        "facts": minutes_facts(minutes, INTERNAL if whole else PUBLIC),
        "as_public": as_public,
        "may_ask": rules.can_ask_correction(request.user, minutes, attended=was_there, now=now),
        "mine": list(my_corrections(request.user, minutes)),
        "asks_visa": any(STEPS.is_offered(request.user, minutes, slug) for slug in VISAS),
        "file": minutes.internal_document if minutes.is_sealed else None,
    }
    return render(request, "sessions/minutes/read.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correction_ask(request: UserRequest, pk: int, item_pk: int) -> HttpResponse:
    """Ask for a correction in three fields (present text, new text, reason), or by a passage rewritten in place."""
    minutes = get_readable_minutes(request, pk)
    items = AgendaItem.objects.filter(sitting=minutes.sitting_id, is_internal=False)
    item = get_object_or_404(items, pk=item_pk)
    if not attended(request.user, minutes.sitting):
        raise PermissionDenied
    if not minutes.takes_corrections(timezone.now()):
        raise StateConflict(minutes, "ask")
    rewriting = Rewriting.from_request(request)
    if rewriting is None:
        form, is_overtaken = AskCorrectionForm(posted(request)), False
    else:
        form, is_overtaken = rewritten_form(request, minutes, item, rewriting)
    page = form_page(
        request,
        form,
        lambda data: corrections.ask(minutes, item, by=request.user, **data),
        template="sessions/minutes/correction_ask.html",
        context=lambda: {
            "minutes": minutes,
            "item": item,
            "facts": next((part for part in minutes_facts(minutes)["items"] if part["id"] == item.pk), None),
        },
        success_message=_("Votre demande est reçue. Vous recevrez la réponse par courriel."),
        to=reverse("sittings:minutes-read", args=[minutes.pk]),
    )
    if is_overtaken:
        page.status_code = 409
    return page


def rewritten_form(
    request: UserRequest, minutes: Minutes, item: AgendaItem, rewriting: Rewriting
) -> tuple[AskCorrectionForm, bool]:
    """Return the form filled with the rewritten passage, and whether this passage is no longer in the text."""
    text = MinutesSection.objects.filter(minutes=minutes, agenda_item=item).values_list("summary_html", flat=True)
    pair = derived_correction(text.first() or "", rewriting)
    passage, proposal = pair or (rewriting.was, rewriting.now)
    form = AskCorrectionForm(
        {"passage": passage, "proposal": proposal, "reason": request.POST.get("reason", "")},
    )
    if rewriting.is_same:
        form.add_error("proposal", _("Vous n’avez rien changé dans ce passage."))
    elif pair is None:
        form.add_error("passage", _("Ce passage a changé depuis que vous l’avez ouvert. Vos mots sont gardés."))
    return form, pair is None


def page_of(request: UserRequest, minutes: Minutes) -> str:
    return reverse("sittings:minutes-read", args=[minutes.pk])


MY_STEPS = StepPages(
    MINUTES,
    "member",
    fetch=get_readable_minutes,
    back=page_of,
    eyebrow=title_of,
)
MY_STEPS.bind("consequences", {"chair_visa": visa_lines, "secretary_visa": visa_lines})


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_visa(request: UserRequest, pk: int) -> HttpResponse:
    """Give the visa of the chair or of the secretary, on the members' pages.

    Other people get a 403 before any proof of identity is asked.
    """
    minutes = get_readable_minutes(request, pk)
    slugs = {minutes.sitting.secretary_id: "visa-secretariat", minutes.sitting.chair_id: "visa-presidence"}
    if (slug := slugs.get(request.user.person_id)) is None:
        raise PermissionDenied
    can_give = MINUTES.can_take(request.user, minutes, STEPS.pages[slug].name)
    if request.method != "POST" and can_give and not STEPS.is_offered(request.user, minutes, slug):
        messages.info(request, _("Votre visa est déjà donné."))
        return redirect("sittings:minutes-read", minutes.pk)
    return MY_STEPS.view(request, pk, slug)
