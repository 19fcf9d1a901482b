"""State tables of minutes and of corrections; the README has the same.

Formal minutes and reports have different tables; the steps of both that do not change the state are `ACTS`. Steps lock
the minutes and take a share lock on their sitting; those that change the sitting too (`locks_parent`) lock it first.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.documents.actions.publications import publish
from assembly.documents.actions.renditions import request_rendition
from assembly.institution.enums import Role
from assembly.institution.rules import has_role, is_lead, is_team
from assembly.workflow import Permission, Step, Transition, Workflow
from sessions.enums import CorrectionState, MinutesKind, MinutesVisaCapacity, SittingState
from sessions.enums import MinutesState as M
from sessions.enums import MinutesVisaCapacity as Capacity
from sessions.forms.minutes import (
    ApprovalForm,
    ApprovalSittingForm,
    FunctionsForm,
    KindForm,
    PaperVisaForm,
    RectificationForm,
    RemarkForm,
    SealForm,
)
from sessions.models import Correction, Minutes
from sessions.queries.minutes import answers_to_send, people_who_attended, unanswered_corrections, visas_to_give
from sessions.queries.minutes_facts import current_visas, outdated_visas
from sessions.rules.minutes import takes_changes
from sessions.workflows.sittings import SITTING

RECORD_KIND = "decisions-record"
VISA_STEPS = {MinutesVisaCapacity.CHAIR: "chair_visa", MinutesVisaCapacity.SECRETARY: "secretary_visa"}
SEALED_AT = ("signed_at", "internal_sealed_at", "public_sealed_at")

TEAM: Permission[Minutes] = Permission(lambda user, minutes: is_team(user, minutes.sitting.term_id), _("équipe"))
LEAD: Permission[Minutes] = Permission(lambda user, minutes: is_lead(user, minutes.sitting.term_id), _("responsable"))


def holds_function(user: Any, minutes: Minutes, holder: int | None) -> bool:
    """Return whether this person is the holder and has not left the assembly."""
    is_holder = bool(user.is_authenticated) and holder is not None and holder == user.person_id
    return is_holder and has_role(user, Role, assembly=minutes.sitting.term.assembly_id)


CHAIR: Permission[Minutes] = Permission(
    lambda user, minutes: holds_function(user, minutes, minutes.sitting.chair_id), MinutesVisaCapacity.CHAIR.label
)
SECRETARY: Permission[Minutes] = Permission(
    lambda user, minutes: holds_function(user, minutes, minutes.sitting.secretary_id),
    MinutesVisaCapacity.SECRETARY.label,
)


# Guards of the steps: each raises a ValidationError about what is missing, with its code.


def check_sitting_closed(minutes: Minutes) -> None:
    if not minutes.sitting.is_held:
        raise ValidationError(gettext("La séance n’est pas close : notez d’abord sa fin."), code="sitting")


def check_functions(minutes: Minutes) -> None:
    if minutes.sitting.chair_id is None or minutes.sitting.secretary_id is None:
        raise ValidationError(
            gettext("Dites d’abord qui présidait et qui était secrétaire de séance."), code="functions"
        )


def check_attendees(minutes: Minutes) -> None:
    if not people_who_attended(minutes.sitting):
        raise ValidationError(gettext("Personne n’est noté présent : corrigez d’abord les présences."), code="nobody")


def check_deadline_passed(minutes: Minutes) -> None:
    """Raise ValidationError before the announced day, so that nobody loses time for corrections."""
    if minutes.takes_corrections(timezone.now()):
        raise ValidationError(
            gettext(
                "Les personnes présentes peuvent encore demander des corrections : le délai annoncé court toujours."
            ),
            code="deadline",
        )


def check_corrections_answered(minutes: Minutes) -> None:
    """Raise ValidationError unless every request for a correction has its answer."""
    if unanswered_corrections(minutes):
        raise ValidationError(gettext("Des corrections attendent encore une réponse."), code="corrections")


def check_approving_sitting_open(minutes: Minutes) -> None:
    sitting = minutes.approval_item.sitting if minutes.approval_item else None
    if sitting is None or not (sitting.is_running or sitting.is_held):
        raise ValidationError(gettext("La séance qui doit approuver n’est pas encore ouverte."), code="approval")


def check_both_visas(minutes: Minutes) -> None:
    """Raise ValidationError unless both visas exist; the seal, which reads the facts, checks their text."""
    missing = [str(MinutesVisaCapacity(capacity).label) for capacity in visas_to_give(minutes)]
    if missing:
        raise ValidationError(gettext("Il manque le visa : %(who)s.") % {"who": ", ".join(missing)}, code="visas")


def check_outdated_visas(minutes: Minutes) -> None:
    if not (current_visas(minutes).exists() and outdated_visas(minutes).exists()):
        raise ValidationError(gettext("Aucun visa n’a été donné sur un autre texte."), code="current")


def check_no_visa(minutes: Minutes) -> None:
    if current_visas(minutes).exists():
        raise ValidationError(
            gettext("Un visa est déjà donné : la présidence et le secrétariat ne changent plus."), code="given"
        )


def check_sealed_files(minutes: Minutes) -> None:
    if minutes.public_document_id is None or not minutes.is_sealed:
        raise ValidationError(gettext("Scellez d’abord le compte rendu."), code="seal")


# Columns that a step writes, and its follow-ups.


def circulation_dates(minutes: Minutes, taken: Transition) -> dict[str, Any]:
    """Return now, and the end of the last day for corrections, in Paris."""
    now = timezone.now()
    day = timezone.localdate(now) + timedelta(days=minutes.sitting.term.correction_days)
    until = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
    return {"circulated_at": now, "corrections_until": until}


def record_minuted(minutes: Minutes, taken: Transition) -> None:
    """Take the sitting's own step that records its minutes, unless it was taken."""
    if minutes.sitting.state == SittingState.CLOSED:
        SITTING.follow(minutes.sitting, "record_minutes", by=taken.by)


def reopen_sitting(minutes: Minutes, taken: Transition) -> None:
    if minutes.sitting.state == SittingState.MINUTED:
        SITTING.follow(minutes.sitting, "reopen_minutes", by=taken.by)


def publish_file(minutes: Minutes, taken: Transition) -> None:
    if minutes.public_document is not None:
        publish(minutes.public_document, by=taken.by)


def has_both_files(minutes: Minutes) -> bool:
    return bool(minutes.internal_sealed_at and minutes.public_sealed_at and minutes.signed_at is None)


RETURN: Step[Minutes] = Step(
    "return",
    {M.INTERNAL_CHECK},
    M.DRAFT,
    TEAM,
    history_text=_("a rendu le compte rendu à la rédaction"),
    slug="rendre",
    label=_("Rendre à la rédaction"),
    question=_("Rendre le compte rendu à la rédaction ?"),
    success_message=_("Le compte rendu est de nouveau en rédaction."),
    form=RemarkForm,
)
CIRCULATE: Step[Minutes] = Step(
    "circulate",
    {M.INTERNAL_CHECK},
    M.CIRCULATED,
    TEAM,
    history_text=_("a fait relire le compte rendu"),
    guards=(check_sitting_closed, check_attendees),
    changes=circulation_dates,
    slug="circuler",
    label=_("Faire relire"),
    success_message=_("Le compte rendu est en relecture."),
)
SEAL: Step[Minutes] = Step(
    "seal",
    {M.APPROVED},
    None,
    TEAM,
    event_type="minutes.sealing_asked",
    history_text=_("a demandé le scellement"),
    guards=(check_both_visas,),
    when=lambda minutes: not minutes.is_sealed,
    changes=lambda minutes, taken: dict.fromkeys(SEALED_AT),
    slug="sceller",
    label=_("Sceller"),
    question=_("Sceller le compte rendu ?"),
    success_message=_("Le scellement est demandé."),
    consequences=[
        _("Deux fichiers PDF sont scellés : la version interne, et la version publique sans nom de personne privée."),
        _("Après le scellement, toute correction fait une nouvelle version, jamais un changement."),
    ],
    form=SealForm,
    fresh=True,
)
# No user takes this step: the worker that seals the second file does.
SIGN: Step[Minutes] = Step(
    "sign",
    {M.APPROVED},
    M.SIGNED,
    event_type="minutes.sealed",
    history_text=_("a scellé le compte rendu, versions interne et publique"),
    when=has_both_files,
    then=record_minuted,
    locks_parent=True,
)
PUBLISH: Step[Minutes] = Step(
    "publish",
    {M.SIGNED},
    M.PUBLISHED,
    TEAM,
    history_text=_("a publié la version publique"),
    guards=(check_sealed_files,),
    changes=lambda minutes, taken: {"published_at": timezone.now()},
    then=publish_file,
    slug="publier",
    label=_("Publier la version publique"),
    success_message=_("La version publique est en ligne."),
    consequences=[_("Tout le monde pourra la lire, sans compte.")],
    fresh=True,
)
ARCHIVE: Step[Minutes] = Step(
    "archive",
    {M.SIGNED, M.PUBLISHED},
    M.ARCHIVED,
    TEAM,
    history_text=_("a archivé le compte rendu"),
    slug="archiver",
    label=_("Archiver"),
    question=_("Archiver le compte rendu ?"),
    success_message=_("Le compte rendu est archivé."),
    consequences=[_("Il ne change plus. Il reste lisible et vérifiable.")],
)
# The circulated text and the sealed files are former versions after this step.
REOPEN: Step[Minutes] = Step(
    "reopen",
    {M.INTERNAL_CHECK, M.CIRCULATED, M.CORRECTIONS, M.SUBMITTED},
    M.DRAFT,
    LEAD,
    history_text=_("a rouvert le compte rendu"),
    needs_reason=True,
    changes=lambda minutes, taken: dict.fromkeys(("circulated_at", "corrections_until", "approval_item", *SEALED_AT)),
    then=reopen_sitting,
    locks_parent=True,
    slug="rouvrir",
    label=_("Rouvrir"),
    question=_("Rouvrir le compte rendu ?"),
    success_message=_("Le compte rendu est de nouveau en rédaction."),
    consequences=[_("Ce qui a été relu n’est plus le texte : il faudra le faire relire de nouveau.")],
)

SETTINGS: tuple[Step[Minutes], ...] = (
    Step(
        "change_kind",
        {M.DRAFT},
        None,
        TEAM,
        event_type="minutes.kind_changed",
        history_text=_("a changé le type du compte rendu"),
        slug="type",
        label=_("Enregistrer"),
        question=_("Compte rendu ou procès-verbal ?"),
        success_message=_("Le type est changé."),
        consequences=[_("Seul le procès-verbal est approuvé par la séance suivante, avec deux visas.")],
        form=KindForm,
    ),
    Step(
        "hand_over",
        M,
        None,
        TEAM,
        event_type="minutes.handed_over",
        history_text=_("a passé la rédaction du compte rendu"),
        locks_parent=True,
    ),
    Step(
        "name_functions",
        set(M) - set(M.tagged("final")),
        None,
        TEAM,
        event_type="minutes.functions_named",
        history_text=_("a nommé la présidence et le secrétariat de séance"),
        guards=(check_no_visa,),
        locks_parent=True,
        slug="fonctions",
        label=_("Enregistrer"),
        question=_("Qui présidait, qui était secrétaire de séance ?"),
        success_message=_("La présidence et le secrétariat sont notés."),
        form=FunctionsForm,
    ),
)

SEND_ANSWERS: Step[Minutes] = Step(
    "send_answers",
    M.tagged("circulated", "published"),
    None,
    TEAM,
    event_type="minutes.answers_sent",
    history_text=_("a envoyé les réponses aux corrections"),
    when=lambda minutes: answers_to_send(minutes).exists(),
    slug="repondre",
    label=_("Envoyer les réponses"),
    success_message=_("Les réponses partent."),
    consequences=[_("Chaque personne reçoit un seul message, avec toutes ses réponses.")],
)

DELIVERY: tuple[Step[Minutes], ...] = (
    Step(
        "distribute",
        M.tagged("circulated", "published"),
        None,
        TEAM,
        history_text=_("a diffusé le compte rendu scellé"),
        when=lambda minutes: minutes.is_sealed,
        slug="diffuser",
        label=_("Diffuser"),
        success_message=_("Le compte rendu scellé est en cours d’envoi."),
    ),
    Step(
        "make_record",
        M.tagged("circulated", "published"),
        None,
        TEAM,
        event_type="record.asked",
        history_text=_("a demandé le relevé de décisions"),
        then=lambda minutes, taken: request_rendition(minutes, RECORD_KIND, by=taken.by),
        slug="releve",
        label=_("Faire le relevé"),
        question=_("Faire le relevé de décisions ?"),
        success_message=_("Le relevé de décisions est demandé."),
        consequences=[_("Une page : participants, décisions, qui fait quoi et pour quand. Elle est scellée.")],
        fresh=True,
    ),
    Step("seal_record", M, event_type="record.sealed", history_text=_("a scellé le relevé de décisions")),
    Step(
        "distribute_record",
        M.tagged("circulated", "published"),
        None,
        TEAM,
        event_type="record.distributed",
        history_text=_("a diffusé le relevé de décisions"),
        when=lambda minutes: minutes.decisions_document_id is not None,
        slug="diffuser-le-releve",
        label=_("Envoyer le relevé"),
        question=_("Envoyer le relevé de décisions aux participants ?"),
        success_message=_("Le relevé de décisions est en cours d’envoi."),
    ),
)

FORMAL: tuple[Step[Minutes], ...] = (
    *SETTINGS,
    Step(
        "submit",
        {M.DRAFT},
        M.INTERNAL_CHECK,
        TEAM,
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
    next_steps={M.DRAFT: ["submit", "validate"], M.SUBMITTED: ["approve"], M.SIGNED: ["publish"]}
    | dict.fromkeys(M.tagged("ready"), ["circulate"])
    | {M.CIRCULATED: ["submit_for_approval", "seal", "publish"], M.CORRECTIONS: ["submit_for_approval"]}
    | {M.APPROVED: lambda minutes: [VISA_STEPS[capacity] for capacity in visas_to_give(minutes)] or ["seal"]},
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
