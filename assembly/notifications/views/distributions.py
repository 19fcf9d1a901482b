"""Views of the team: one distribution, its progress and its proof."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from assembly.documents.actions.renditions import request_rendition
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.lists import Column, Table
from assembly.notifications import queries, rules
from assembly.notifications.actions import distributions, letters
from assembly.notifications.enums import DeliveryState, Way
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.workflow import DELIVERY
from assembly.text.french import noun_for
from assembly.web.confirmation import Question, confirm_first
from assembly.web.idempotency import repeatable
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
    rendition = letters.print_letters(distribution_or_404(request, pk), by=request.user)
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
    count = letters.mark_handed_over(distribution_or_404(request, pk), by=request.user)
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
