"""State tables of minutes and of corrections, which the README has too; guard of the archives of a term."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext

from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.institution.workflow import TERM
from assembly.workflow import Permission, Step, Workflow
from sessions.minutes.forms import ApprovalForm, ApprovalSittingForm, PaperVisaForm, RectificationForm
from sessions.minutes.models import (
    CorrectionState,
    MinutesKind,
    MinutesState as M,
    MinutesVisaCapacity,
    MinutesVisaCapacity as Capacity,
)
from sessions.minutes.queries.facts import current_visas
from sessions.minutes.queries.minutes import visas_to_give
from sessions.minutes.rules import takes_changes
from sessions.minutes.workflow.steps import (
    ARCHIVE,
    CHAIR,
    CIRCULATE,
    DELIVERY,
    LEAD,
    PUBLISH,
    REOPEN,
    RETURN,
    SEAL,
    SEALED_AT,
    SECRETARY,
    SEND_ANSWERS,
    SETTINGS,
    SIGN,
    TEAM,
    check_approving_sitting_open,
    check_corrections_answered,
    check_deadline_passed,
    check_functions,
    check_outdated_visas,
    check_sitting_closed,
    record_minuted,
)
from sessions.models import Correction, Minutes, SittingKind

VISA_STEPS = {MinutesVisaCapacity.CHAIR: "chair_visa", MinutesVisaCapacity.SECRETARY: "secretary_visa"}

FORMAL: tuple[Step[Minutes], ...] = (
    *SETTINGS,
    Step(
        "submit",
        {M.DRAFT},
        M.INTERNAL_CHECK,
        TEAM,
        primary=True,
        event_type="minutes.submitted",
        history_text=_("a fait contrôler le compte rendu"),
        guards=(check_sitting_closed, check_functions),
        slug="relire",
        label=_("Faire contrôler"),
        question=_("Faire contrôler le procès-verbal ?"),
        success_message=_("Le procès-verbal est en contrôle interne."),
        consequences=[_("Un·e collègue le contrôle, puis le fait relire ou le rend à la rédaction.")],
    ),
    RETURN,
    CIRCULATE,
    Step(
        "end_corrections",
        {M.CIRCULATED},
        M.CORRECTIONS,
        TEAM,
        event_type="minutes.corrections_ended",
        history_text=_("a clos le délai de correction"),
        guards=(check_deadline_passed,),
        slug="clore-les-corrections",
        label=_("Clore le délai"),
        question=_("Clore le délai de correction ?"),
        success_message=_("Le délai de correction est clos."),
    ),
    SEND_ANSWERS,
    Step(
        "submit_for_approval",
        M.tagged("reading"),
        M.SUBMITTED,
        TEAM,
        primary=True,
        event_type="minutes.submitted_for_approval",
        history_text=_("a soumis le procès-verbal à l’approbation"),
        guards=(check_deadline_passed, check_corrections_answered),
        slug="soumettre",
        label=_("Soumettre à l’approbation"),
        question=_("Soumettre le procès-verbal à l’approbation de quelle séance ?"),
        success_message=_("L’approbation est à l’ordre du jour."),
        form=ApprovalSittingForm,
    ),
    Step(
        "approve",
        {M.SUBMITTED},
        M.APPROVED,
        TEAM,
        primary=True,
        history_text=_("a noté l’approbation du procès-verbal"),
        guards=(check_approving_sitting_open,),
        when=lambda minutes: minutes.approval_item_id is not None,
        slug="approuver",
        label=_("Noter l’approbation"),
        question=_("La séance approuve-t-elle le procès-verbal ?"),
        success_message=_("L’approbation est notée."),
        consequences=[_("Le texte approuvé ne change plus\u00a0: il attend les deux visas, puis le cachet.")],
        form=ApprovalForm,
    ),
    Step(
        "chair_visa",
        {M.APPROVED},
        None,
        CHAIR,
        event_type="minutes.visa_given",
        history_text=_("a donné son visa"),
        slug="visa-presidence",
        offered=lambda user, row: not current_visas(row).filter(capacity=Capacity.CHAIR).exists(),
        areas=("", "member"),
        label=_("Donner mon visa"),
        question=_("Donner votre visa de présidence ?"),
        success_message=_("Votre visa est donné."),
        fresh=True,
    ),
    Step(
        "secretary_visa",
        {M.APPROVED},
        None,
        SECRETARY,
        event_type="minutes.visa_given",
        history_text=_("a donné son visa"),
        slug="visa-secretariat",
        offered=lambda user, row: not current_visas(row).filter(capacity=Capacity.SECRETARY).exists(),
        areas=("", "member"),
        label=_("Donner mon visa"),
        question=_("Donner votre visa de secrétariat ?"),
        success_message=_("Votre visa est donné."),
        fresh=True,
    ),
    Step(
        "record_visa",
        {M.APPROVED},
        None,
        TEAM,
        event_type="minutes.visa_recorded",
        history_text=_("a noté un visa donné sur papier"),
        slug="visa-papier",
        label=_("Noter un visa donné sur papier"),
        question=_("Noter un visa donné sur papier"),
        success_message=_("Le visa est noté, avec la mention « sur papier »."),
        consequences=[_("Gardez le papier signé : le visa est imprimé comme donné sur papier.")],
        form=PaperVisaForm,
        fresh=True,
    ),
    Step(
        "void_visas",
        {M.APPROVED},
        None,
        TEAM,
        event_type="minutes.visas_voided",
        history_text=_("a mis de côté des visas donnés sur un autre texte"),
        guards=(check_outdated_visas,),
        slug="reprendre-les-visas",
        label=_("Demander de nouveau les visas"),
        question=_("Mettre de côté les visas donnés sur un autre texte ?"),
        success_message=_("Les visas qui couvraient un autre texte sont mis de côté."),
        fresh=True,
    ),
    SEAL,
    SIGN,
    PUBLISH,
    *DELIVERY,
    REOPEN,
    Step(
        "rectify",
        {M.SIGNED, M.PUBLISHED},
        M.APPROVED,
        LEAD,
        history_text=_("a rectifié le procès-verbal scellé"),
        needs_reason=True,
        changes=lambda minutes, taken: dict.fromkeys(SEALED_AT),
        slug="rectifier",
        label=_("Rectifier"),
        question=_("Rectifier un passage du procès-verbal scellé"),
        success_message=_("Le passage est rectifié. Demandez de nouveau les visas, puis scellez."),
        consequences=[_("L’ancienne version reste vérifiable, marquée comme remplacée.")],
        form=RectificationForm,
        fresh=True,
    ),
    ARCHIVE,
)

REPORT: tuple[Step[Minutes], ...] = (
    *SETTINGS,
    replace(RETURN, sources={M.VALIDATED}),
    Step(
        "validate",
        {M.DRAFT},
        M.VALIDATED,
        LEAD,
        primary=True,
        history_text=_("a validé le compte rendu"),
        guards=(check_sitting_closed,),
        slug="valider",
        label=_("Valider le compte rendu"),
        success_message=_("Le compte rendu est validé."),
        consequences=[
            _("Il peut ensuite être relu par les personnes présentes, et n’est plus modifié sans revenir ici.")
        ],
    ),
    replace(CIRCULATE, sources={M.VALIDATED}, then=record_minuted, locks_parent=True),
    SEND_ANSWERS,
    replace(SEAL, sources={M.CIRCULATED}, guards=(check_deadline_passed, check_corrections_answered)),
    replace(SIGN, sources={M.CIRCULATED, M.ARCHIVED}, target=None),
    replace(PUBLISH, sources={M.CIRCULATED}),
    *DELIVERY,
    replace(REOPEN, sources={M.VALIDATED, M.CIRCULATED}),
    replace(ARCHIVE, sources={M.CIRCULATED, M.PUBLISHED}),
)


MINUTES: Workflow[Minutes] = Workflow(
    {MinutesKind.FORMAL.value: FORMAL, MinutesKind.REPORT.value: REPORT},
    choose=lambda minutes: minutes.kind,
    parent="sitting",
    dossier=lambda minutes: minutes.sitting,
    next_steps={M.APPROVED: lambda minutes: [VISA_STEPS[role] for role in visas_to_give(minutes)] or ["seal"]},
    noun="minutes",
)

ACCEPT: Step[Correction] = Step(
    "accept",
    {CorrectionState.ASKED},
    CorrectionState.ACCEPTED,
    Permission(lambda user, asked: is_team(user, asked.minutes.sitting.term_id), _("équipe")),
    event_type="correction.accepted",
    history_text=_("a accepté une correction"),
    when=lambda asked: takes_changes(asked.minutes),
    changes=lambda asked, taken: {"answered_by": taken.by, "answered_at": timezone.now()},
)
REFUSE: Step[Correction] = replace(
    ACCEPT,
    name="refuse",
    target=CorrectionState.REFUSED,
    event_type="correction.refused",
    history_text=_("a refusé une correction"),
    reason_column="answer",
)
CORRECTION: Workflow[Correction] = Workflow(
    [ACCEPT, REFUSE], parent="minutes", dossier=lambda asked: asked.minutes.sitting
)


def check_minutes_sealed(term: Term) -> None:
    """Raise ValidationError if minutes of a plenary are not sealed: only finished texts go to the archives."""
    rows = Minutes.objects.filter(sitting__term=term, sitting__kind=SittingKind.PLENARY, signed_at=None).count()
    message = ngettext(
        "%(n)s compte rendu de plénière n’est pas scellé.",
        "%(n)s comptes rendus de plénière ne sont pas scellés.",
        rows,
    )
    if rows:
        raise ValidationError(message % {"n": rows}, code="minutes")


TERM.add_guard("archive", check_minutes_sealed)
