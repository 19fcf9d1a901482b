"""Steps of a candidature in the back office, as pages, and its state in a sentence."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.dossiers import ReasonForm, StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.ui.french import format_date
from draws.actions import candidates as actions
from draws.enums import CandidateState, Examination, Ground
from draws.forms.candidates import ExcludeForm, GuardianForm, MergeForm, RejectForm, RenunciationForm
from draws.models import Candidate
from draws.queries.candidates import housemates, next_to_examine, possible_duplicates, with_authors
from draws.rules import calls as rules
from draws.rules.candidates import WITHDRAWN_RETENTION
from draws.workflows.candidates import CANDIDATE


def desk_candidate(request: UserRequest, pk: int) -> Candidate:
    """Return a candidate of the reader’s terms; another one is 404."""
    return get_object_or_404(with_authors(Candidate.objects.visible_to(request.user)), pk=pk)


def candidate_address(request: UserRequest, row: Candidate) -> str:
    return reverse("draws:candidate", args=[row.pk])


def sentence(row: Candidate) -> tuple[str, str]:
    """Return the state in a sentence, and what follows."""
    if row.renounced_on:
        noted = {"day": format_date(row.renounced_on, weekday=False), "how": row.get_renounced_through_display()}
        return _("A renoncé le %(day)s, %(how)s.") % noted, _("Aucun siège ne lui sera proposé.")
    match row.state:
        case CandidateState.UNCONFIRMED:
            return _("L’adresse électronique n’est pas confirmée."), _("Elle ne compte pas encore.")
        case CandidateState.SUBMITTED if row.verdict:
            name = row.verdict_by.get_full_name() if row.verdict_by else ""
            first_opinion = _("Premier avis : %(verdict)s, par %(name)s.") % {"verdict": opinion(row), "name": name}
            return first_opinion, _("Une autre personne de l’équipe décide.")
        case CandidateState.SUBMITTED:
            return _("À examiner par deux personnes."), _("Vous donnez le premier avis, quelqu’un d’autre décide.")
        case CandidateState.INELIGIBLE:
            return _("Irrecevable : %(ground)s.") % {"ground": row.get_ground_display()}, notification_status(row)
        case CandidateState.EXCLUDED:
            return _("Écartée sans examen, %(reason)s.") % {
                "reason": row.get_exclusion_display()
            }, notification_status(row)
        case CandidateState.DUPLICATE if row.duplicate_of:
            return _("Doublon de %(other)s.") % {"other": row.duplicate_of.reference}, notification_status(row)
        case CandidateState.ELIGIBLE:
            return _("Recevable."), notification_status(row)
    return _("Candidature %(state)s.") % {"state": row.get_state_display()}, ""


def opinion(row: Candidate) -> str:
    if row.verdict_ground:
        labels = {"verdict": Examination(row.verdict).label, "ground": Ground(row.verdict_ground).label}
        return _("%(verdict)s (%(ground)s)") % labels
    return str(Examination(row.verdict).label)


def notification_status(row: Candidate) -> str:
    if row.decision_sent_at:
        return _("La décision est envoyée depuis le %(day)s.") % {
            "day": format_date(row.decision_sent_at, weekday=False)
        }
    return _("La personne n’en est pas encore prévenue.")


def points(row: Candidate) -> list[str]:
    """Return the points to check before an opinion."""
    if row.state not in {CandidateState.UNCONFIRMED, CandidateState.SUBMITTED, CandidateState.ELIGIBLE}:
        return []
    return [" ".join(error.messages) for error in CANDIDATE.missing(row, "admit")]


def next_candidate_url(row: Candidate, user: User) -> str:
    candidate = next_to_examine(user, row)
    return reverse("draws:candidate", args=[candidate.pk]) if candidate else reverse("draws:candidates")


def opinion_runner(act: Any) -> Any:
    """Return a step function that calls `act` and returns who gave the opinion, to find their next candidature."""

    def run(row: Candidate, user: User, data: dict[str, Any]) -> User:
        act(row, by=user, **data)
        return user

    return run


def candidate_fix_url(request: UserRequest, row: Candidate, code: str) -> str:
    if code == "guardian":
        return STEPS.url(row, "autoriser")
    return reverse("draws:candidate-correct", args=[row.pk])


def opinion_lines(row: Candidate) -> list[str]:
    """Return whether this opinion is the first one, or decides or replaces another, in sentences."""
    if not row.verdict:
        return [_("C’est le premier avis. Une autre personne de l’équipe décidera.")]
    return [
        _("Premier avis : %(verdict)s.") % {"verdict": opinion(row)},
        _("Le même avis décide. Un autre avis le remplace, et quelqu’un d’autre devra encore lire."),
    ]


def exclusion_lines(row: Candidate) -> list[str]:
    mail_line = (
        _("Un courriel part à la personne, avec ce motif.")
        if row.email
        else _("La personne n’a pas donné de courriel : écrivez-lui par la poste.")
    )
    return [
        _("Elle n’entre pas dans la liste du tirage. Le procès-verbal compte les candidatures écartées, par motif."),
        mail_line,
        _("La ou le responsable peut revenir en arrière tant que la liste n’est pas figée."),
    ]


def withdrawal_lines(row: Candidate) -> list[str]:
    return [_("Ses réponses sont effacées dans %(n)s jours.") % {"n": WITHDRAWN_RETENTION.days}]


def unconfirmed_address(row: Candidate) -> list[str]:
    if row.has_confirmed_address:
        return []
    return [_("L’adresse n’est pas confirmée : un message le demande d’abord, et le reste part après la réponse.")]


def state_message(row: Candidate) -> str:
    return f"{row.reference}\u00a0: {sentence(row)[0]}"


STEPS: StepPages[Candidate] = StepPages(
    CANDIDATE,
    {
        "recevable": StepPage(
            "admit",
            title=gettext_lazy("Cette candidature est-elle recevable ?"),
            label=gettext_lazy("Recevable"),
            success_message=state_message,
            consequences=opinion_lines,
            action=opinion_runner(actions.admit),
            next_url=next_candidate_url,
        ),
        "irrecevable": StepPage(
            "reject",
            title=gettext_lazy("Pourquoi cette candidature est-elle irrecevable ?"),
            label=gettext_lazy("Irrecevable"),
            success_message=state_message,
            consequences=opinion_lines,
            form=RejectForm,
            action=opinion_runner(actions.reject),
            next_url=next_candidate_url,
        ),
        "ecarter": StepPage(
            "exclude",
            title=gettext_lazy("Pourquoi cette candidature est-elle écartée sans examen ?"),
            label=gettext_lazy("Écarter sans examen"),
            success_message=state_message,
            consequences=exclusion_lines,
            form=ExcludeForm,
            action=opinion_runner(actions.exclude),
            next_url=next_candidate_url,
            danger=True,
            fresh=True,
        ),
        "doublon": StepPage(
            "merge",
            title=gettext_lazy("Écarter ce doublon ?"),
            label=gettext_lazy("Écarter comme doublon"),
            success_message=state_message,
            consequences=lambda row: [_("L’autre candidature reste seule. La responsable peut revenir en arrière.")],
            form=MergeForm,
            action=lambda row, user, data: actions.merge(row, data["original"], by=user),
            offered=lambda user, row: possible_duplicates(row).exists(),
        ),
        "confirmer": StepPage(
            "confirm",
            title=gettext_lazy("Confirmer cette candidature ?"),
            label=gettext_lazy("Confirmer à sa place"),
            success_message=gettext_lazy("La candidature est à examiner."),
            consequences=lambda row: [_("La personne vous a dit que c’est bien elle, par téléphone par exemple.")],
            action=lambda row, user, data: actions.confirm_for(row, by=user),
        ),
        "autoriser": StepPage(
            "authorise",
            title=gettext_lazy("Noter l’autorisation d’un parent"),
            label=gettext_lazy("Noter l’autorisation parentale"),
            success_message=gettext_lazy("L’autorisation est notée."),
            form=GuardianForm,
            action=lambda row, user, data: actions.authorise(row, by=user, **data),
            offered=lambda user, row: rules.is_minor(row.birth_date, timezone.localdate()),
        ),
        "foyer": StepPage(
            "separate",
            title=gettext_lazy("Ces personnes habitent-elles deux logements distincts ?"),
            label=gettext_lazy("Noter un logement distinct"),
            success_message=gettext_lazy("C’est noté : cette personne compte pour un foyer à part."),
            consequences=lambda row: [_("Sans cela, une seule personne de cette adresse peut être tirée au sort.")],
            offered=lambda user, row: housemates(row).exists(),
        ),
        "lien": StepPage(
            "send_link",
            title=gettext_lazy("Envoyer son lien personnel à cette personne ?"),
            label=gettext_lazy("Envoyer le lien personnel"),
            success_message=gettext_lazy("Le courriel est en cours d’envoi."),
            consequences=lambda row: (
                unconfirmed_address(row) or [_("Avec ce lien elle relit, corrige ou retire sa candidature.")]
            ),
            action=lambda row, user, data: actions.send_link_again(row, by=user),
            offered=lambda user, row: bool(row.email),
        ),
        "prevenir": StepPage(
            "send_decision",
            title=gettext_lazy("Envoyer la décision à cette personne ?"),
            label=gettext_lazy("Envoyer la décision"),
            success_message=gettext_lazy("Le courriel est en cours d’envoi."),
            consequences=lambda row: [sentence(row)[0], *unconfirmed_address(row)],
            action=lambda row, user, data: actions.send_decision(row, by=user),
            offered=lambda user, row: bool(row.email),
            fresh=True,
        ),
        "retirer": StepPage(
            "withdraw",
            title=gettext_lazy("Retirer cette candidature, à la demande de la personne ?"),
            label=gettext_lazy("Retirer à sa demande"),
            success_message=gettext_lazy("La candidature est retirée."),
            consequences=withdrawal_lines,
            danger=True,
        ),
        "renoncer": StepPage(
            "renounce",
            title=gettext_lazy("Cette personne renonce-t-elle à être tirée au sort ?"),
            label=gettext_lazy("Noter qu’elle renonce"),
            success_message=gettext_lazy("C’est noté : aucun siège ne lui sera proposé."),
            consequences=lambda row: [
                _("La liste figée et les lots ne changent pas."),
                _("Si le sort la désigne, son siège va à la personne que la règle nomme ensuite."),
                _("On ne revient pas en arrière."),
            ],
            form=RenunciationForm,
            action=lambda row, user, data: actions.renounce_for(row, by=user, **data),
            danger=True,
        ),
        "rouvrir": StepPage(
            "reopen",
            title=gettext_lazy("Rouvrir l’examen de cette candidature"),
            label=gettext_lazy("Rouvrir l’examen"),
            consequences=lambda row: [
                _("La décision et les avis donnés sont levés\u00a0: deux avis sont à donner de nouveau.")
            ],
            success_message=gettext_lazy("L’examen recommence : deux avis sont à donner."),
            form=ReasonForm,
            fresh=True,
        ),
    },
    name="draws:candidate-step",
    fetch=desk_candidate,
    back=candidate_address,
    eyebrow=lambda row: f"{row.reference}, {row.full_name}",
    fix_url=candidate_fix_url,
)
