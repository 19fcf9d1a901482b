"""Steps of a self-referral in the back office, as pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.documents.actions.uploads import accept_upload as keep_file
from assembly.dossiers import ReasonForm, StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_team
from consultations.actions import self_referral_vote
from consultations.actions import self_referrals as actions
from consultations.forms import self_referrals as forms
from consultations.forms.referrals import AgendaForm
from consultations.models import Referral
from consultations.views.steps import desk_referral, has_coming_plenary, name_of
from consultations.workflows.referrals import REFERRAL


def team_self_referral(request: UserRequest, pk: int) -> Referral:
    """Return a self-referral for the team; the facilitator has the other tabs only."""
    referral = desk_referral(request, pk)
    if not referral.is_self_referral:
        raise Http404
    if not is_team(request.user, referral.term_id):
        raise PermissionDenied
    return referral


def self_referral_page(request: UserRequest, referral: Referral) -> str:
    return reverse("consultations:suggestion", args=[referral.pk])


def vote_lines(referral: Referral) -> list[str]:
    question = self_referral_vote.question(referral)
    return [
        _("La séance reçoit un point de l’ordre du jour et un vote prêt : %(question)s") % {"question": question},
        _("Le résultat proclamé s’inscrira ici tout seul."),
    ]


def shortlist_lines(referral: Referral) -> list[str]:
    supporters = referral.supports.count()
    line = ngettext("%(n)s membre le soutient.", "%(n)s membres le soutiennent.", supporters) % {"n": supporters}
    return [line, _("Il reçoit sa référence, et les soutiens s’arrêtent. Son auteur est prévenu.")]


def record_view(referral: Referral, user: User, data: dict[str, Any]) -> None:
    file = data.pop("file", None)
    actions.record_view(referral, upload=keep_file(file, by=user) if file else None, by=user, **data)


SELF_REFERRAL_STEPS = StepPages(
    REFERRAL,
    {
        "preselectionner": StepPage(
            "shortlist",
            title=gettext_lazy("Présélectionner ce sujet ?"),
            label=gettext_lazy("Présélectionner"),
            success_message=gettext_lazy("Le sujet est présélectionné."),
            consequences=shortlist_lines,
            action=lambda referral, user, data: actions.shortlist(referral, by=user),
        ),
        "ne-plus-preselectionner": StepPage(
            "unlist",
            title=gettext_lazy("Remettre ce sujet parmi les propositions ?"),
            label=gettext_lazy("Remettre parmi les propositions"),
            success_message=gettext_lazy("Le sujet est de nouveau proposé : les membres peuvent le soutenir."),
            form=ReasonForm,
            action=lambda referral, user, data: actions.unlist(referral, reason=data["reason"], by=user),
        ),
        "recevabilite": StepPage(
            "check",
            title=gettext_lazy("Qui dit si ce sujet est recevable ?"),
            label=gettext_lazy("Interroger les directions"),
            success_message=gettext_lazy("Les directions sont interrogées."),
            consequences=lambda referral: [
                _("Deux questions : est-ce du ressort du Département ? personne n’est-il discriminé ?")
            ],
            form=forms.CheckForm,
            action=lambda referral, user, data: actions.open_check(
                referral, data.pop("directorates"), by=user, **data
            ),
        ),
        "decision": StepPage(
            "declare_inadmissible",
            title=gettext_lazy("Ce sujet est-il recevable ?"),
            label=gettext_lazy("Enregistrer la décision"),
            success_message=gettext_lazy(
                "La décision est enregistrée. La personne qui a proposé le sujet est prévenue."
            ),
            consequences=lambda referral: [
                _("Il est recevable si le Département peut agir, et si le sujet ne discrimine personne.")
            ],
            form=forms.AdmissibilityForm,
            action=lambda referral, user, data: actions.decide(referral, by=user, **data),
        ),
        "rouvrir-recevabilite": StepPage(
            "check_again",
            title=gettext_lazy("Étudier de nouveau la recevabilité ?"),
            label=gettext_lazy("Rouvrir l’étude"),
            success_message=gettext_lazy("La recevabilité est de nouveau à l’étude."),
            form=ReasonForm,
        ),
        "avis-du-conseil": StepPage(
            "record_view",
            title=gettext_lazy("Enregistrer la position du président"),
            label=gettext_lazy("Enregistrer la position"),
            success_message=gettext_lazy("La position du président est enregistrée : l’assemblée peut voter."),
            consequences=lambda referral: [_("Le cabinet du président peut aussi le donner en ligne.")],
            form=forms.CouncilViewForm,
            action=record_view,
        ),
        "mettre-aux-voix": StepPage(
            "put_to_vote",
            title=gettext_lazy("Mettre ce sujet aux voix à quelle séance ?"),
            label=gettext_lazy("Mettre aux voix"),
            success_message=gettext_lazy("Le sujet est à l’ordre du jour, le vote est prêt."),
            consequences=vote_lines,
            form=AgendaForm,
            action=lambda referral, user, data: self_referral_vote.put_to_vote(referral, data["sitting"], by=user),
            offered=has_coming_plenary,
        ),
        "retirer-du-vote": StepPage(
            "take_off_agenda",
            title=gettext_lazy("Retirer ce sujet de l’ordre du jour ?"),
            label=gettext_lazy("Retirer de l’ordre du jour"),
            success_message=gettext_lazy("Le sujet n’est plus à l’ordre du jour. La position du président reste."),
            form=ReasonForm,
            action=lambda referral, user, data: self_referral_vote.take_off(referral, reason=data["reason"], by=user),
        ),
    },
    name="consultations:self-referral-step",
    fetch=team_self_referral,
    back=self_referral_page,
    eyebrow=name_of,
)
