"""Steps that formal minutes and reports both have, and their guards."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.documents.actions.register import publish
from assembly.documents.actions.renditions import request_rendition
from assembly.institution.models import Role
from assembly.institution.rules import has_role, is_lead, is_team
from assembly.workflow import Permission, Step, Transition
from sessions.minutes.forms import FunctionsForm, KindForm, RemarkForm, SealForm
from sessions.minutes.queries.facts import current_visas, outdated_visas
from sessions.minutes.queries.minutes import (
    answers_to_send,
    people_who_attended,
    unanswered_corrections,
    visas_to_give,
)
from sessions.models import Minutes, MinutesState as M, MinutesVisaCapacity, SittingState
from sessions.sittings.workflow import SITTING

RECORD_KIND = "decisions-record"

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


SEALED_AT = ("signed_at", "internal_sealed_at", "public_sealed_at")


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
    primary=True,
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
    primary=True,
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
    when=lambda minutes: bool(minutes.internal_sealed_at and minutes.public_sealed_at and minutes.signed_at is None),
    then=record_minuted,
    locks_parent=True,
)
PUBLISH: Step[Minutes] = Step(
    "publish",
    {M.SIGNED},
    M.PUBLISHED,
    TEAM,
    primary=True,
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
