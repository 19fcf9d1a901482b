"""Views of messages: whom to write to, the text, the page of a message; sending is a step."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.correspondence import actions
from assembly.correspondence.forms import SavedTextForm, TeamMessageForm
from assembly.correspondence.models import MessageState, SavedText, TeamMessage
from assembly.correspondence.queries import files_of, left_out_of, offered_documents, recipients_of, saved_texts
from assembly.correspondence.registry import PART, TICKED, ListGroup, RecipientGroup, group_of, recipient_groups
from assembly.correspondence.rules import listed_title
from assembly.correspondence.workflow import MESSAGE, SAVED_TEXT, frozen_sentence, send_slug
from assembly.dossiers.pages import StepPages
from assembly.identity.http import UserRequest
from assembly.institution.menu import may_enter
from assembly.institution.models import Term
from assembly.institution.pages import working_term
from assembly.institution.rules import is_team
from assembly.notifications.queries import tally
from assembly.web.forms import posted, whole_number
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from assembly.web.pagination import LONG_PAGE, keyset_page
from assembly.web.request_bodies import takes_files
from assembly.web.versioned import differences


def message_or_404(request: UserRequest, pk: int) -> TeamMessage:
    rows = TeamMessage.objects.visible_to(request.user).select_related("term__assembly", "distribution")
    return get_object_or_404(rows, pk=pk)


def page_of(message: TeamMessage) -> str:
    """Return the page of a message: before it is sent, the one that sends it."""
    if message.state == MessageState.DRAFT:
        return STEPS.url(message, send_slug(message))
    return reverse("correspondence:message", args=[message.pk])


STEPS = StepPages(
    MESSAGE,
    name="correspondence:step",
    fetch=message_or_404,
    back=lambda request, message: reverse("correspondence:message", args=[message.pk]),
    eyebrow=lambda message: message.group_name,
    fix_url=lambda request, message, code: reverse("correspondence:change", args=[message.pk]),
)


def term_of(request: UserRequest, group: RecipientGroup[Any], subject: Any) -> Term:
    """Return the term in which the reader writes: that of the object, else one of its assembly."""
    term = group.term(subject)
    if term is not None:
        return term
    homes = group.assemblies(subject)
    return working_term(request, lambda user, each: is_team(user, each) and each.assembly_id in homes)


@require_safe
def start(request: UserRequest) -> HttpResponse:
    """Show the groups of people that one may write to."""
    term = working_term(request, is_team)
    offers: dict[str, list[tuple[str, str]]] = {}
    for group in recipient_groups():
        if links := group.offered_links(request.user, term):
            offers.setdefault(str(group.heading), []).extend(links)
    return render(request, "correspondence/start.html", {"offers": offers, "term": term})


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def write_to_list(request: UserRequest, key: str) -> HttpResponse:
    """Write to the people of a list, with the filters or the ticked rows of the address."""
    group = group_of(key)
    if not isinstance(group, ListGroup):
        raise Http404
    term = working_term(request, lambda user, each: is_team(user, each) and group.declared.can_open(user, each))
    return write_page(request, group, term, term)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def write_to(request: UserRequest, key: str, pk: int) -> HttpResponse:
    """Write to the people around one object."""
    group = group_of(key)
    if isinstance(group, ListGroup):
        raise Http404
    subject = get_object_or_404(group.rows(request.user), pk=pk)
    return write_page(request, group, subject, term_of(request, group, subject))


def write_page(request: UserRequest, group: RecipientGroup[Any], subject: Any, term: Term) -> HttpResponse:
    asked, texts = request.GET, saved_texts(request.user, term)
    text = texts.filter(pk=whole_number(asked.get("modele", ""))).first()
    form = TeamMessageForm(
        *posted_files(request),
        group=group,
        subject=subject,
        documents=offered_documents(request.user, term),
        initial={"title": text.title, "body": text.body} if text else group.proposed(subject),
    )
    return form_page(
        request,
        form,
        lambda data: actions.write(
            group, subject, term, content_of(group, subject, asked, data, request.user), by=request.user
        ),
        template="correspondence/write.html",
        context=lambda: {
            "term": term,
            "name": group.chosen_name(subject, asked, request.user),
            "count": group.chosen(subject, asked, request.user).distinct().count(),
            "texts": texts,
            "reply_email": term.assembly.reply_email,
            "back": back_of(group, subject, asked, request.user),
        },
        to=page_of,
    )


def posted_files(request: UserRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def back_of(group: RecipientGroup[Any], subject: Any, asked: QueryDict, user: Any) -> str:
    """Return the page from which one writes: a list with its filters; the messages, where that page is not theirs."""
    if isinstance(group, ListGroup):
        query = "" if TICKED in asked else group.saved_query(subject, asked, user)
        return f"{group.declared.url}?{query}" if query else group.declared.url
    page = reverse(group.subject_route, args=[subject.pk]) if group.subject_route else ""
    return page if page and may_enter(user, page) else reverse("correspondence:list")


def content_of(
    group: RecipientGroup[Any], subject: Any, asked: QueryDict, data: dict[str, Any], user: Any
) -> actions.Content:
    """Return what the form gave; the people are those of the address of the page, or the part chosen in the form."""
    copy = asked.copy()
    if PART in data:
        copy[PART] = data[PART]
    chosen = {name: data[name] for name in ("title", "body", "uploads", "documents", "joined") if name in data}
    return actions.Content(query=group.saved_query(subject, copy, user), **chosen)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: UserRequest, pk: int) -> HttpResponse:
    """Change the text of a message that was not sent; its recipients are frozen again."""
    message = message_or_404(request, pk)
    MESSAGE.check(request.user, message, "send")
    group, subject, asked = group_of(message.group), message.subject, QueryDict(message.query)
    documents, user = offered_documents(request.user, message.term), request.user

    def form_of(stored: TeamMessage, *sent: Any) -> TeamMessageForm:
        files = files_of(stored)
        own = {
            "version": stored.fingerprint,
            "title": stored.title,
            "body": stored.body,
            PART: QueryDict(stored.query).get(PART, ""),
            "joined": [file.pk for file in files],
        }
        return TeamMessageForm(
            *sent, group=group, subject=subject, documents=documents, files=files, initial=own, is_new=False
        )

    form = form_of(message, *posted_files(request))
    return form_page(
        request,
        form,
        lambda data: actions.change_text(
            message, content_of(group, subject, asked, data, user), version=data["version"], by=user
        ),
        compare=lambda late: differences(form_of(late.current), form, among={"title", "body"}),
        template="correspondence/write.html",
        context=lambda: {
            "message": message,
            "name": message.group_name,
            "count": message.count,
            "reply_email": message.term.assembly.reply_email,
            "back": page_of(message),
        },
        to=lambda saved: page_of(message),
    )


@repeatable("a second trial to oneself harms nobody; the relay is waited for without a connection")
@require_POST
def trial(request: UserRequest, pk: int) -> HttpResponse:
    """Send the message as it would leave to the reader alone."""
    message = message_or_404(request, pk)
    try:
        is_sent = actions.send_trial(message, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(page_of(message))
    if is_sent:
        messages.success(request, _("Un essai est parti à %(email)s.") % {"email": request.user.email})
    else:
        messages.error(
            request, _("Le serveur de courriel n’a pas pris le message. Prévenez l’administration technique.")
        )
    return redirect(page_of(message))


@require_http_methods(["GET", "HEAD", "POST"])
def text_save(request: UserRequest, pk: int) -> HttpResponse:
    """Keep the text of a message, to start others from it."""
    message = message_or_404(request, pk)
    return form_page(
        request,
        SavedTextForm(posted(request), initial={"name": message.title[:80]}),
        lambda data: actions.save_text(message, name=data["name"], by=request.user),
        template="correspondence/text_save.html",
        context={"message": message, "back": page_of(message)},
        success_message=_("Le modèle est gardé : il est proposé quand vous écrivez."),
        to=page_of(message),
    )


@require_safe
def text_list(request: UserRequest) -> HttpResponse:
    """List the texts that the team starts messages from."""
    term = working_term(request, is_team)
    rows = [(text, TEXT_STEPS.links(request, text)) for text in saved_texts(request.user, term)]
    return render(request, "correspondence/text_list.html", {"rows": rows, "term": term})


def text_or_404(request: UserRequest, pk: int) -> SavedText:
    return get_object_or_404(SavedText.objects.visible_to(request.user), pk=pk)


TEXT_STEPS = StepPages(
    SAVED_TEXT,
    name="correspondence:text-step",
    fetch=text_or_404,
    back=lambda request, text: reverse("correspondence:texts"),
)


@require_safe
def message_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show a message that was sent or given up, and what became of it; before that, lead to the page that sends it."""
    message = message_or_404(request, pk)
    if message.state == MessageState.DRAFT:
        return redirect(page_of(message))
    people = recipients_of(message)
    context = {
        "message": message,
        "title": listed_title(message),
        "frozen": frozen_sentence(message),
        "tally": tally(message.distribution) if message.distribution else None,
        "left_out": left_out_of(message),
        "files": files_of(message),
        "page": keyset_page(people, request, ordering=("sort_name",), size=LONG_PAGE),
        "count": people.count(),
        "back": back_of(group_of(message.group), message.subject, QueryDict(message.query), request.user),
        "links": STEPS.links(request, message),
    }
    return render(request, "correspondence/message.html", context)
