"""Tab « Compte rendu » of the dossier of a sitting: the state of the minutes, the next step."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from assembly.dossiers.frame import DossierKind, Status, add_dossier_kind, awaited_for
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.text.french import format_date, in_days
from sessions import pages
from sessions.minutes import rules
from sessions.minutes.actions import publication, writing
from sessions.minutes.actions.publication import SEALED_KINDS
from sessions.minutes.queries.facts import title_of
from sessions.minutes.queries.minutes import (
    Progress,
    corrections_for_desk,
    minutes_for_page,
    outline,
    progress_of,
    sections_of,
    written_lines,
)
from sessions.minutes.rules import can_record_correction, can_write
from sessions.minutes.views.steps import STEPS, abilities, desk_minutes
from sessions.minutes.views.writing import SELECTION
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import Minutes, MinutesState, Sitting

# Steps from the draft to the public file, in order; the other steps are never the main button.
PATH = (
    "visa-presidence",
    "visa-secretariat",
    "relire",
    "valider",
    "circuler",
    "soumettre",
    "approuver",
    "sceller",
    "visa-papier",
    "diffuser",
    "publier",
)


def minutes_status(user: User, minutes: Minutes, figures: Progress, now: datetime, *, page: str) -> Status:
    """Return one sentence, and one button for those who may use it; polls `page` during the sealing."""
    asked = SEALED_KINDS if MINUTES.step(minutes, "seal") else ()
    jobs = [job for kind, job in figures.renditions.items() if kind in asked]
    if any(job.state in ("queued", "rendering", "sealing") for job in jobs):
        return Status(_("Scellement en cours."), _("Vous pouvez quitter cette page."), poll=page)
    label, url = main_button(user, minutes, figures)
    refused = next((job for job in jobs if job.state == "failed"), None)
    if refused and url == STEPS.url(minutes, "sceller"):
        return Status(_("Le cachet n’a pas pu être posé."), refused.error, label, url)
    return Status(*SENTENCES[MinutesState(minutes.state)](minutes, figures, url, now), label, url)


def main_button(user: User, minutes: Minutes, figures: Progress) -> tuple[str, str]:
    """Return label and URL of the button; both are empty if there is none."""
    is_draft = minutes.state == MinutesState.DRAFT
    if is_draft and figures.first_unwritten is not None:
        page = reverse("sittings:section", args=[minutes.pk, figures.first_unwritten])
        return (_("Continuer la rédaction"), page) if can_write(user, minutes) else ("", "")
    if figures.asked and can_record_correction(user, minutes):
        label = ngettext("Traiter la correction", "Traiter les %(n)s corrections", figures.asked)
        return label % {"n": figures.asked}, "#corrections"
    if minutes.state == MinutesState.ARCHIVED:
        return "", ""
    left_out = {"diffuser"} if figures.distribution else {"publier"}
    slug = STEPS.first_ready(user, minutes, [slug for slug in PATH if slug not in left_out])
    return (button_label(minutes, slug), STEPS.url(minutes, slug)) if slug else ("", "")


def button_label(minutes: Minutes, slug: str) -> str:
    """Return « Faire relire à 91 personnes »: the label of the step, with its number of recipients."""
    page = STEPS.pages[slug]
    if page.recipients is None:
        return str(page.label)
    count = len(page.recipients(minutes))
    template = ngettext("%(verb)s à %(n)s personne", "%(verb)s à %(n)s personnes", count)
    return template % {"verb": page.label, "n": count}


def draft(minutes: Minutes, figures: Progress, button: str, now: datetime) -> tuple[str, str]:
    sentence = ngettext(
        "En rédaction : %(n)s point écrit sur %(all)s.",
        "En rédaction : %(n)s points écrits sur %(all)s.",
        figures.written,
    ) % {"n": figures.written, "all": figures.total}
    due = _("Attendu le %(day)s, %(distance)s.") % {
        "day": format_date(minutes.due_on),
        "distance": in_days(minutes.due_on),
    }
    if figures.first_unwritten is not None or button:
        return sentence, due
    if not minutes.sitting.is_held:
        return sentence, _("La séance n’est pas close.")
    if minutes.is_formal:
        refusals = MINUTES.missing(minutes, "submit")
        return sentence, refusals[0].messages[0] if refusals else due
    return sentence, waits_for_lead(figures.leads)


def waits_for_lead(names: list[str]) -> str:
    """Return « Attend la validation de : Anna Daste ou Muriel Daste. »."""
    if not names:
        return _("Attend la validation de la ou du responsable de la mission. Personne n’a encore ce rôle.")
    return _("Attend la validation de : %(who)s.") % {"who": _(" ou ").join(names)}


def ready_to_leave(minutes: Minutes, figures: Progress, button: str, now: datetime) -> tuple[str, str]:
    read = _("En contrôle interne.") if minutes.is_formal else _("Validé, pas encore en relecture.")
    who = ngettext(
        "%(n)s personne le relira : présentes, présidence et secrétariat.",
        "%(n)s personnes le reliront : présentes, présidence et secrétariat.",
        figures.readers,
    )
    return read, who % {"n": figures.readers}


def circulated(minutes: Minutes, figures: Progress, button: str, now: datetime) -> tuple[str, str]:
    if minutes.is_sealed:
        return sealed(minutes, figures, button, now)
    waiting = ngettext(
        "%(n)s correction attend une réponse", "%(n)s corrections attendent une réponse", figures.asked
    ) % {"n": figures.asked}
    until = {"day": format_date(minutes.corrections_until), "distance": in_days(minutes.corrections_until)}
    facts = {"waiting": waiting if figures.asked else _("aucune correction n’attend")}
    if not minutes.takes_corrections(now):
        return _("Relecture terminée, %(waiting)s.") % facts, _(
            "Le délai s’est terminé le %(day)s, %(distance)s."
        ) % until
    facts["day"] = format_date(minutes.circulated_at, weekday=False)
    template = _("Les personnes présentes peuvent en demander jusqu’au %(day)s, %(distance)s.")
    return _("En relecture depuis le %(day)s, %(waiting)s.") % facts, template % until


def submitted(minutes: Minutes, figures: Progress, button: str, now: datetime) -> tuple[str, str]:
    sitting = minutes.approval_item.sitting if minutes.approval_item else None
    if sitting is None:
        return _("Soumis à l’approbation."), ""
    sentence = _("À l’ordre du jour de la séance du %(day)s.") % {"day": format_date(sitting.starts_at)}
    if sitting.is_running or sitting.is_held:
        return sentence, _("La séance peut l’approuver.")
    return sentence, _("L’approbation se note pendant cette séance.")


def approved(minutes: Minutes, figures: Progress, button: str, now: datetime) -> tuple[str, str]:
    sentence = _("Approuvé le %(day)s.") % {"day": format_date(minutes.approved_at)}
    refusals = MINUTES.missing(minutes, "seal")
    return sentence, refusals[0].messages[0] if refusals else _("Les deux visas sont donnés.")


def sealed(minutes: Minutes, figures: Progress, button: str, now: datetime) -> tuple[str, str]:
    sentence = _("Scellé le %(day)s, versions interne et publique.") % {"day": format_date(minutes.signed_at)}
    if figures.distribution is None:
        return sentence, _("Personne ne l’a encore reçu.")
    return sentence, _("Diffusé le %(day)s.") % {"day": format_date(figures.distribution.requested_at)}


def published(minutes: Minutes, figures: Progress, button: str, now: datetime) -> tuple[str, str]:
    sentence = _("Publié le %(day)s.") % {"day": format_date(minutes.published_at)}
    return sentence, sealed(minutes, figures, button, now)[1]


def archived(minutes: Minutes, figures: Progress, button: str, now: datetime) -> tuple[str, str]:
    return _("Archivé."), ""


SENTENCES = MinutesState.covers(
    {
        MinutesState.DRAFT: draft,
        MinutesState.INTERNAL_CHECK: ready_to_leave,
        MinutesState.VALIDATED: ready_to_leave,
        MinutesState.CIRCULATED: circulated,
        MinutesState.CORRECTIONS: circulated,
        MinutesState.SUBMITTED: submitted,
        MinutesState.APPROVED: approved,
        MinutesState.SIGNED: sealed,
        MinutesState.PUBLISHED: published,
        MinutesState.ARCHIVED: archived,
    }
)

STOP_POLLING = 286  # htmx swaps in the response and stops polling


@require_safe
def minutes_tab(request: UserRequest, pk: int) -> HttpResponse:
    """Show the minutes in the dossier: not started, written, corrected, approved or sealed."""
    sitting = pages.desk_sitting(request, pk)
    minutes = minutes_for_page(request.user).select_related("approval_item__sitting").filter(sitting=sitting).first()
    if minutes is None:
        frame = pages.context(request, sitting, "minutes")
        more = {"minutes": None, "may_start": rules.can_start(request.user, sitting)}
        return render(request, "sessions/minutes/tab.html", frame | more)
    context = tab_context(request, sitting, minutes)
    if request.headers.get("HX-Request") != "true":
        return render(request, "sessions/minutes/tab.html", context)
    if context["frame"].status.poll:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "sessions/minutes/tab.html", context, status=STOP_POLLING)


def tab_context(request: UserRequest, sitting: Sitting, minutes: Minutes) -> dict[str, Any]:
    plan = outline(sections_of(minutes), written_lines(minutes))
    figures = progress_of(minutes, plan)
    status = minutes_status(request.user, minutes, figures, timezone.now(), page=request.path)
    context = pages.context(request, sitting, "minutes")
    return context | {
        "frame": replace(context["frame"], status=status, awaited=awaited_for(status, request.user, minutes)),
        "minutes": minutes,
        "may": abilities(request.user, minutes),
        "plan": plan,
        "progress": figures,
        "others": STEPS.links(request, minutes, without={"type", "fonctions"}, url=status.url),
        "corrections": corrections_for_desk(minutes) if minutes.is_shared else [],
        "selection": SELECTION,
        "ticks": figures.asked > 1 and rules.can_record_correction(request.user, minutes),
    }


@require_POST
def minutes_start(request: UserRequest, pk: int) -> HttpResponse:
    """Start the minutes, then open the first item to write."""
    minutes = writing.start(pages.desk_sitting(request, pk), by=request.user)
    lines = written_lines(minutes)
    if not lines:
        messages.warning(request, _("L’ordre du jour est vide : ajoutez-y des points."))
        return redirect("sittings:minutes", minutes.sitting_id)
    return redirect("sittings:section", minutes.pk, lines[0].item.pk)


@require_POST
def minutes_draft(request: UserRequest, pk: int) -> HttpResponse:
    """Request the draft PDF: open it if nothing changed since the last one, else show its progress."""
    minutes = desk_minutes(request, pk)
    try:
        job = publication.draft(minutes, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("sittings:minutes", minutes.sitting_id)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)


add_dossier_kind(
    DossierKind(
        Minutes,
        MINUTES,
        rows=minutes_for_page,
        page=rules.MINUTES_PAGES.page_for,
        title=title_of,
        scope=lambda minutes: (minutes.sitting.term.assembly_id, minutes.sitting.term_id),
    )
)
