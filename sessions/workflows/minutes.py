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
from sessions.models import Correction, Minutes
from sessions.models.minutes import FINAL_STATES, SHARED_STATES
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
    "return", {M.INTERNAL_CHECK}, M.DRAFT, TEAM, "minutes.returned", _("a rendu le compte rendu à la rédaction")
)
CIRCULATE: Step[Minutes] = Step(
    "circulate",
    {M.INTERNAL_CHECK},
    M.CIRCULATED,
    TEAM,
    "minutes.circulated",
    _("a fait relire le compte rendu"),
    guards=(check_sitting_closed, check_attendees),
    changes=circulation_dates,
)
SEAL: Step[Minutes] = Step(
    "seal",
    {M.APPROVED},
    None,
    TEAM,
    "minutes.sealing_asked",
    _("a demandé le scellement"),
    guards=(check_both_visas,),
    when=lambda minutes: not minutes.is_sealed,
    # A file of an earlier request, whose other file failed, does not count for this one.
    changes=lambda minutes, taken: dict.fromkeys(SEALED_AT),
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
    "minutes.published",
    _("a publié la version publique"),
    guards=(check_sealed_files,),
    changes=lambda minutes, taken: {"published_at": timezone.now()},
    then=publish_file,
)
ARCHIVE: Step[Minutes] = Step(
    "archive", {M.SIGNED, M.PUBLISHED}, M.ARCHIVED, TEAM, "minutes.archived", _("a archivé le compte rendu")
)
# The circulated text and the sealed files are former versions after this step.
REOPEN: Step[Minutes] = Step(
    "reopen",
    {M.INTERNAL_CHECK, M.CIRCULATED, M.CORRECTIONS, M.SUBMITTED},
    M.DRAFT,
    LEAD,
    "minutes.reopened",
    _("a rouvert le compte rendu"),
    needs_reason=True,
    changes=lambda minutes, taken: dict.fromkeys(("circulated_at", "corrections_until", "approval_item", *SEALED_AT)),
    then=reopen_sitting,
    locks_parent=True,
)

ACTS: tuple[Step[Minutes], ...] = (
    Step("change_kind", {M.DRAFT}, None, TEAM, "minutes.kind_changed", _("a changé le type du compte rendu")),
    Step(
        "hand_over",
        M,
        None,
        TEAM,
        "minutes.handed_over",
        _("a passé la rédaction du compte rendu"),
        locks_parent=True,  # sittings and minutes of an agent are handed over in one transaction
    ),
    Step(
        "name_functions",
        set(M) - set(FINAL_STATES),
        None,
        TEAM,
        "minutes.functions_named",
        _("a nommé la présidence et le secrétariat de séance"),
        guards=(check_no_visa,),
        locks_parent=True,
    ),
    Step(
        "send_answers",
        SHARED_STATES,
        None,
        TEAM,
        "minutes.answers_sent",
        _("a envoyé les réponses aux corrections"),
        when=lambda minutes: answers_to_send(minutes).exists(),
    ),
    Step(
        "distribute",
        SHARED_STATES,
        None,
        TEAM,
        "minutes.distributed",
        _("a diffusé le compte rendu scellé"),
        when=lambda minutes: minutes.is_sealed,
    ),
    Step(
        "make_record",
        SHARED_STATES,
        None,
        TEAM,
        "record.asked",
        _("a demandé le relevé de décisions"),
        then=lambda minutes, taken: request_rendition(minutes, RECORD_KIND, by=taken.by),
    ),
    Step("seal_record", M, event_type="record.sealed", history_text=_("a scellé le relevé de décisions")),
    Step(
        "distribute_record",
        SHARED_STATES,
        None,
        TEAM,
        "record.distributed",
        _("a diffusé le relevé de décisions"),
        when=lambda minutes: minutes.decisions_document_id is not None,
    ),
)

FORMAL: tuple[Step[Minutes], ...] = (
    Step(
        "submit",
        {M.DRAFT},
        M.INTERNAL_CHECK,
        TEAM,
        "minutes.submitted",
        _("a fait contrôler le compte rendu"),
        guards=(check_sitting_closed, check_functions),
    ),
    RETURN,
    CIRCULATE,
    Step(
        "end_corrections",
        {M.CIRCULATED},
        M.CORRECTIONS,
        TEAM,
        "minutes.corrections_ended",
        _("a clos le délai de correction"),
        guards=(check_deadline_passed,),
    ),
    Step(
        "submit_for_approval",
        {M.CIRCULATED, M.CORRECTIONS},
        M.SUBMITTED,
        TEAM,
        "minutes.submitted_for_approval",
        _("a soumis le procès-verbal à l’approbation"),
        guards=(check_deadline_passed, check_corrections_answered),
    ),
    Step(
        "approve",
        {M.SUBMITTED},
        M.APPROVED,
        TEAM,
        "minutes.approved",
        _("a noté l’approbation du procès-verbal"),
        guards=(check_approving_sitting_open,),
        when=lambda minutes: minutes.approval_item_id is not None,
    ),
    Step("chair_visa", {M.APPROVED}, None, CHAIR, "minutes.visa_given", _("a donné son visa")),
    Step("secretary_visa", {M.APPROVED}, None, SECRETARY, "minutes.visa_given", _("a donné son visa")),
    Step("record_visa", {M.APPROVED}, None, TEAM, "minutes.visa_recorded", _("a noté un visa donné sur papier")),
    Step(
        "void_visas",
        {M.APPROVED},
        None,
        TEAM,
        "minutes.visas_voided",
        _("a mis de côté des visas donnés sur un autre texte"),
        guards=(check_outdated_visas,),
    ),
    SEAL,
    SIGN,
    PUBLISH,
    ARCHIVE,
    Step(
        "rectify",
        {M.SIGNED, M.PUBLISHED},
        M.APPROVED,
        LEAD,
        "minutes.rectified",
        _("a rectifié le procès-verbal scellé"),
        needs_reason=True,
        changes=lambda minutes, taken: dict.fromkeys(SEALED_AT),
    ),
    REOPEN,
    *ACTS,
)

REPORT: tuple[Step[Minutes], ...] = (
    Step(
        "validate",
        {M.DRAFT},
        M.VALIDATED,
        LEAD,
        "minutes.validated",
        _("a validé le compte rendu"),
        guards=(check_sitting_closed,),
    ),
    replace(RETURN, sources={M.VALIDATED}),
    replace(CIRCULATE, sources={M.VALIDATED}, then=record_minuted, locks_parent=True),
    replace(SEAL, sources={M.CIRCULATED}, guards=(check_deadline_passed, check_corrections_answered)),
    replace(SIGN, sources={M.CIRCULATED, M.ARCHIVED}, target=None),
    replace(PUBLISH, sources={M.CIRCULATED}),
    replace(ARCHIVE, sources={M.CIRCULATED, M.PUBLISHED}),
    replace(REOPEN, sources={M.VALIDATED, M.CIRCULATED}),
    *ACTS,
)


MINUTES: Workflow[Minutes] = Workflow(
    {MinutesKind.FORMAL.value: FORMAL, MinutesKind.REPORT.value: REPORT},
    choose=lambda minutes: minutes.kind,
    parent="sitting",
    dossier=lambda minutes: minutes.sitting,
    next_steps={M.DRAFT: ["submit", "validate"], M.SUBMITTED: ["approve"], M.SIGNED: ["publish"]}
    | dict.fromkeys([M.INTERNAL_CHECK, M.VALIDATED], ["circulate"])
    | {M.CIRCULATED: ["submit_for_approval", "seal", "publish"], M.CORRECTIONS: ["submit_for_approval"]}
    | {M.APPROVED: lambda minutes: [VISA_STEPS[capacity] for capacity in visas_to_give(minutes)] or ["seal"]},
)

ACCEPT: Step[Correction] = Step(
    "accept",
    {CorrectionState.ASKED},
    CorrectionState.ACCEPTED,
    Permission(lambda user, asked: is_team(user, asked.minutes.sitting.term_id), _("équipe")),
    "correction.accepted",
    _("a accepté une correction"),
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
