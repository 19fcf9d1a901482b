"""Pages outside the back office: personal links, « Mon espace », calendars, public pages."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.calendar.ics import event_of_item, feed_of
from assembly.calendar.queries import team_addresses
from assembly.calendar.registry import items_of_feed
from assembly.fragments.cache import fragment
from assembly.identity.attempts import TooManyAttempts
from assembly.identity.http import UserRequest
from assembly.identity.models import Person, User
from assembly.identity.views import ended_page
from assembly.institution.models import Role
from assembly.institution.queries import current_terms, main_assembly
from assembly.institution.rules import has_role
from assembly.portal.share import share_card
from assembly.speed.page_cache import public_page
from assembly.text.french import format_moment
from assembly.web.errors import too_many
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from assembly.web.pagination import keyset_page
from assembly.workflow import StateConflict
from sessions import pages
from sessions.agenda.queries import agenda_of, papers_of
from sessions.attendance.queries.presence import certifiable_invitees, has_attended
from sessions.minutes.queries.facts import body_label
from sessions.models import CalendarFeed, Invitee, Minutes, Reply, Sitting, Via
from sessions.pages import ics, is_htmx, member_or_404, pdf_response
from sessions.sittings import rules
from sessions.sittings.actions import convening
from sessions.sittings.forms import MY_REPLIES, AnswerForm, MyReplyForm
from sessions.sittings.queries.calendar import event_of, public_event_of, recent
from sessions.sittings.queries.convening import agenda_pdf, last_notice
from sessions.sittings.queries.sittings import (
    NEAREST,
    announced,
    coming_sittings,
    invitations,
    my_sittings,
    past_sittings,
    public_dossier,
    public_lines,
)

NOTED = "note"  # query parameter: what was just saved, the answer (« oui ») or the rest with it (« tout »)
REST = "rest"  # form field: this POST has the other questions too, it is not a tap


def invitee_of_token(token: str) -> Invitee | None:
    """Return the invitee of a valid link, if the person is still invited."""
    try:
        public_id, version, sent = rules.read_reply(token)
    except rules.BadLink:
        return None
    invitee = Invitee.objects.select_related("person", "sitting__term__assembly").filter(public_id=public_id).first()
    return invitee if invitee and rules.is_alive(invitee, version) and sent.opens(invitee.person.email) else None


def answer_page(
    request: HttpRequest,
    invitee: Invitee,
    *,
    via: str,
    by: User | Person,
    template: str,
    context: Callable[[], dict[str, Any]],
    asked: str = "",
) -> HttpResponse:
    """Record by one tap whether the person comes, then show the other questions in a form with the answer.

    `asked`: the answer chosen by a button of the mail, to be confirmed. The last answer counts.
    """
    has_rest = REST in request.POST
    form: BaseForm
    if request.method == "POST" and not has_rest:
        form = MyReplyForm(posted(request))
    else:
        reply = request.POST.get("reply", invitee.reply)
        initial = {name: getattr(invitee, name) for name in ("reply", *convening.LOGISTICS)}
        form = AnswerForm(
            posted(request), sitting=invitee.sitting, reply=reply, initial=initial, auto_id=f"id_{invitee.pk}_%s"
        )
    asks_reply = not has_rest and (invitee.reply == Reply.INVITED or asked not in ("", invitee.reply))
    shown = {
        "invitee": invitee,
        "sitting": invitee.sitting,
        "asks_reply": asks_reply,
        "asked": asked,
        "choices": sorted(MY_REPLIES, key=lambda choice: choice[0] != asked),
        "noted": request.GET.get(NOTED, ""),
        "in_place": is_htmx(request),
        "url": request.path,
    }
    return form_page(
        request,
        form,
        lambda data: convening.reply(invitee, via=via, by=by, **data),
        template=template,
        context=lambda: shown | context(),
        to=f"{request.path}?{NOTED}={'tout' if has_rest else 'oui'}",
    )


def refuse_link(request: HttpRequest, token: str) -> HttpResponse:
    """Return 404 for a link that was made up, 410 with the offer of a new one for an ended link."""
    try:
        rules.read_reply(token)
    except rules.BadLink:
        return render(request, "sessions/sittings/reply_invalid.html", status=HTTPStatus.NOT_FOUND)
    return ended_page(request, reverse("sittings:reply-renew", args=[token]))


@repeatable("asking twice on one day sends one message, and each is counted")
@never_cache
@login_not_required
@require_POST
def reply_renew(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link to the address on file, for somebody who opened an ended one."""
    try:
        convening.renew_reply_link(token, ip=get_ip(request))
    except rules.BadLink:
        return refuse_link(request, token)
    except TooManyAttempts:
        return too_many(request)
    return ended_page(request, "", is_sent=True)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, token: str) -> HttpResponse:
    invitee = invitee_of_token(token)
    if invitee is None:
        return refuse_link(request, token)
    sitting = invitee.sitting
    if not sitting.awaits_replies:
        late = {"invitee": invitee, "sitting": sitting}
        return render(
            request, "sessions/sittings/reply_late.html", late, status=409 if request.method == "POST" else 200
        )
    asked = request.GET.get("reponse", "")
    if asked not in dict(MY_REPLIES):
        asked = Reply.WILL_ATTEND if invitee.reply == Reply.INVITED else ""
    return answer_page(
        request,
        invitee,
        via=Via.LINK,
        by=invitee.person,
        template="sessions/sittings/reply.html",
        context=lambda: {"notice": last_notice(sitting)},
        asked=asked,
    )


@require_safe
def member_list(request: UserRequest) -> HttpResponse:
    """List the coming sittings with the reader's own answer, then those that are over."""
    mine = my_sittings(request.user)
    next_ones = list(coming_sittings(mine).for_screen()[: NEAREST + 1])
    has_more, next_ones = len(next_ones) > NEAREST, next_ones[:NEAREST]
    page = keyset_page(past_sittings(mine).for_screen(), request, ordering=("-starts_at",))
    own = invitations(request.user, [*next_ones, *page])
    rows = [{"sitting": sitting, "invitee": own.get(sitting.pk)} for sitting in next_ones]
    past = [{"sitting": sitting, "invitee": own.get(sitting.pk)} for sitting in page]
    context = {
        "rows": rows,
        "has_more": has_more,
        "past": past,
        "page": page,
        "count": past_sittings(mine).count(),
        "has_attended": has_role(request.user, Role.MEMBER) and has_attended(request.user.person_id),
    }
    return render(request, "sessions/sittings/member_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def member_sitting(request: UserRequest, pk: int) -> HttpResponse:
    """Show the reader's sitting; a tap of « Mon espace » gets only the answer, which replaces its line."""
    sitting = member_or_404(request, pk)
    invitee = sitting.invitees.expected().filter(person=request.user.person_id).first()
    if invitee:
        invitee.person = request.user.person
    if request.method == "POST" and invitee is None:
        raise Http404
    if invitee is None or not sitting.awaits_replies:
        if request.method == "POST":
            raise StateConflict(sitting, "reply")
        return render(request, "sessions/sittings/member_sitting.html", member_context(request, sitting, invitee))
    alone = pages.is_htmx(request)
    return answer_page(
        request,
        invitee,
        via=Via.ACCOUNT,
        by=request.user,
        template="sessions/sittings/_answer.html" if alone else "sessions/sittings/member_sitting.html",
        context=lambda: {} if alone else member_context(request, sitting, invitee),
    )


def member_context(request: UserRequest, sitting: Sitting, invitee: Invitee | None) -> dict[str, Any]:
    """Build the context of the page, without the agenda before the convocation."""
    notice = last_notice(sitting)
    return {
        "sitting": sitting,
        "notice": notice,
        "lines": agenda_of(sitting, internal=False, reader=request.user) if notice else [],
        "papers": papers_of(sitting, internal=False) if notice else [],
        "has_certificate": sitting.is_held
        and certifiable_invitees(sitting).filter(person=request.user.person_id).exists(),
        "invitee": invitee,
    }


@require_safe
def member_event(request: UserRequest, pk: int) -> HttpResponse:
    """Return one event for the reader's own calendar."""
    sitting = member_or_404(request, pk)
    content = feed_of(sitting.term.assembly.name, [event_of(sitting)])
    name = f"{sitting.reference.lower()}.ics"
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def member_agenda(request: UserRequest, pk: int) -> HttpResponse:
    sitting = member_or_404(request, pk)
    notice = last_notice(sitting)
    if notice is None:
        raise Http404
    return pdf_response(agenda_pdf(notice), f"{sitting.reference}-ordre-du-jour.pdf")


@login_not_required
@require_safe
@cache_control(public=True, max_age=600)
def public_calendar(request: HttpRequest) -> HttpResponse:
    """Return the sittings announced to the public: day, hours, place."""
    assembly = main_assembly()
    rows = recent(Sitting.objects.public().filter(term__assembly=assembly).select_related("term__assembly"))
    name = assembly.name if assembly else _("Assemblée citoyenne")
    return ics(feed_of(name, map(public_event_of, rows.for_screen())))


@login_not_required
@require_safe
@cache_control(private=True, no_store=True)
def my_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Return what concerns the account of a secret address, by its present rights; 404 without any role."""
    try:
        pk, version = rules.read_calendar(token)
    except rules.BadLink as error:
        raise Http404 from error
    feeds = CalendarFeed.objects.select_related("user__person").filter(is_open=True, user__is_active=True)
    feed = feeds.filter(pk=pk, version=version).first()
    if feed is None:
        raise Http404
    terms = current_terms(feed.user)
    if not terms:
        raise Http404
    items = (item for item in items_of_feed(feed.user, terms) if item.belongs_to(feed.user))
    return ics(feed_of(_("Mon agenda"), (event_of_item(item, terms[0].assembly) for item in items)))


@require_http_methods(["GET", "HEAD", "POST"])
def feed_settings(request: UserRequest) -> HttpResponse:
    """Open, renew or close one's own address."""
    if request.method == "POST":
        if request.POST.get("step") == "close":
            convening.close_my_feed(by=request.user)
            messages.success(request, _("L’adresse est fermée."))
        else:
            convening.open_my_feed(by=request.user)
            messages.success(request, _("Votre adresse est prête."))
        return redirect("sittings:feed")
    feed = CalendarFeed.objects.filter(user=request.user, is_open=True).first()
    address = reverse("sittings:my-calendar", args=[rules.calendar_token(feed)]) if feed else ""
    context = {"address": settings.SITE_URL + address if feed else "", "teams": team_addresses(request.user)}
    return render(request, "sessions/sittings/feed.html", context)


YEAR = timedelta(days=366)


@login_not_required
@require_safe
@public_page
def public_list(request: HttpRequest) -> HttpResponse:
    """List the coming sittings, then those of the last year: titles, days and places only."""
    past = past_sittings(announced()).filter(ends_at__gte=timezone.now() - YEAR, starts_at__lte=timezone.now())
    upcoming = list(coming_sittings(announced()).for_screen()[: NEAREST + 1])
    page = keyset_page(past.for_screen(), request, ordering=("-starts_at",))
    context = {"upcoming": upcoming[:NEAREST], "has_more": len(upcoming) > NEAREST}
    context |= {"page": page, "count": past.count()}
    return render(request, "sessions/sittings/public_list.html", context)


@login_not_required
@require_safe
@public_page
def public_sitting(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the agenda, the votes and the minutes of one sitting.

    Whether it is announced is checked at each request, outside the cached fragment.
    """
    sitting = get_object_or_404(announced(), reference=reference)
    content = fragment(
        ("public-sitting", sitting.pk),
        lambda: render_to_string("sessions/sittings/_public_sitting.html", _public_content(sitting.pk)),
    )
    return render(request, "sessions/sittings/public_sitting.html", {"sitting": sitting, "content": content})


def _public_content(pk: int) -> dict[str, Any]:
    """Build the content that every reader gets: it must not depend on the request."""
    sitting = get_object_or_404(public_dossier(), pk=pk)
    minutes: Minutes | None = getattr(sitting, "minutes", None)
    document = minutes.public_document if minutes else None
    return {
        "sitting": sitting,
        "body": body_label(sitting),
        "lines": public_lines(sitting),
        "document": document if document and document.published_revision else None,
    }


@login_not_required
@require_safe
@public_page
def public_card(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the picture of that page for social networks."""
    sitting = get_object_or_404(announced().select_related("term"), reference=reference)
    return share_card(
        title=sitting.title,
        reference=sitting.reference,
        line=format_moment(sitting.starts_at),
        seats=sitting.term.seats,
    )
