"""Each step of a referral as a page: a question with its numbers, sometimes a form, then one action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.identity.models import User
from consultations.actions import ending, issuing
from consultations.actions import referrals as actions
from consultations.forms import referrals as forms
from consultations.models import Referral
from consultations.queries.committees import coming_plenaries, receiving_items
from consultations.queries.referrals import named_directorates
from consultations.rules import referrals as rules
from consultations.rules.referral_next import listed
from consultations.views.step import Step, others


@dataclass(frozen=True)
class ReferralStep(Step[Referral]):
    """`needs_all` asks for every field that the letter must have by then."""

    needs_all: bool = False


def verb(name: str) -> Callable[[User, Referral], bool]:
    return lambda user, found: rules.can_take(user, found, name)


def can_receive(user: User, found: Referral) -> bool:
    return rules.can_take(user, found, "accept") and receiving_items(found).exists()


def can_announce(user: User, found: Referral) -> bool:
    return rules.can_take(user, found, "accept") and coming_plenaries(found).exists()


def asked_lines(found: Referral) -> list[str]:
    """How many directorates are asked."""
    named = named_directorates(found)
    words = ngettext(
        "%(n)s direction sera consultée : %(who)s.", "%(n)s directions seront consultées : %(who)s.", len(named)
    )
    return [words % {"n": len(named), "who": listed([row.directorate.name for row in named])}] if named else []


def visa_lines(found: Referral) -> list[str]:
    return [
        _("Vous engagez le président sur la question et sur la date de l’avis."),
        *asked_lines(found),
        _("La lettre est scellée, à votre nom et à l’heure du visa : son texte ne changera plus."),
    ]


def stop_lines(found: Referral) -> list[str]:
    """What stops with it, before anybody says yes."""
    stops = ending.preview(found)
    lines = []
    if stops.reviews:
        words = ngettext(
            "%(n)s demande d’avis sera close, la direction est prévenue : %(who)s.",
            "%(n)s demandes d’avis seront closes, les directions sont prévenues : %(who)s.",
            len(stops.reviews),
        )
        lines.append(words % {"n": len(stops.reviews), "who": listed(stops.reviews)})
    if stops.committees:
        words = ngettext("%(n)s groupe n’y travaille plus.", "%(n)s groupes n’y travaillent plus.", stops.committees)
        lines.append(words % {"n": stops.committees})
    if stops.hearings:
        words = ngettext("%(n)s audition reste prévue.", "%(n)s auditions restent prévues.", stops.hearings)
        lines.append(words % {"n": stops.hearings} + " " + _("Prévenez les personnes invitées."))
    return [*lines, _("Sa page et son historique restent.")]


def record_paper(found: Referral, by: User, data: dict[str, Any]) -> None:
    issuing.record_paper(
        found,
        upload=keep_file(data["file"], by=by),
        letter_on=data["letter_on"],
        reviews_due_on=data["reviews_due_on"],
        by=by,
    )


STEPS: dict[str, ReferralStep] = {
    "instruire": ReferralStep(
        verb("submit"),
        gettext_lazy("Mettre la saisine à l’instruction ?"),
        gettext_lazy("Mettre à l’instruction"),
        lambda found, by, data: actions.submit(found, by=by),
        gettext_lazy("La saisine est à l’instruction."),
        lines=lambda found: [_("Les directions nommées et le cabinet du président pourront la lire.")],
    ),
    "reprendre": ReferralStep(
        verb("return"),
        gettext_lazy("Reprendre la saisine en préparation ?"),
        gettext_lazy("Reprendre en préparation"),
        lambda found, by, data: actions.give_back(found, reason=data["reason"], by=by),
        gettext_lazy("La saisine est de nouveau en préparation."),
        form=forms.ReasonForm,
    ),
    "lettre-signee": ReferralStep(
        rules.can_record_paper,
        gettext_lazy("Enregistrer la lettre signée par le président"),
        gettext_lazy("Enregistrer la lettre"),
        record_paper,
        gettext_lazy("La saisine est émise."),
        lines=asked_lines,
        form=forms.SignedLetterForm,
        needs_all=True,
        fresh=True,
    ),
    "inscrire": ReferralStep(
        can_announce,
        gettext_lazy("Inscrire la saisine à l’ordre du jour de quelle séance ?"),
        gettext_lazy("Inscrire à l’ordre du jour"),
        lambda found, by, data: issuing.put_on_agenda(found, data["sitting"], by=by),
        gettext_lazy("Le point est à l’ordre du jour."),
        form=forms.AgendaForm,
    ),
    "recevoir": ReferralStep(
        can_receive,
        gettext_lazy("Noter la réception par l’assemblée"),
        gettext_lazy("Noter la réception"),
        lambda found, by, data: issuing.accept(found, data["item"], by=by),
        gettext_lazy("La réception est notée."),
        lines=lambda found: [_("Le procès-verbal de cette séance en garde la trace.")],
        form=forms.ReceiveForm,
    ),
    "demarrer": ReferralStep(
        verb("start"),
        gettext_lazy("Ouvrir les travaux ?"),
        gettext_lazy("Ouvrir les travaux"),
        lambda found, by, data: actions.start(found, by=by),
        gettext_lazy("Les travaux sont ouverts."),
    ),
    "avis-adopte": ReferralStep(
        verb("adopt_opinion"),
        gettext_lazy("L’assemblée a-t-elle adopté son avis ?"),
        gettext_lazy("Noter l’adoption de l’avis"),
        lambda found, by, data: actions.adopt_opinion(found, by=by),
        gettext_lazy("L’adoption de l’avis est notée."),
    ),
    "remettre": ReferralStep(
        verb("hand_over"),
        gettext_lazy("L’avis a-t-il été remis au président ?"),
        gettext_lazy("Noter la remise"),
        lambda found, by, data: actions.hand_over(found, by=by),
        gettext_lazy("La remise est notée."),
    ),
    "reponse": ReferralStep(
        verb("answer"),
        gettext_lazy("Le Conseil départemental a-t-il répondu ?"),
        gettext_lazy("Noter la réponse"),
        lambda found, by, data: actions.answer(found, by=by),
        gettext_lazy("La réponse est notée."),
    ),
    "clore": ReferralStep(
        verb("close"),
        gettext_lazy("Clore la saisine ?"),
        gettext_lazy("Clore"),
        lambda found, by, data: actions.close(found, reason=data["reason"], by=by),
        gettext_lazy("La saisine est close."),
        form=forms.ReasonForm,
    ),
    "rouvrir": ReferralStep(
        verb("reopen"),
        gettext_lazy("Rouvrir la saisine ?"),
        gettext_lazy("Rouvrir"),
        lambda found, by, data: actions.reopen(found, reason=data["reason"], by=by),
        gettext_lazy("La saisine est rouverte."),
        form=forms.ReasonForm,
    ),
    "publier": ReferralStep(
        rules.can_publish,
        gettext_lazy("Publier la saisine ?"),
        gettext_lazy("Publier"),
        lambda found, by, data: actions.publish(found, by=by),
        gettext_lazy("La saisine est sur le site public."),
        lines=lambda found: [
            _("Tout le monde pourra lire la question, le cadre, le calendrier et les étapes, sans compte."),
            _("Les avis des directions et le fil ne sont jamais publiés."),
        ],
        fresh=True,
    ),
    "depublier": ReferralStep(
        rules.can_unpublish,
        gettext_lazy("Retirer la saisine du site public ?"),
        gettext_lazy("Retirer du site"),
        lambda found, by, data: actions.unpublish(found, reason=data["reason"], by=by),
        gettext_lazy("La saisine n’est plus sur le site public."),
        form=forms.ReasonForm,
        fresh=True,
    ),
    "passer": ReferralStep(
        rules.can_hand_over,
        gettext_lazy("Qui suit cette saisine ?"),
        gettext_lazy("Passer le suivi"),
        lambda found, by, data: actions.pass_to(found, data["officer"], by=by),
        gettext_lazy("Le suivi est passé."),
        form=forms.PassForm,
    ),
    "fusionner": ReferralStep(
        verb("merge"),
        gettext_lazy("Fusionner cette saisine avec une autre ?"),
        gettext_lazy("Fusionner avec une autre"),
        lambda found, by, data: ending.merge(found, data["target"], reason=data["reason"], by=by),
        gettext_lazy("La saisine est fusionnée."),
        lines=stop_lines,
        form=forms.MergeForm,
        danger=True,
    ),
    "retirer": ReferralStep(
        verb("withdraw"),
        gettext_lazy("Retirer la saisine ?"),
        gettext_lazy("Retirer la saisine"),
        lambda found, by, data: ending.withdraw(found, reason=data["reason"], by=by),
        gettext_lazy("La saisine est retirée."),
        lines=stop_lines,
        form=forms.ReasonForm,
        danger=True,
    ),
}

OFFICE_STEPS: dict[str, ReferralStep] = {
    "emettre": ReferralStep(
        verb("issue"),
        gettext_lazy("Émettre la saisine ?"),
        gettext_lazy("Émettre la saisine"),
        lambda found, by, data: issuing.issue(found, reviews_due_on=data["reviews_due_on"], by=by),
        gettext_lazy("La saisine est émise."),
        lines=visa_lines,
        form=forms.ReviewsDueForm,
        fresh=True,
        needs_all=True,
    ),
    "renvoyer": ReferralStep(
        verb("return"),
        gettext_lazy("Renvoyer la saisine à l’équipe ?"),
        gettext_lazy("Renvoyer"),
        lambda found, by, data: actions.give_back(found, reason=data["reason"], by=by),
        gettext_lazy("La saisine est renvoyée à l’équipe, avec vos mots."),
        form=forms.ReasonForm,
    ),
}


def verbs(user: User, found: Referral, primary: str) -> list[tuple[str, Any]]:
    """Steps that this reader may take besides the one on the big button: addresses and words."""
    return others(STEPS, "consultations:step", user, found, primary)
