"""Steps of a referral, by origin; the README has the same tables."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.workflow import ReasonForm, Step, StepPage, Workflow
from consultations.enums import IssueChannel
from consultations.models import Referral
from consultations.referrals.forms import AgendaForm, ReceiveForm, ReviewsDueForm, SignedLetterForm
from consultations.referrals.workflow.by_origin import SELF_REFERRAL
from consultations.referrals.workflow.shared_steps import (
    ASSEMBLY,
    COUNCIL,
    OFFICE,
    TEAM,
    WORK,
    S,
    check_letter_complete,
    stateless_steps,
    stop_steps,
)

PRESIDENT: list[Step[Referral]] = [
    Step(
        "submit",
        {S.DRAFT},
        S.INTERNAL_REVIEW,
        by=TEAM,
        primary=True,
        event_type="referral.submitted",
        history_text=_("a mis la saisine à l’instruction"),
        slug="instruire",
        label=_("Mettre à l’instruction"),
        question=_("Mettre la saisine à l’instruction ?"),
        success_message=_("La saisine est à l’instruction."),
        consequences=[_("Les directions nommées et le cabinet du président pourront la lire.")],
    ),
    Step(
        "issue",
        {S.INTERNAL_REVIEW},
        S.ISSUED,
        by=OFFICE,
        primary=True,
        guards=(check_letter_complete,),
        history_text=_("a émis la saisine"),
        when_column="issued_at",
        by_column="issued_by",
        changes=lambda referral, taken: {"issue_channel": IssueChannel.VISA, "letter_on": timezone.localdate()},
        slug="emettre",
        areas=("office",),
        label=_("Émettre la saisine"),
        success_message=_("La saisine est émise."),
        form=ReviewsDueForm,
        fresh=True,
    ),
    Step(
        "return",
        {S.INTERNAL_REVIEW},
        S.DRAFT,
        by=TEAM | OFFICE,
        history_text=_("a repris la saisine en préparation"),
        needs_reason=True,
        slug="renvoyer",
        areas=("office",),
        label=_("Renvoyer"),
        question=_("Renvoyer la saisine à l’équipe ?"),
        success_message=_("La saisine est renvoyée à l’équipe, avec vos mots."),
        pages=(
            StepPage(
                slug="reprendre",
                label=_("Reprendre en préparation"),
                question=_("Reprendre la saisine en préparation ?"),
                success_message=_("La saisine est de nouveau en préparation."),
                form=ReasonForm,
            ),
        ),
    ),
    Step(
        "record_paper",
        {S.INTERNAL_REVIEW},
        S.ISSUED,
        by=TEAM,
        primary=True,
        guards=(check_letter_complete,),
        event_type="referral.paper_recorded",
        history_text=_("a enregistré la lettre de saisine signée"),
        when_column="issued_at",
        by_column="issued_by",
        changes=lambda referral, taken: {"issue_channel": IssueChannel.PAPER},
        slug="lettre-signee",
        label=_("Enregistrer la lettre"),
        question=_("Enregistrer la lettre signée par le président"),
        success_message=_("La saisine est émise."),
        form=SignedLetterForm,
        fresh=True,
    ),
    Step(
        "announce",
        {S.ISSUED},
        by=TEAM,
        slug="inscrire",
        label=_("Inscrire à l’ordre du jour"),
        question=_("Inscrire la saisine à l’ordre du jour de quelle séance ?"),
        success_message=_("Le point est à l’ordre du jour."),
        form=AgendaForm,
    ),
    Step(
        "accept",
        {S.ISSUED},
        S.ACCEPTED,
        by=TEAM,
        primary=True,
        history_text=_("a noté la réception de la saisine par l’assemblée"),
        slug="recevoir",
        label=_("Noter la réception"),
        question=_("Noter la réception par l’assemblée"),
        success_message=_("La réception est notée."),
        consequences=[_("Le procès-verbal de cette séance en garde la trace.")],
        form=ReceiveForm,
    ),
    *WORK,
    *stateless_steps({*S} - {*S.tagged("self_referral")}, S.tagged("issued", "started", "stopped")),
    *stop_steps("president"),
]


REFERRAL: Workflow[Referral] = Workflow(
    {"president": PRESIDENT, "self_referral": SELF_REFERRAL},
    choose=lambda referral: referral.origin,
    common_columns=lambda: {"changed_at": timezone.now()},
    next_steps={S.PUT_TO_VOTE: [ASSEMBLY], S.HANDED_OVER: [COUNCIL]},
    noun="referral",
)
