"""The sentence about the state of minutes and the main button: the first ready step for this reader."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.dossiers.frame import Status
from assembly.identity.models import User
from assembly.text.french import format_date, in_days
from sessions.actions.publication import SEALED_KINDS
from sessions.enums import MinutesState
from sessions.minutes.queries.writing import Progress
from sessions.minutes.views.steps import STEPS
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import Minutes
from sessions.rules.minutes import can_record_correction, can_write

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
