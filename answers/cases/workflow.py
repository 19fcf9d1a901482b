"""Steps of an answer, from the handover to the publication; the README has the same table.

Before them: who takes them, what must be true before, and the columns that they clear.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from answers.cases import forms, mails, rules
from answers.cases.forms import ArbitrationForm, ReadForm, SendBackForm
from answers.cases.queries import unpublished_answer
from answers.models import Answer, AnswerCase, AnswerCaseState as S, ArbitrationSource
from assembly.institution.rules import is_lead, is_team
from assembly.workflow import SYSTEM_ONLY, Permission, Step, StepPage, Transition, Workflow
from opinions.models import Opinion, OpinionState

TEAM: Permission[AnswerCase] = Permission(lambda user, case: is_team(user, case.opinion.term_id), _("équipe"))
LEAD: Permission[AnswerCase] = Permission(lambda user, case: is_lead(user, case.opinion.term_id), _("responsable"))
WRITERS: Permission[AnswerCase] = Permission(rules.can_write_answer, _("directions"))
AGENTS: Permission[AnswerCase] = Permission(rules.works_in_lead_directorate, _("direction pilote"))
SIGNER: Permission[AnswerCase] = Permission(rules.can_give_visa, _("valideur de la direction"))
SPONSOR: Permission[AnswerCase] = Permission(rules.is_sponsor, _("élu·e référent·e"))
PRESIDENT: Permission[AnswerCase] = Permission(rules.is_president, _("cabinet du président"))

NOT_SENT: dict[str, Any] = dict.fromkeys(
    ("submitted_at", "submitted_by", "validated_at", "validated_by", "validated_for")
)
NOT_ARBITRATED: dict[str, Any] = {"question": "", "arbitration": "", "arbitrated_on": None, "arbitrated_by": ""}


# Guards and conditions


def check_answer_written(case: AnswerCase) -> None:
    answer = unpublished_answer(case)
    errors = rules.missing_fields(answer) if answer else [ValidationError(gettext("Rien n’est écrit."), code="body")]
    if errors:
        raise ValidationError(errors)


def check_answer_untouched(case: AnswerCase) -> None:
    """Raise ValidationError if a directorate began the answer: its text must not be overwritten."""
    if Answer.objects.in_hand().filter(case=case, saved_at__isnull=False).exists():
        sentence = gettext("Une direction a commencé cette réponse : elle suit son cours.")
        raise ValidationError(sentence, code="draft")


def is_handed_over(case: AnswerCase) -> bool:
    """Return whether the handover stands: nothing is owed for one that was taken back.

    It is read from the database, after the share lock of the opinion.
    """
    return Opinion.objects.filter(pk=case.opinion.pk, state__in=OpinionState.tagged("handed")).exists()


def check_opinion_published(case: AnswerCase) -> None:
    """Raise ValidationError while the opinion is not published: the answer is shown next to it."""
    if case.opinion.published_at is None:
        raise ValidationError(gettext("Publiez d’abord l’avis auquel cette réponse répond."), code="opinion")


def check_answer_not_reminded_today(case: AnswerCase) -> None:
    if case.reminded_at and timezone.localdate(case.reminded_at) == timezone.localdate():
        raise ValidationError(gettext("Cette réponse a déjà été relancée aujourd’hui."), code="reminded")


def is_unanswered(case: AnswerCase) -> bool:
    return case.answered_on is None


def is_revised(case: AnswerCase) -> bool:
    return case.is_revised


# Columns that are written together with the state


def unsent_columns(case: AnswerCase, taken: Transition) -> dict[str, Any]:
    return NOT_SENT


def assigned_columns(case: AnswerCase, taken: Transition) -> dict[str, Any]:
    return NOT_SENT | NOT_ARBITRATED | {"assigned_at": timezone.now(), "assigned_by": taken.by, "reason": taken.reason}


def unassigned_columns(case: AnswerCase, taken: Transition) -> dict[str, Any]:
    nobody = dict.fromkeys(("directorate", "inherited_from", "assigned_at", "assigned_by"))
    return NOT_SENT | NOT_ARBITRATED | nobody | {"cancelled_at": None}


ANSWER: Workflow[AnswerCase] = Workflow(
    [
        Step(
            "assign",
            {S.AWAITING},
            S.ASSIGNED,
            by=TEAM,
            primary=True,
            history_text=_("a confié une réponse à une direction"),
            changes=assigned_columns,
            slug="confier",
            label=_("Confier à une direction"),
            question=_("À quelle direction confier cette réponse ?"),
            success_message=_("La réponse est confiée. Les directions sont prévenues."),
            consequences=[_("Les agents des directions choisies reçoivent un courriel, une fois par avis.")],
            form=forms.AssignAnswerForm,
        ),
        Step(
            "publish",
            {S.DECIDED},
            S.PUBLISHED,
            by=LEAD,
            primary=True,
            guards=(check_opinion_published,),
            history_text=_("a publié une réponse"),
            slug="publier",
            label=_("Publier la réponse"),
            question=_("Publier cette réponse ?"),
            success_message=_("La réponse est publiée."),
            consequences=[_("Tout le monde pourra la lire, sans compte, à côté de l’avis. Elle ne change plus.")],
            template="answers/cases/desk_question.html",
            fresh=True,
        ),
        Step("draft", {S.ASSIGNED}, by=WRITERS),
        Step(
            "submit",
            {S.ASSIGNED},
            S.SUBMITTED,
            by=AGENTS,
            primary=True,
            guards=(check_answer_written,),
            event_type="answer.submitted",
            history_text=_("a envoyé une réponse au visa"),
            changes=lambda case, taken: {"submitted_at": timezone.now(), "submitted_by": taken.by, "reason": ""},
            slug="envoyer",
            areas=("directorate",),
            label=_("Envoyer au visa"),
            question=_("Envoyer cette réponse au visa ?"),
            success_message=_("La réponse est envoyée au visa. Vous serez prévenu si elle est à reprendre."),
            form=ReadForm,
            template="answers/cases/directorate_step.html",
        ),
        Step(
            "validate",
            {S.SUBMITTED},
            S.VALIDATED,
            by=SIGNER,
            primary=True,
            history_text=_("a visé une réponse"),
            changes=lambda case, taken: {"validated_at": timezone.now(), "validated_by": taken.by},
            slug="viser",
            areas=("directorate",),
            label=_("Donner mon visa"),
            question=_("Viser cette réponse ?"),
            success_message=_("Votre visa est donné."),
            form=ReadForm,
            template="answers/cases/directorate_step.html",
            fresh=True,
        ),
        Step(
            "return",
            {S.SUBMITTED},
            S.ASSIGNED,
            by=SIGNER,
            history_text=_("a renvoyé une réponse à reprendre"),
            reason_column="reason",
            changes=unsent_columns,
            slug="a-reprendre",
            areas=("directorate",),
            label=_("Renvoyer à reprendre"),
            question=_("Renvoyer cette réponse à reprendre"),
            success_message=_("La réponse est renvoyée, avec votre demande."),
            form=SendBackForm,
            template="answers/cases/directorate_question.html",
        ),
        Step(
            "record_decision",
            {S.VALIDATED},
            S.DECIDED,
            by=LEAD,
            primary=True,
            event_type="answer.decision_recorded",
            history_text=_("a noté la délibération qui décide une réponse"),
            slug="deliberation",
            label=_("Noter la délibération"),
            question=_("Quelle délibération décide cette réponse ?"),
            success_message=_("La délibération est notée : il reste à publier la réponse."),
            consequences=[_("Le cabinet du président peut aussi décider en ligne.")],
            form=forms.OneDecisionForm,
            template="answers/cases/desk_question.html",
            fresh=True,
        ),
        Step(
            "arbitrate",
            {S.ARBITRATION},
            S.VALIDATED,
            by=SPONSOR,
            primary=True,
            history_text=_("a arbitré une réponse"),
            reason_column="arbitration",
            changes=lambda case, taken: {
                "arbitrated_on": timezone.localdate(),
                "arbitrated_by": ArbitrationSource.SPONSOR,
            },
            slug="arbitrer",
            areas=("directorate",),
            label=_("Arbitrer"),
            question=_("Que décidez-vous ?"),
            success_message=_("Votre arbitrage est noté. La réponse attend la décision du Conseil départemental."),
            form=ArbitrationForm,
            template="answers/cases/directorate_question.html",
        ),
        Step(
            "refer",
            {S.VALIDATED},
            S.ARBITRATION,
            by=TEAM,
            event_type="answer.referred",
            history_text=_("a demandé un arbitrage"),
            needs_reason=True,
            changes=lambda case, taken: NOT_ARBITRATED | {"question": taken.reason},
            then=mails.notify_sponsors,
            slug="demander-arbitrage",
            label=_("Demander un arbitrage"),
            question=_("Que faut-il arbitrer ?"),
            success_message=_("L’arbitrage est demandé."),
            form=forms.ReferForm,
            template="answers/cases/desk_question.html",
        ),
        Step(
            "record_arbitration",
            {S.ARBITRATION},
            S.VALIDATED,
            by=TEAM,
            primary=True,
            event_type="answer.arbitration_recorded",
            history_text=_("a noté l’arbitrage du comité de pilotage"),
            reason_column="arbitration",
            changes=lambda case, taken: {"arbitrated_by": ArbitrationSource.STEERING},
            slug="arbitrage-copil",
            label=_("Noter l’arbitrage du comité"),
            question=_("Qu’a arbitré le comité de pilotage ?"),
            success_message=_("L’arbitrage est noté : la réponse attend sa décision."),
            form=forms.CommitteeArbitrationForm,
        ),
        Step(
            "remind",
            {S.ASSIGNED, S.SUBMITTED},
            by=TEAM,
            guards=(check_answer_not_reminded_today,),
            history_text=_("a relancé une direction"),
            changes=lambda case, taken: {"reminded_at": timezone.now()},
            slug="relancer",
            label=_("Relancer"),
            question=_("Relancer la direction ?"),
            success_message=_("La direction est relancée."),
        ),
        Step(
            "send_back",
            {S.VALIDATED, S.ARBITRATION},
            S.ASSIGNED,
            by=SPONSOR | TEAM,
            event_type="answer.sent_back",
            history_text=_("a renvoyé une réponse à la direction"),
            reason_column="reason",
            changes=unsent_columns,
            slug="renvoyer",
            label=_("Renvoyer à la direction"),
            question=_("Renvoyer cette réponse à la direction ?"),
            success_message=_("La réponse est renvoyée à la direction, avec votre demande."),
            consequences=[_("Son visa est levé : elle écrit de nouveau, et vise de nouveau.")],
            pages=(
                StepPage(
                    slug="renvoyer",
                    areas=("directorate",),
                    label=_("Renvoyer à la direction"),
                    question=_("Renvoyer cette réponse à la direction"),
                    success_message=_("La réponse est renvoyée à la direction, avec votre demande."),
                    form=SendBackForm,
                    template="answers/cases/directorate_question.html",
                ),
            ),
        ),
        Step(
            "decide",
            {S.VALIDATED},
            S.DECIDED,
            by=PRESIDENT,
            primary=True,
            history_text=_("a décidé une réponse"),
            slug="decider",
            areas=("directorate",),
            label=_("Décider"),
            question=_("Décider cette réponse ?"),
            success_message=_("La réponse est décidée. La mission la publie."),
            consequences=[_("Vous engagez le Conseil départemental, à votre nom et à l’heure du visa.")],
            form=ReadForm,
            template="answers/cases/directorate_step.html",
            fresh=True,
        ),
        Step(
            "reassign",
            S.tagged("undecided"),
            S.ASSIGNED,
            by=TEAM,
            history_text=_("a confié une réponse à d’autres directions"),
            needs_reason=True,
            changes=assigned_columns,
            slug="reconfier",
            label=_("Changer de direction"),
            question=_("Qui répond désormais ?"),
            success_message=_("Les directions sont changées."),
            consequences=[_("Le texte déjà écrit reste. Un visa donné est levé.")],
            form=forms.ReassignForm,
        ),
        Step(
            "change_due",
            S.tagged("owed"),
            by=TEAM,
            when=is_unanswered,
            event_type="answer.due_changed",
            history_text=_("a changé la date d’une réponse"),
            reason_column="due_reason",
            slug="date",
            label=_("Changer la date"),
            question=_("Quand la réponse est-elle attendue ?"),
            success_message=_("La date est changée."),
            consequences=[_("La nouvelle date et son motif restent à l’historique. Personne ne reçoit de courriel.")],
            form=forms.DueForm,
        ),
        Step(
            "reopen",
            {S.DECIDED},
            S.ASSIGNED,
            by=LEAD,
            history_text=_("a rouvert une réponse décidée"),
            reason_column="reason",
            changes=unsent_columns,
            slug="rouvrir",
            label=_("Rouvrir la réponse"),
            question=_("Rouvrir cette réponse décidée ?"),
            success_message=_("La réponse est rouverte : la direction écrit de nouveau."),
            consequences=[_("Le visa et la décision sont levés.")],
            danger=True,
        ),
        Step(
            "record_past",
            {S.AWAITING, S.ASSIGNED},
            S.PUBLISHED,
            by=LEAD,
            when=is_unanswered,
            guards=(check_opinion_published, check_answer_untouched),
            event_type="answer.past_recorded",
            history_text=_("a enregistré une réponse déjà donnée"),
            slug="reponse-passee",
            label=_("Enregistrer une réponse déjà donnée"),
            question=_("Quelle réponse le Conseil départemental a-t-il déjà donnée ?"),
            success_message=_("La réponse est enregistrée et publiée."),
            consequences=[
                _("Pour une réponse donnée sur papier. Elle est publiée tout de suite, à sa date, et ne change plus.")
            ],
            form=forms.PastForm,
            template="answers/cases/desk_past.html",
            fresh=True,
        ),
        Step(
            "revise",
            {S.PUBLISHED},
            S.ASSIGNED,
            by=LEAD,
            history_text=_("a ouvert la révision d’une réponse"),
            needs_reason=True,
            changes=assigned_columns,
            slug="reviser",
            label=_("Réviser la réponse"),
            question=_("Réviser cette réponse publiée ?"),
            success_message=_("La révision est ouverte : la direction est prévenue."),
            consequences=[_("La réponse publiée reste lisible, et le restera quand la nouvelle sera publiée.")],
            form=forms.ReviseForm,
        ),
        Step(
            "give_up",
            S.tagged("under_way"),
            S.PUBLISHED,
            by=LEAD,
            when=is_revised,
            event_type="answer.revision_given_up",
            history_text=_("a abandonné la révision d’une réponse"),
            needs_reason=True,
            changes=lambda case, taken: NOT_SENT | NOT_ARBITRATED | {"reason": ""},
            slug="abandonner-revision",
            label=_("Abandonner la révision"),
            success_message=_("La révision est abandonnée : la réponse publiée reste."),
            consequences=[_("Ce que la direction a écrit reste au dossier, et n’est pas publié.")],
            danger=True,
        ),
        Step(
            "cancel",
            S.tagged("owed"),
            S.CANCELLED,
            by=LEAD,
            when=is_unanswered,
            event_type="answer.cancelled",
            history_text=_("a annulé une réponse attendue"),
            reason_column="reason",
            changes=lambda case, taken: {"cancelled_at": timezone.now()},
            slug="annuler",
            label=_("Annuler la réponse attendue"),
            question=_("Ne plus attendre cette réponse ?"),
            success_message=_("La réponse n’est plus attendue."),
            consequences=[_("Pour une préconisation qui n’appelle pas de réponse. Le motif reste à l’historique.")],
            danger=True,
        ),
        Step(
            "restore",
            {S.CANCELLED},
            S.AWAITING,
            by=LEAD,
            when=is_handed_over,
            history_text=_("a rétabli une réponse attendue"),
            changes=unassigned_columns,
            slug="retablir",
            label=_("Rétablir la réponse attendue"),
            question=_("Attendre de nouveau cette réponse ?"),
            success_message=_("La réponse est de nouveau attendue : confiez-la à une direction."),
            consequences=[_("Elle compte de nouveau parmi les réponses attendues, à sa date.")],
        ),
        # The day of the handover was corrected; a cancelled case follows too, as it may be restored.
        Step("redate", set(S), by=SYSTEM_ONLY, history_text=_("a suivi la date corrigée de la remise")),
        # Its lead directorate was closed: the successor answers, or nobody until the team assigns the case.
        Step(
            "inherit",
            S.tagged("under_way"),
            by=SYSTEM_ONLY,
            history_text=_("a clos la direction chargée d’une réponse, qui passe à celle qui lui succède"),
        ),
        Step(
            "release",
            {S.ASSIGNED, S.SUBMITTED},
            S.AWAITING,
            by=SYSTEM_ONLY,
            history_text=_("a clos la direction chargée d’une réponse : elle attend d’être confiée"),
            changes=unassigned_columns,
        ),
    ],
    parent=lambda case: Opinion.objects.filter(pk=case.opinion.pk),
    dossier=lambda case: case.opinion,
    facts=lambda case: {"reference": case.reference},
    next_steps={S.VALIDATED: ["decide", "record_decision"]},  # the president first, in the sentence that names them
    noun="answer",
)
