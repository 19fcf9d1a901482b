"""Views of mail: distributions, deliveries and reminders for the team, optional mail for each reader, the webhook.

The webhook of the mail provider: django-anymail checks the shared secret and the signature, and parses the events.
"""

from typing import Any

from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.actions.renditions import request_rendition
from assembly.dossiers.frame import DossierKind, kinds
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.lists import Column, Table
from assembly.notifications import composing, preferences, queries, rules
from assembly.notifications.actions import distributions
from assembly.notifications.actions.distributions import people_to_remind, remind
from assembly.notifications.models import Delivery, DeliveryState, Distribution, Way
from assembly.notifications.preferences import person_of, wants_optional_mail
from assembly.notifications.workflow import DELIVERY
from assembly.text.french import noun_for, of_name, to_name
from assembly.web.forms import StyledForm, posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import Question, confirm_first, form_page
from assembly.web.pagination import LONG_PAGE, Page, keyset_page

S = DeliveryState
TABS = {
    "": [],
    "a-traiter": [S.TO_CHECK, S.FAILED, S.BOUNCED, S.COMPLAINED],
    "en-cours": S.tagged("pending"),
    "remis": S.tagged("arrived"),
    "lettres": S.tagged("paper"),
    "autres": S.tagged("unsent"),
}
PROOF = [
    Column(gettext_lazy("Destinataire"), lambda row: row.recipient_name or _("personne effacée")),
    Column(gettext_lazy("Voie"), "get_way_display"),
    Column(gettext_lazy("Adresse"), "address_line"),
    Column(gettext_lazy("État"), "get_state_display"),
    Column(gettext_lazy("Moment"), "last_moment"),
    Column(gettext_lazy("Arrivé"), "delivered_at"),
    Column(gettext_lazy("Explication"), "error"),
    Column(gettext_lazy("Numéro du message"), "message_id"),
    Column(gettext_lazy("Empreinte SHA-256"), "digest"),
]


@require_safe
def distribution_page(request: UserRequest, pk: int) -> HttpResponse:
    distribution = distribution_or_404(request, pk)
    tally, tab = queries.tally(distribution), request.GET.get("etat", "")
    rows = queries.deliveries(distribution, TABS.get(tab, ())).for_screen()
    if tab == "lettres":
        rows = rows.filter(way=Way.PAPER)
    page = keyset_page(rows, request, ordering=("sort_name",), size=LONG_PAGE)
    lines = lines_of(request, distribution, page)
    context = {
        **progress_context(distribution, tally),
        "kind": queries.message_kind_label(distribution),
        "lines": lines,
        "acts": any(line["has_acts"] for line in lines),
        "page": page,
        "count": rows.count(),
        "tabs": tabs(distribution, tally, tab),
        "can": rules.abilities(request.user, distribution),
        "files": queries.files(distribution),
    }
    return render(request, "notifications/distribution_page.html", context)


@require_safe
def distribution_progress(request: UserRequest, pk: int) -> HttpResponse:
    """Render the progress bar alone, which is polled every two seconds while mail is being sent."""
    distribution = distribution_or_404(request, pk)
    context = progress_context(distribution, queries.tally(distribution))
    return render(request, "notifications/distribution_page.html#progress", context)


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
def distribution_proof(request: UserRequest, pk: int) -> HttpResponse:
    """Export the proof list for a spreadsheet; a button and not a link, because it is recorded in the journal."""
    distribution = distribution_or_404(request, pk)
    distributions.record_proof_read(distribution, by=request.user)
    proof = Table(f"preuve-envoi-{distribution.pk}", PROOF)
    return proof.described_file(request, queries.proof_rows(distribution), place=distribution.title)


@require_POST
@recently_authenticated
def distribution_proof_pdf(request: UserRequest, pk: int) -> HttpResponse:
    distribution = distribution_or_404(request, pk)
    distributions.record_proof_read(distribution, by=request.user)
    request_rendition(distribution, "proof-list", by=request.user)
    messages.success(request, _("La liste se prépare : elle sera proposée ci-dessous dans un instant."))
    return redirect("notifications:distribution-page", pk)


def question_about(distribution: Distribution, title: str, label: str, *lines: str, danger: bool = False) -> Question:
    """Return the question before an act on a distribution; giving up leads to its page."""
    back = reverse("notifications:distribution-page", args=[distribution.pk])
    return Question(title, label, back, lines, danger=danger, about=distribution)


def retry_question(request: UserRequest, pk: int) -> Question:
    distribution = distribution_or_404(request, pk)
    if not rules.can_unblock(request.user, distribution):
        raise PermissionDenied
    count = queries.tally(distribution).failed
    title = ngettext("Relancer %(n)s message ?", "Relancer %(n)s messages ?", count) % {"n": count}
    line = ngettext(
        "%(n)s courriel part, et ne peut pas être rappelé.",
        "%(n)s courriels partent, et ne peuvent pas être rappelés.",
        count,
    ) % {"n": count}
    return question_about(distribution, title, _("Relancer"), line)


@confirm_first(retry_question)
def distribution_retry(request: UserRequest, pk: int) -> HttpResponse:
    count = distributions.retry_all(distribution_or_404(request, pk), by=request.user)
    message = ngettext("%(n)s message va repartir.", "%(n)s messages vont repartir.", count)
    messages.success(request, message % {"n": count})
    return redirect("notifications:distribution-page", pk)


def stop_question(request: UserRequest, pk: int) -> Question:
    distribution = distribution_or_404(request, pk)
    if not rules.can_stop(request.user, distribution):
        raise PermissionDenied
    title = _("Arrêter l’envoi « %(title)s » ?") % {"title": distribution.title}
    lines = stop_lines(queries.tally(distribution))
    return question_about(distribution, title, _("Arrêter l’envoi"), *lines, danger=True)


@confirm_first(stop_question)
def distribution_stop(request: UserRequest, pk: int) -> HttpResponse:
    count = distributions.stop(distribution_or_404(request, pk), by=request.user)
    message = ngettext("%(n)s envoi est arrêté.", "%(n)s envois sont arrêtés.", count)
    messages.success(request, message % {"n": count})
    return redirect("notifications:distribution-page", pk)


@require_POST
@recently_authenticated
def letters_print(request: UserRequest, pk: int) -> HttpResponse:
    rendition = distributions.print_letters(distribution_or_404(request, pk), by=request.user)
    if rendition is None:
        messages.info(request, _("Toutes les lettres sont déjà imprimées."))
    else:
        messages.success(request, _("Les lettres se préparent : le fichier sera proposé ci-dessous dans un instant."))
    return redirect("notifications:distribution-page", pk)


def hand_over_question(request: UserRequest, pk: int) -> Question:
    distribution = distribution_or_404(request, pk)
    if not rules.is_sender(request.user, distribution):
        raise PermissionDenied
    count = queries.tally(distribution).printed
    title = ngettext("Marquer %(n)s lettre remise ?", "Marquer %(n)s lettres remises ?", count) % {"n": count}
    line = ngettext(
        "La preuve de l’envoi dira qu’elle est postée ou donnée aujourd’hui. Cela ne se reprend pas.",
        "La preuve de l’envoi dira qu’elles sont postées ou données aujourd’hui. Cela ne se reprend pas.",
        count,
    )
    return question_about(distribution, title, _("Marquer comme remises"), line)


@confirm_first(hand_over_question)
def letters_hand_over(request: UserRequest, pk: int) -> HttpResponse:
    count = distributions.mark_handed_over(distribution_or_404(request, pk), by=request.user)
    message = ngettext("%(n)s lettre est notée remise.", "%(n)s lettres sont notées remises.", count)
    messages.success(request, message % {"n": count})
    return redirect("notifications:distribution-page", pk)


def stop_lines(tally: queries.Tally) -> list[str]:
    """Return what will not be sent, and what cannot be recalled."""
    waiting = tally.state(S.QUEUED) + tally.failed + tally.to_check
    will = ngettext("%(n)s envoi ne partira pas.", "%(n)s envois ne partiront pas.", waiting) % {"n": waiting}
    gone = _("Ce qui est déjà parti ne peut pas être rappelé.")
    return [will, gone]


def distribution_or_404(request: UserRequest, pk: int) -> Distribution:
    """Return the distribution, or raise Http404 when this person may not see it."""
    rows = Distribution.objects.visible_to(request.user).select_related("assembly", "term", "requested_by__person")
    return get_object_or_404(rows.defer("assembly__logo_png"), pk=pk)


def progress_context(distribution: Distribution, tally: queries.Tally) -> dict[str, Any]:
    """Return the variables of the progress bar; it polls only while something is being sent."""
    poll = reverse("notifications:distribution-progress", args=[distribution.pk])
    return {"distribution": distribution, "tally": tally, "poll": poll if tally.is_moving else ""}


def lines_of(request: UserRequest, distribution: Distribution, page: Page[Delivery]) -> list[dict[str, Any]]:
    """Return the rows of the page with their badge and what this person may do about each."""
    for row in page.rows:
        row.distribution = distribution
    lines = []
    for row in page.rows:
        can = {
            step_name: DELIVERY.can_take(request.user, row, step_name) for step_name in ("retry", "confirm", "call")
        }
        can["replace_with_letter"] = rules.can_replace_with_letter(request.user, row)
        lines.append({"row": row, "can": can, "has_acts": any(can.values())})
    return lines


def tabs(distribution: Distribution, tally: queries.Tally, current: str) -> list[dict[str, Any]]:
    """Return the filters by state, each with its count; those without rows are left out."""
    url = reverse("notifications:distribution-page", args=[distribution.pk])
    named = {
        "": (_("Tous"), tally.total),
        "a-traiter": (_("À traiter"), sum(tally.state(state) for state in TABS["a-traiter"])),
        "en-cours": (_("En cours"), sum(tally.state(state) for state in TABS["en-cours"])),
        "remis": (_("Remis"), tally.arrived),
        "lettres": (_("Lettres"), tally.of(Way.PAPER, *TABS["lettres"])),
        "autres": (_("Pas envoyés"), sum(tally.state(state) for state in TABS["autres"])),
    }
    return [
        {
            "label": label,
            "url": f"{url}?{urlencode({'etat': key})}" if key else url,
            "current": key == current,
            "count": count,
            "count_label": noun_for(count, _("destinataires")),
        }
        for key, (label, count) in named.items()
        if count or key in {"", current}
    ]


# By name of the step: the question, the button, the consequences.
QUESTIONS = {
    "retry": (
        gettext_lazy("Relancer le message %(of_name)s ?"),
        gettext_lazy("Relancer"),
        gettext_lazy("Un courriel part vers %(address)s. Il ne peut pas être rappelé."),
    ),
    "confirm": (
        gettext_lazy("Le message %(of_name)s est-il parti ?"),
        gettext_lazy("Il est parti"),
        gettext_lazy("Il est noté envoyé, et rien d’autre ne part vers %(address)s. Cela ne se reprend pas."),
    ),
    "send_again": (
        gettext_lazy("Renvoyer le message %(of_name)s ?"),
        gettext_lazy("Renvoyer"),
        gettext_lazy(
            "Un courriel part vers %(address)s\u00a0: si le premier est arrivé, la personne le lira deux fois."
        ),
    ),
    "call": (
        gettext_lazy("Noter l’appel %(to_name)s ?"),
        gettext_lazy("Noter l’appel"),
        gettext_lazy("La preuve de l’envoi dira que la personne a été appelée aujourd’hui. Cela ne se reprend pas."),
    ),
}
SUCCESS_MESSAGES = {
    "retry": gettext_lazy("Le message va repartir vers %(address)s."),
    "confirm": gettext_lazy("Le message est noté envoyé."),
    "send_again": gettext_lazy("Le message va repartir."),
    "call": gettext_lazy("L’appel est noté."),
}


def step_question(request: UserRequest, pk: int, step_name: str) -> Question:
    delivery = delivery_or_404(request, pk)
    DELIVERY.check(request.user, delivery, step_name)
    title, label, line = QUESTIONS[step_name]
    back = reverse("notifications:distribution-page", args=[delivery.distribution_id])
    name = delivery.recipient_name or _("une personne effacée")
    names = {"of_name": of_name(name), "to_name": to_name(name), "address": delivery.address}
    return Question(title % names, label, back, [line % names], about=delivery.distribution)


@confirm_first(step_question)
def delivery_step(request: UserRequest, pk: int, step_name: str) -> HttpResponse:
    delivery = delivery_or_404(request, pk)
    DELIVERY.transition(delivery, step_name, by=request.user)
    return show_success(request, delivery, SUCCESS_MESSAGES[step_name] % {"address": delivery.address})


@require_POST
def delivery_write(request: UserRequest, pk: int) -> HttpResponse:
    delivery = delivery_or_404(request, pk)
    distributions.replace_with_letter(delivery, by=request.user)
    return show_success(request, delivery, _("Une lettre attend l’imprimante."))


def delivery_or_404(request: UserRequest, pk: int) -> Delivery:
    """Return the delivery, or raise Http404 when this person may not see its distribution."""
    seen = Distribution.objects.visible_to(request.user)
    rows = Delivery.objects.filter(distribution__in=seen).select_related("distribution__assembly", "person")
    return get_object_or_404(rows.defer("distribution__assembly__logo_png"), pk=pk)


def show_success(request: UserRequest, delivery: Delivery, sentence: str) -> HttpResponse:
    messages.success(request, f"{delivery.recipient_name} : {sentence}")
    return redirect("notifications:distribution-page", delivery.distribution_id)


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


class PreferenceForm(StyledForm):
    """Form for the one choice: optional mail, or notices on the site."""

    optional_mail = forms.BooleanField(
        label=gettext_lazy("Recevoir aussi les nouvelles et les rappels par courriel"),
        required=False,
        help_text=gettext_lazy("Les convocations, comptes rendus et documents officiels arrivent toujours."),
    )


@repeatable("RFC 8058: a mail program posts it without a page; saying no twice is saying no")
@csrf_exempt  # RFC 8058: the mail program posts without having opened the page; the token alone gives the right
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    person = person_of(token)
    if person is None:
        return render(request, "notifications/unsubscribe.html", {"is_dead": True}, status=404)
    if request.method == "POST":
        preferences.choose(person, optional_mail=False, by=person)
    return render(request, "notifications/unsubscribe.html", {"is_done": request.method == "POST"})


@require_http_methods(["GET", "HEAD", "POST"])
def preferences_page(request: UserRequest) -> HttpResponse:
    person = request.user.person
    return form_page(
        request,
        PreferenceForm(posted(request), initial={"optional_mail": wants_optional_mail(person)}),
        lambda data: preferences.choose(person, **data, by=request.user),
        template="notifications/preferences.html",
        success_message=_("Votre choix est noté."),
        to=reverse("notifications:preferences"),
    )


@require_safe
def message_list(request: UserRequest) -> HttpResponse:
    """List everything that was sent to the reader: by mail, by letter, or on the site only."""
    rows = queries.received_by(request.user.person).for_screen()
    page = keyset_page(rows, request, ordering=("-pk",))
    return render(request, "notifications/message_list.html", {"page": page, "count": rows.count()})


@require_safe
def message_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show the text again, for a reader who lost the mail; a message with a secret link is not shown twice."""
    delivery = get_object_or_404(queries.received_by(request.user.person), pk=pk)
    context = {"delivery": delivery, "text": composing.render_text(delivery)}
    return render(request, "notifications/message_page.html", context)


PROVIDERS = {
    "brevo": BrevoTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
}


@repeatable("the provider has no key; each event is told apart by its own identity")
@csrf_exempt
@login_not_required
@require_POST
def mail_webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Pass events to the provider in the settings; 404 for any other one, 403 without a secret."""
    if provider != settings.MAIL_PROVIDER:
        raise Http404
    if not settings.ANYMAIL.get("WEBHOOK_SECRET"):  # anymail would then accept any client
        raise PermissionDenied
    return PROVIDERS[provider].as_view()(request)
