"""The steps of a self-referral as pages, in the bureau and in the president's office: a question, then one action."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.identity.models import User
from consultations.actions import self_referral_vote
from consultations.actions import self_referrals as actions
from consultations.forms import self_referrals as forms
from consultations.forms.referrals import AgendaForm, ReasonForm
from consultations.models import Referral
from consultations.queries.committees import coming_plenaries
from consultations.rules import self_referrals as rules
from consultations.views.step_table import ReferralStep, verb


def can_vote_somewhere(user: User, found: Referral) -> bool:
    return rules.can_put_to_vote(user, found) and coming_plenaries(found).exists()


def vote_lines(found: Referral) -> list[str]:
    question = self_referral_vote.question(found)
    return [
        _("La séance reçoit un point de l’ordre du jour et un vote prêt : %(question)s") % {"question": question},
        _("Le résultat proclamé s’inscrira ici tout seul."),
    ]


def shortlist_lines(found: Referral) -> list[str]:
    dots = found.supports.count()
    told = ngettext("%(n)s membre le soutient.", "%(n)s membres le soutiennent.", dots) % {"n": dots}
    return [told, _("Il reçoit sa référence, et les soutiens s’arrêtent. Son auteur est prévenu.")]


def record_view(found: Referral, by: User, data: dict[str, Any]) -> None:
    file = data.pop("file", None)
    actions.record_view(found, upload=keep_file(file, by=by) if file else None, by=by, **data)


OWN_STEPS: dict[str, ReferralStep] = {
    "preselectionner": ReferralStep(
        verb("shortlist"),
        gettext_lazy("Présélectionner ce sujet ?"),
        gettext_lazy("Présélectionner"),
        lambda found, by, data: actions.shortlist(found, by=by),
        gettext_lazy("Le sujet est présélectionné."),
        lines=shortlist_lines,
    ),
    "ne-plus-preselectionner": ReferralStep(
        verb("unlist"),
        gettext_lazy("Remettre ce sujet parmi les propositions ?"),
        gettext_lazy("Remettre parmi les propositions"),
        lambda found, by, data: actions.unlist(found, reason=data["reason"], by=by),
        gettext_lazy("Le sujet est de nouveau proposé : les membres peuvent le soutenir."),
        form=ReasonForm,
    ),
    "recevabilite": ReferralStep(
        verb("check"),
        gettext_lazy("Qui dit si ce sujet est recevable ?"),
        gettext_lazy("Interroger les directions"),
        lambda found, by, data: actions.open_check(found, data.pop("directorates"), by=by, **data),
        gettext_lazy("Les directions sont interrogées."),
        lines=lambda found: [_("Deux questions : est-ce du ressort du Département ? personne n’est-il discriminé ?")],
        form=forms.CheckForm,
    ),
    "decision": ReferralStep(
        rules.can_decide,
        gettext_lazy("Ce sujet est-il recevable ?"),
        gettext_lazy("Enregistrer la décision"),
        lambda found, by, data: actions.decide(found, by=by, **data),
        gettext_lazy("La décision est enregistrée. La personne qui a proposé le sujet est prévenue."),
        lines=lambda found: [
            _("Il est recevable si le Département peut agir, et si le sujet ne discrimine personne.")
        ],
        form=forms.AdmissibilityForm,
    ),
    "rouvrir-recevabilite": ReferralStep(
        verb("check_again"),
        gettext_lazy("Étudier de nouveau la recevabilité ?"),
        gettext_lazy("Rouvrir l’étude"),
        lambda found, by, data: actions.check_again(found, reason=data["reason"], by=by),
        gettext_lazy("La recevabilité est de nouveau à l’étude."),
        form=ReasonForm,
    ),
    "avis-du-conseil": ReferralStep(
        rules.can_record_view,
        gettext_lazy("Enregistrer l’avis du Conseil départemental"),
        gettext_lazy("Enregistrer l’avis"),
        record_view,
        gettext_lazy("L’avis du Conseil est enregistré : l’assemblée peut voter."),
        lines=lambda found: [_("Le cabinet du président peut aussi le donner en ligne.")],
        form=forms.CouncilViewForm,
    ),
    "mettre-aux-voix": ReferralStep(
        can_vote_somewhere,
        gettext_lazy("Mettre ce sujet aux voix à quelle séance ?"),
        gettext_lazy("Mettre aux voix"),
        lambda found, by, data: self_referral_vote.put_to_vote(found, data["sitting"], by=by),
        gettext_lazy("Le sujet est à l’ordre du jour, le vote est prêt."),
        lines=vote_lines,
        form=AgendaForm,
    ),
    "retirer-du-vote": ReferralStep(
        verb("take_off_agenda"),
        gettext_lazy("Retirer ce sujet de l’ordre du jour ?"),
        gettext_lazy("Retirer de l’ordre du jour"),
        lambda found, by, data: self_referral_vote.take_off(found, reason=data["reason"], by=by),
        gettext_lazy("Le sujet n’est plus à l’ordre du jour. L’avis du Conseil reste."),
        form=ReasonForm,
    ),
}

OWN_OFFICE_STEPS: dict[str, ReferralStep] = {
    "avis-du-conseil": ReferralStep(
        rules.can_give_view,
        gettext_lazy("Quel est l’avis du Conseil départemental sur ce sujet ?"),
        gettext_lazy("Donner l’avis du Conseil"),
        lambda found, by, data: actions.give_view(found, by=by, **data),
        gettext_lazy("L’avis du Conseil est donné."),
        lines=lambda found: [
            _("Vous engagez le Conseil départemental, à votre nom et à l’heure du visa."),
            _("L’assemblée ne vote qu’après cet avis ; elle reste libre de son vote."),
        ],
        form=forms.StanceForm,
        fresh=True,
    ),
}
