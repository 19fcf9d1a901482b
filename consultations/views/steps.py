"""Steps of a referral in the back office, as pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import ReasonForm, StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.ui.french import french_enumeration
from consultations.actions import ending, issuing
from consultations.actions import referrals as actions
from consultations.forms import referrals as forms
from consultations.models import Referral
from consultations.queries.committees import coming_plenaries, receiving_items
from consultations.queries.referrals import DOSSIER, named_directorates
from consultations.rules import referrals as rules
from consultations.workflows.referrals import REFERRAL


def desk_referral(request: UserRequest, pk: int) -> Referral:
    """Return the referral for the back office; unseen is 404, seen in another area only is 403."""
    referral = DOSSIER(request.user, pk)
    if not rules.can_see_desk(request.user, referral.term_id):
        raise PermissionDenied
    return referral


def name_of(referral: Referral) -> str:
    return f"{referral.reference} {referral.title}".strip()


def desk_page(request: UserRequest, referral: Referral) -> str:
    return reverse("consultations:referral", args=[referral.pk])


def field_page(request: UserRequest, referral: Referral, field: str) -> str:
    """Return the address where a field that the letter lacks is filled in."""
    if not rules.can_edit(request.user, referral):
        return ""
    return f"{reverse('consultations:edit', args=[referral.pk])}#id_{field}"


def has_receiving_item(user: User, referral: Referral) -> bool:
    return receiving_items(referral).exists()


def has_coming_plenary(user: User, referral: Referral) -> bool:
    return coming_plenaries(referral).exists()


def asked_lines(referral: Referral) -> list[str]:
    """Return how many directorates are asked, with their names."""
    named = named_directorates(referral)
    template = ngettext(
        "%(n)s direction sera consultée : %(who)s.", "%(n)s directions seront consultées : %(who)s.", len(named)
    )
    return (
        [template % {"n": len(named), "who": french_enumeration([row.directorate.name for row in named])}]
        if named
        else []
    )


def stop_lines(referral: Referral) -> list[str]:
    """List what stops with it, before the confirmation."""
    stops = ending.preview(referral)
    lines = []
    if stops.reviews:
        text = ngettext(
            "%(n)s demande de contribution sera close, la direction est prévenue : %(who)s.",
            "%(n)s demandes de contribution seront closes, les directions sont prévenues : %(who)s.",
            len(stops.reviews),
        )
        lines.append(text % {"n": len(stops.reviews), "who": french_enumeration(stops.reviews)})
    if stops.committees:
        text = ngettext("%(n)s groupe n’y travaille plus.", "%(n)s groupes n’y travaillent plus.", stops.committees)
        lines.append(text % {"n": stops.committees})
    if stops.hearings:
        text = ngettext("%(n)s audition reste prévue.", "%(n)s auditions restent prévues.", stops.hearings)
        lines.append(text % {"n": stops.hearings} + " " + _("Prévenez les personnes invitées."))
    return [*lines, _("Sa page et son historique restent.")]


def record_paper(referral: Referral, user: User, data: dict[str, Any]) -> None:
    issuing.record_paper(
        referral,
        upload=keep_file(data["file"], by=user),
        letter_on=data["letter_on"],
        reviews_due_on=data["reviews_due_on"],
        by=user,
    )


STEPS = StepPages(
    REFERRAL,
    {
        "instruire": StepPage(
            "submit",
            title=gettext_lazy("Mettre la saisine à l’instruction ?"),
            label=gettext_lazy("Mettre à l’instruction"),
            success_message=gettext_lazy("La saisine est à l’instruction."),
            consequences=lambda referral: [_("Les directions nommées et le cabinet du président pourront la lire.")],
        ),
        "reprendre": StepPage(
            "return",
            title=gettext_lazy("Reprendre la saisine en préparation ?"),
            label=gettext_lazy("Reprendre en préparation"),
            success_message=gettext_lazy("La saisine est de nouveau en préparation."),
            form=ReasonForm,
        ),
        "lettre-signee": StepPage(
            "record_paper",
            title=gettext_lazy("Enregistrer la lettre signée par le président"),
            label=gettext_lazy("Enregistrer la lettre"),
            success_message=gettext_lazy("La saisine est émise."),
            consequences=asked_lines,
            form=forms.SignedLetterForm,
            action=record_paper,
            fresh=True,
        ),
        "inscrire": StepPage(
            "announce",
            title=gettext_lazy("Inscrire la saisine à l’ordre du jour de quelle séance ?"),
            label=gettext_lazy("Inscrire à l’ordre du jour"),
            success_message=gettext_lazy("Le point est à l’ordre du jour."),
            form=forms.AgendaForm,
            action=lambda referral, user, data: issuing.put_on_agenda(referral, data["sitting"], by=user),
            offered=has_coming_plenary,
        ),
        "recevoir": StepPage(
            "accept",
            title=gettext_lazy("Noter la réception par l’assemblée"),
            label=gettext_lazy("Noter la réception"),
            success_message=gettext_lazy("La réception est notée."),
            consequences=lambda referral: [_("Le procès-verbal de cette séance en garde la trace.")],
            form=forms.ReceiveForm,
            action=lambda referral, user, data: issuing.accept(referral, data["item"], by=user),
            offered=has_receiving_item,
        ),
        "demarrer": StepPage(
            "start",
            title=gettext_lazy("Ouvrir les travaux ?"),
            label=gettext_lazy("Ouvrir les travaux"),
            consequences=lambda referral: [_("Les groupes désignés peuvent y travailler, et leurs membres la lire.")],
            success_message=gettext_lazy("Les travaux sont ouverts."),
        ),
        "avis-adopte": StepPage(
            "adopt_opinion",
            title=gettext_lazy("L’assemblée a-t-elle adopté son avis ?"),
            label=gettext_lazy("Noter l’adoption de l’avis"),
            consequences=lambda referral: [
                _("Pour un avis qui n’a pas été écrit ici. L’étape est lue par tout le monde.")
            ],
            success_message=gettext_lazy("L’adoption de l’avis est notée."),
        ),
        "remettre": StepPage(
            "hand_over",
            title=gettext_lazy("L’avis a-t-il été remis au président ?"),
            label=gettext_lazy("Noter la remise"),
            consequences=lambda referral: [_("La remise ouvre l’attente de la réponse du Conseil départemental.")],
            success_message=gettext_lazy("La remise est notée."),
        ),
        "reponse-donnee": StepPage(
            "answer",
            title=gettext_lazy("Le Conseil départemental a répondu"),
            label=gettext_lazy("Noter la réponse du Conseil"),
            success_message=gettext_lazy("La réponse du Conseil est notée."),
            consequences=lambda referral: [
                _("Pour un avis qui n’a pas été écrit ici : la réponse se note avec sa date et son document.")
            ],
            form=forms.CouncilAnswerForm,
            action=lambda referral, user, data: actions.record_answer(
                referral, on=data["on"], upload=keep_file(data["file"], by=user), by=user
            ),
            offered=lambda user, referral: not REFERRAL.missing(referral, "answer"),
            fresh=True,
        ),
        "clore": StepPage(
            "close",
            title=gettext_lazy("Clore la saisine ?"),
            label=gettext_lazy("Clore"),
            consequences=lambda referral: [_("Sa page et son historique restent. Elle peut être rouverte.")],
            success_message=gettext_lazy("La saisine est close."),
            form=ReasonForm,
            action=lambda referral, user, data: actions.close(referral, reason=data["reason"], by=user),
        ),
        "rouvrir": StepPage(
            "reopen",
            title=gettext_lazy("Rouvrir la saisine ?"),
            label=gettext_lazy("Rouvrir"),
            consequences=lambda referral: [_("Elle redevient « répondue ». Le motif reste à l’historique.")],
            success_message=gettext_lazy("La saisine est rouverte."),
            form=ReasonForm,
        ),
        "publier": StepPage(
            "publish",
            title=gettext_lazy("Publier la saisine ?"),
            label=gettext_lazy("Publier"),
            success_message=gettext_lazy("La saisine est sur le site public."),
            consequences=lambda referral: [
                _("Tout le monde pourra lire la question, le cadre, le calendrier et les étapes, sans compte."),
                _("Les contributions des directions et le fil ne sont jamais publiés."),
            ],
            fresh=True,
        ),
        "depublier": StepPage(
            "unpublish",
            title=gettext_lazy("Retirer la saisine du site public ?"),
            label=gettext_lazy("Retirer du site"),
            consequences=lambda referral: [
                _("Sa page publique disparaît aussitôt. Ce qui a été lu ou copié ne revient pas.")
            ],
            success_message=gettext_lazy("La saisine n’est plus sur le site public."),
            form=ReasonForm,
            fresh=True,
        ),
        "passer": StepPage(
            "hand_over_file",
            title=gettext_lazy("Qui suit cette saisine ?"),
            label=gettext_lazy("Passer le suivi"),
            success_message=gettext_lazy("Le suivi est passé."),
            form=forms.PassForm,
            action=lambda referral, user, data: actions.pass_to(referral, data["officer"], by=user),
        ),
        "fusionner": StepPage(
            "merge",
            title=gettext_lazy("Réunir cette saisine avec une autre ?"),
            label=gettext_lazy("Réunir avec une autre"),
            success_message=gettext_lazy("La saisine est réunie avec une autre."),
            consequences=stop_lines,
            form=forms.MergeForm,
            action=lambda referral, user, data: ending.merge(referral, data["target"], reason=data["reason"], by=user),
            danger=True,
        ),
        "retirer": StepPage(
            "withdraw",
            title=gettext_lazy("Retirer la saisine ?"),
            label=gettext_lazy("Retirer la saisine"),
            success_message=gettext_lazy("La saisine est retirée."),
            consequences=stop_lines,
            form=ReasonForm,
            action=lambda referral, user, data: ending.withdraw(referral, reason=data["reason"], by=user),
            danger=True,
        ),
    },
    name="consultations:step",
    fetch=desk_referral,
    back=desk_page,
    eyebrow=name_of,
    fix_url=field_page,
)
