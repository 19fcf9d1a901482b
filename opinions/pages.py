"""Sentence about the state of an opinion and the one next step, from what was read before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.dossiers.frame import Status
from assembly.text.french import format_date, french_enumeration, in_days
from opinions.enums import OpinionState
from opinions.models import Opinion
from opinions.queries.opinions import OpinionFigures
from opinions.views.steps import STEPS

S = OpinionState


def status_of(opinion: Opinion, figures: OpinionFigures, can: Mapping[str, bool]) -> Status:
    """Return one state, one sentence, one button; the button only for those who may use it."""
    status = SENTENCES[OpinionState(opinion.state)](opinion, figures)
    if status.url in ASKS and can.get(ASKS[status.url]):
        return replace(status, url=reverse(f"opinions:{status.url}", args=[opinion.pk]))
    if status.url in STEPS.pages and can.get(STEPS.pages[status.url].name):
        return replace(status, url=STEPS.url(opinion, status.url))
    return Status(status.sentence, status.consequence)


# The button of each sentence below names a step, or one of these pages with the ability that it requires.
ASKS = {"outline": "plan", "checks": "follow_checks", "amendments": "parts", "papers": "hand_over"}


def waiting_sentence(names: Sequence[str]) -> str:
    """Return « On attend « Habiter », « Aidants » et 2 autres. »"""
    quoted = [f"« {name} »" for name in names]
    return _("On attend %(who)s.") % {"who": french_enumeration(quoted)} if names else ""


def day(moment: date | None) -> str:
    return format_date(moment, weekday=False)


def outline(opinion: Opinion, figures: OpinionFigures) -> Status:
    if not figures.sections:
        return Status(_("Plan en préparation : il n’a aucune partie."), "", _("Faire le plan"), "outline")
    sentence = ngettext("Plan prêt : %(n)s partie.", "Plan prêt : %(n)s parties.", figures.sections)
    consequence = _("Les membres de chaque groupe recevront un message et pourront écrire.")
    return Status(sentence % {"n": figures.sections}, consequence, _("Confier les textes"), "confier")


def drafting(opinion: Opinion, figures: OpinionFigures) -> Status:
    message = ngettext(
        "En rédaction : %(n)s partie validée sur %(all)s.",
        "En rédaction : %(n)s parties validées sur %(all)s.",
        figures.validated,
    )
    sentence = message % {"n": figures.validated, "all": figures.sections}
    return Status(
        sentence, waiting_sentence([_("«\u00a0%(title)s\u00a0»") % {"title": title} for title in figures.waited])
    )


def group_validated(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("Tous les groupes ont validé leur texte.")
    if figures.directorates:
        consequence = _("Les directions peuvent maintenant lire et noter les préconisations.")
        return Status(sentence, consequence, _("Demander la lecture des directions"), "directions")
    consequence = _("Aucune direction n’est nommée dans la saisine.")
    return Status(sentence, consequence, _("Réunir les textes"), "reunir")


def services_check(opinion: Opinion, figures: OpinionFigures) -> Status:
    message = ngettext(
        "En lecture dans les directions : %(n)s rendue sur %(all)s.",
        "En lecture dans les directions : %(n)s rendues sur %(all)s.",
        figures.checks_given,
    )
    sentence = message % {"n": figures.checks_given, "all": figures.checks}
    if figures.checks_waited:
        return Status(sentence, waiting_sentence(figures.checks_waited), _("Voir qui lit encore"), "checks")
    return Status(sentence, "", _("Réunir les textes"), "reunir")


def consolidated(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = ngettext(
        "Réuni en un seul texte : %(n)s préconisation.",
        "Réuni en un seul texte : %(n)s préconisations.",
        figures.recommendations,
    )
    consequence = _("Relisez, donnez les thèmes, puis déposez l’avis pour une séance plénière.")
    return Status(sentence % {"n": figures.recommendations}, consequence, _("Déposer l’avis"), "deposer")


def where(opinion: Opinion) -> dict[str, str]:
    sitting = opinion.tabled_sitting
    if sitting is None:
        return {"day": "", "distance": ""}
    return {"day": format_date(sitting.starts_at), "distance": in_days(sitting.starts_at)}


def tabled(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("Déposé : l’assemblée le vote le %(day)s, %(distance)s.") % where(opinion)
    if opinion.amendments_open_at is None:
        return Status(sentence)
    consequence = _("Les amendements s’ouvrent le %(day)s.") % {"day": format_date(opinion.amendments_open_at)}
    return Status(sentence, consequence, _("Ouvrir les amendements"), "ouvrir-amendements")


def amending(opinion: Opinion, figures: OpinionFigures) -> Status:
    close = format_date(opinion.amendments_close_at)
    sentence = _("Ouvert aux amendements jusqu’au %(day)s.") % {"day": close}
    consequence = _("L’assemblée vote le %(day)s, %(distance)s.") % where(opinion)
    if waits := figures.amendments_to_check:
        return to_amendments(sentence, f"{amendments_to_check(waits)} {consequence}")
    if opinion.amendments_close_at is not None and timezone.now() < opinion.amendments_close_at:
        return Status(sentence, consequence)
    return Status(sentence, consequence, _("Figer l’avis"), "figer")


def to_amendments(sentence: str, consequence: str) -> Status:
    """Return a status whose button leads the team to the amendments first."""
    return Status(sentence, consequence, _("Ouvrir les amendements reçus"), "amendments")


def amendments_to_check(n: int) -> str:
    message = ngettext("%(n)s amendement attend sa vérification.", "%(n)s amendements attendent leur vérification.", n)
    return message % {"n": n}


def frozen(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("Figé : l’assemblée le vote le %(day)s, %(distance)s.") % where(opinion)
    if waits := figures.amendments_to_check:
        return to_amendments(sentence, amendments_to_check(waits))
    if waits := figures.amendments_to_call:
        message = ngettext(
            "%(n)s amendement reste à appeler avant le vote.",
            "%(n)s amendements restent à appeler avant le vote.",
            waits,
        )
        return to_amendments(sentence, message % {"n": waits})
    return Status(sentence, _("Le résultat vient tout seul quand le vote est proclamé."))


def voted(opinion: Opinion, figures: OpinionFigures) -> Status:
    return Status(_("Le vote sur l’ensemble est proclamé."), _("Il reste à proclamer les votes sur des parties."))


def adopted(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("Adopté le %(day)s.") % {"day": day(opinion.adopted_on)}
    if figures.visas_waited:
        consequence = _("Avant le cachet, on attend le visa de : %(who)s.") % {
            "who": french_enumeration(figures.visas_waited)
        }
        return Status(sentence, consequence, _("Ouvrir les papiers"), "papers")
    consequence = _("On remet l’avis scellé. La remise ouvre le délai de réponse du Conseil départemental.")
    return Status(sentence, consequence, _("Noter la remise"), "remettre")


def rejected(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("L’assemblée ne l’a pas adopté le %(day)s.") % {"day": day(opinion.rejected_on)}
    consequence = _("La ou le responsable peut le rendre aux groupes.")
    return Status(sentence, consequence, _("Rouvrir l’avis"), "rouvrir")


def handed_over(opinion: Opinion, figures: OpinionFigures) -> Status:
    sentence = _("Remis le %(day)s.") % {"day": day(opinion.handed_over_on)}
    return Status(sentence, label=_("Publier l’avis"), url="publier")


def published(opinion: Opinion, figures: OpinionFigures) -> Status:
    return Status(_("Publié le %(day)s.") % {"day": day(opinion.published_at)})


def withdrawn(opinion: Opinion, figures: OpinionFigures) -> Status:
    return Status(_("Retiré le %(day)s.") % {"day": day(opinion.ended_at)}, opinion.end_reason)


SENTENCES = OpinionState.covers(
    {
        S.OUTLINE: outline,
        S.DRAFTING: drafting,
        S.GROUP_VALIDATED: group_validated,
        S.SERVICES_CHECK: services_check,
        S.CONSOLIDATED: consolidated,
        S.TABLED: tabled,
        S.AMENDING: amending,
        S.FROZEN: frozen,
        S.VOTED: voted,
        S.ADOPTED: adopted,
        S.REJECTED: rejected,
        S.HANDED_OVER: handed_over,
        S.PUBLISHED: published,
        S.WITHDRAWN: withdrawn,
    }
)
