"""The sentence of state of an opinion, who is waited for, and the one thing to do next. No database here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.ui.words import date_words, french_enumeration, in_days
from consultations.queries.referral_next import Next
from opinions.enums import OpinionState
from opinions.models import Opinion

S = OpinionState


def next_step(opinion: Opinion, figures: Any, can: Mapping[str, bool]) -> Next:
    """One state, one sentence, one button for who may press it."""
    found = SENTENCES[OpinionState(opinion.state)](opinion, figures)
    if can.get(found.needs, False):
        return found
    return Next(found.sentence, found.consequence)


def waited_words(names: Sequence[str]) -> str:
    """« On attend : Habiter, Aidants et 2 autres. »"""
    return _("On attend : %(who)s.") % {"who": french_enumeration(names)} if names else ""


def day(moment: Any) -> str:
    return date_words(moment, weekday=False)


def outline(opinion: Opinion, figures: Any) -> Next:
    if not figures.sections:
        return Next(_("Plan en préparation : il n’a aucune partie."), "", _("Faire le plan"), "outline", "plan")
    words = ngettext("Plan prêt : %(n)s partie.", "Plan prêt : %(n)s parties.", figures.sections)
    told = _("Les membres de chaque groupe recevront un message et pourront écrire.")
    return Next(words % {"n": figures.sections}, told, _("Confier les textes"), "confier", "open")


def drafting(opinion: Opinion, figures: Any) -> Next:
    words = ngettext(
        "En rédaction : %(n)s partie validée sur %(all)s.",
        "En rédaction : %(n)s parties validées sur %(all)s.",
        figures.validated,
    )
    sentence = words % {"n": figures.validated, "all": figures.sections}
    return Next(sentence, waited_words(figures.waited))


def group_validated(opinion: Opinion, figures: Any) -> Next:
    sentence = _("Tous les groupes ont validé leur texte.")
    if figures.directorates:
        told = _("Les directions peuvent maintenant lire et noter les préconisations.")
        return Next(sentence, told, _("Demander la lecture des directions"), "directions", "ask_services")
    told = _("Aucune direction n’est nommée dans la saisine.")
    return Next(sentence, told, _("Réunir les textes"), "reunir", "consolidate")


def services_check(opinion: Opinion, figures: Any) -> Next:
    words = ngettext(
        "En lecture dans les directions : %(n)s rendue sur %(all)s.",
        "En lecture dans les directions : %(n)s rendues sur %(all)s.",
        figures.checks_given,
    )
    sentence = words % {"n": figures.checks_given, "all": figures.checks}
    if figures.checks_waited:
        return Next(sentence, waited_words(figures.checks_waited), _("Voir qui lit encore"), "checks", "follow_checks")
    return Next(sentence, "", _("Réunir les textes"), "reunir", "consolidate")


def consolidated(opinion: Opinion, figures: Any) -> Next:
    words = ngettext(
        "Réuni en un seul texte : %(n)s préconisation.",
        "Réuni en un seul texte : %(n)s préconisations.",
        figures.recommendations,
    )
    told = _("Relisez, donnez les thèmes, puis déposez l’avis pour une séance plénière.")
    return Next(words % {"n": figures.recommendations}, told, _("Déposer l’avis"), "deposer", "table")


def where(opinion: Opinion) -> dict[str, str]:
    sitting = opinion.tabled_sitting
    moment = sitting.starts_at if sitting is not None else None
    return {"day": date_words(moment) if moment else "", "distance": in_days(moment) if moment else ""}


def tabled(opinion: Opinion, figures: Any) -> Next:
    sentence = _("Déposé : l’assemblée le vote le %(day)s, %(distance)s.") % where(opinion)
    if opinion.amendments_open_at is None:
        return Next(sentence)
    told = _("Les amendements s’ouvrent le %(day)s.") % {"day": date_words(opinion.amendments_open_at)}
    return Next(sentence, told, _("Ouvrir les amendements"), "ouvrir-amendements", "open_amendments")


def amending(opinion: Opinion, figures: Any) -> Next:
    close = date_words(opinion.amendments_close_at)
    sentence = _("Ouvert aux amendements jusqu’au %(day)s.") % {"day": close}
    told = _("L’assemblée vote le %(day)s, %(distance)s.") % where(opinion)
    if waits := figures.amendments_to_check:
        return to_amendments(sentence, f"{amendments_to_check(waits)} {told}")
    if opinion.amendments_close_at is not None and timezone.now() < opinion.amendments_close_at:
        return Next(sentence, told)
    return Next(sentence, told, _("Figer l’avis"), "figer", "freeze")


def to_amendments(sentence: str, told: str) -> Next:
    """The team goes to the amendments first."""
    return Next(sentence, told, _("Ouvrir les amendements reçus"), "amendments", "parts")


def amendments_to_call(n: int) -> str:
    words = ngettext(
        "%(n)s amendement reste à appeler avant le vote.",
        "%(n)s amendements restent à appeler avant le vote.",
        n,
    )
    return words % {"n": n}


def amendments_to_check(n: int) -> str:
    words = ngettext("%(n)s amendement attend sa vérification.", "%(n)s amendements attendent leur vérification.", n)
    return words % {"n": n}


def frozen(opinion: Opinion, figures: Any) -> Next:
    sentence = _("Figé : l’assemblée le vote le %(day)s, %(distance)s.") % where(opinion)
    if waits := figures.amendments_to_check:
        return to_amendments(sentence, amendments_to_check(waits))
    if waits := figures.amendments_to_call:
        return to_amendments(sentence, amendments_to_call(waits))
    return Next(sentence, _("Le résultat vient tout seul quand le vote est proclamé."))


def voted(opinion: Opinion, figures: Any) -> Next:
    return Next(_("Le vote sur l’ensemble est proclamé."), _("Il reste à proclamer les votes sur des parties."))


def adopted(opinion: Opinion, figures: Any) -> Next:
    sentence = _("Adopté le %(day)s.") % {"day": day(opinion.adopted_on)}
    if figures.visas_waited:
        told = _("Avant le cachet, on attend le visa de : %(who)s.") % {
            "who": french_enumeration(figures.visas_waited)
        }
        return Next(sentence, told, _("Ouvrir les papiers"), "papers", "hand_over")
    told = _("On remet l’avis scellé. La remise ouvre le délai de réponse du Conseil départemental.")
    return Next(sentence, told, _("Noter la remise"), "remettre", "hand_over")


def rejected(opinion: Opinion, figures: Any) -> Next:
    sentence = _("L’assemblée ne l’a pas adopté le %(day)s.") % {"day": day(opinion.rejected_on)}
    told = _("La ou le responsable peut le rendre aux groupes.")
    return Next(sentence, told, _("Rouvrir l’avis"), "rouvrir", "reopen")


def handed_over(opinion: Opinion, figures: Any) -> Next:
    sentence = _("Remis le %(day)s.") % {"day": day(opinion.handed_over_on)}
    return Next(
        sentence, _("On attend la réponse du Conseil départemental."), _("Publier l’avis"), "publier", "publish"
    )


def published(opinion: Opinion, figures: Any) -> Next:
    return Next(
        _("Publié le %(day)s.") % {"day": day(opinion.published_at)},
        _("On attend la réponse du Conseil départemental."),
    )


def withdrawn(opinion: Opinion, figures: Any) -> Next:
    return Next(_("Retiré le %(day)s.") % {"day": day(opinion.ended_at)}, opinion.end_reason)


SENTENCES: dict[OpinionState, Callable[[Opinion, Any], Next]] = {
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
