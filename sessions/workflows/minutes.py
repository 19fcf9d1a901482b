"""State tables of minutes and of corrections: the README carries the same.

Formal minutes and reports follow different tables; what both may undergo without leaving their state is `ACTS`.
Steps lock the minutes and share their sitting; those that move the sitting too (`moves_parent`) lock it first.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from assembly.documents.actions.publications import publish
from assembly.documents.actions.renditions import request_rendition
from assembly.institution.enums import Role
from assembly.institution.rules import has_role, is_lead, is_team
from assembly.workflow import Step, Transition, Who, Workflow
from sessions.enums import CorrectionState, MinutesKind, SittingState, VisaCapacity
from sessions.enums import MinutesState as M
from sessions.models import Correction, Minutes
from sessions.models.minutes import FINAL_STATES, SHARED_STATES
from sessions.queries.minutes import answers_to_send
from sessions.rules.minutes import takes_changes
from sessions.workflows.minutes_guards import (
    needs_answers,
    needs_approving_sitting_open,
    needs_attendees,
    needs_both_visas,
    needs_closed_sitting,
    needs_deadline_passed,
    needs_functions,
    needs_no_visa,
    needs_outdated_visas,
    needs_sealed_files,
)
from sessions.workflows.sittings import SITTING

RECORD_KIND = "decisions-record"

TEAM: Who[Minutes] = Who(lambda user, minutes: is_team(user, minutes.sitting.term_id), gettext_lazy("équipe"))
LEAD: Who[Minutes] = Who(lambda user, minutes: is_lead(user, minutes.sitting.term_id), gettext_lazy("responsable"))


def holder_of(capacity: VisaCapacity) -> Who[Minutes]:
    """The chair or the secretary of the sitting, for themselves; never once they left the assembly."""

    def holds(user: Any, minutes: Minutes) -> bool:
        sitting = minutes.sitting
        holder = sitting.chair_id if capacity == VisaCapacity.CHAIR else sitting.secretary_id
        return (
            bool(user.is_authenticated)
            and holder is not None
            and holder == user.person_id
            and has_role(user, Role, assembly=sitting.term.assembly_id)
        )

    return Who(holds, capacity.label)


# What is written with a step, and what follows it.


def circulation_dates(minutes: Minutes, taken: Transition) -> dict[str, Any]:
    """Now, and the end of the last day for corrections, in Paris."""
    now = timezone.now()
    day = timezone.localdate(now) + timedelta(days=minutes.sitting.term.correction_days)
    until = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
    return {"circulated_at": now, "corrections_until": until}


def record_minuted(minutes: Minutes, taken: Transition) -> None:
    """The sitting has its minutes: its own workflow says so, unless it said so already."""
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


def reopening(*sources: M) -> Step[Minutes]:
    """What was circulated is no longer the text."""
    return Step(
        "reopen",
        sources,
        M.DRAFT,
        by=LEAD,
        journal="minutes.reopened",
        says=gettext_lazy("a rouvert le compte rendu"),
        needs_reason=True,
        changes=lambda minutes, taken: {"circulated_at": None, "corrections_until": None, "approval_item": None},
        then=reopen_sitting,
        moves_parent=True,
    )


def returning(source: M) -> Step[Minutes]:
    return Step(
        "return",
        {source},
        M.DRAFT,
        by=TEAM,
        journal="minutes.returned",
        says=gettext_lazy("a rendu le compte rendu à la rédaction"),
    )


def circulating(source: M, **options: Any) -> Step[Minutes]:
    return Step(
        "circulate",
        {source},
        M.CIRCULATED,
        by=TEAM,
        journal="minutes.circulated",
        says=gettext_lazy("a circulé le compte rendu"),
        guards=(needs_attendees,),
        changes=circulation_dates,
        **options,
    )


def sealing(source: M, *guards: Any) -> Step[Minutes]:
    return Step(
        "seal",
        {source},
        by=TEAM,
        journal="minutes.sealing_asked",
        says=gettext_lazy("a demandé le scellement"),
        when=lambda minutes: not minutes.is_sealed,
        guards=guards,
    )


def signing(sources: set[M], target: M | None = None) -> Step[Minutes]:
    """Both files are sealed: nobody's step, the second worker reports it."""
    return Step(
        "sign",
        sources,
        target,
        journal="minutes.sealed",
        says=gettext_lazy("a scellé le compte rendu, versions interne et publique"),
        when=has_both_files,
        then=record_minuted,
        moves_parent=True,
    )


def publishing(source: M) -> Step[Minutes]:
    return Step(
        "publish",
        {source},
        M.PUBLISHED,
        by=TEAM,
        journal="minutes.published",
        says=gettext_lazy("a publié la version publique"),
        guards=(needs_sealed_files,),
        changes=lambda minutes, taken: {"published_at": timezone.now()},
        then=publish_file,
    )


def archiving(*sources: M) -> Step[Minutes]:
    return Step(
        "archive",
        sources,
        M.ARCHIVED,
        by=TEAM,
        journal="minutes.archived",
        says=gettext_lazy("a archivé le compte rendu"),
    )


def visa(capacity: VisaCapacity) -> Step[Minutes]:
    return Step(
        f"{capacity}_visa",
        {M.APPROVED},
        by=holder_of(capacity),
        journal="minutes.visa_given",
        says=gettext_lazy("a donné son visa"),
    )


ACTS: tuple[Step[Minutes], ...] = (
    Step(
        "change_kind",
        {M.DRAFT},
        by=TEAM,
        journal="minutes.kind_changed",
        says=gettext_lazy("a changé le type du compte rendu"),
    ),
    Step(
        "hand_over",
        M,
        by=TEAM,
        journal="minutes.handed_over",
        says=gettext_lazy("a passé la rédaction du compte rendu"),
    ),
    Step(
        "name_functions",
        set(M) - set(FINAL_STATES),
        by=TEAM,
        journal="minutes.functions_named",
        says=gettext_lazy("a nommé la présidence et le secrétariat de séance"),
        guards=(needs_no_visa,),
        moves_parent=True,
    ),
    Step(
        "send_answers",
        SHARED_STATES,
        by=TEAM,
        journal="minutes.answers_sent",
        says=gettext_lazy("a envoyé les réponses aux corrections"),
        when=lambda minutes: answers_to_send(minutes).exists(),
    ),
    Step(
        "distribute",
        SHARED_STATES,
        by=TEAM,
        journal="minutes.distributed",
        says=gettext_lazy("a diffusé le compte rendu scellé"),
        when=lambda minutes: minutes.is_sealed,
    ),
    Step(
        "make_record",
        SHARED_STATES,
        by=TEAM,
        journal="record.asked",
        says=gettext_lazy("a demandé le relevé de décisions"),
        then=lambda minutes, taken: request_rendition(minutes, RECORD_KIND, by=taken.by),
    ),
    Step("seal_record", M, journal="record.sealed", says=gettext_lazy("a scellé le relevé de décisions")),
    Step(
        "distribute_record",
        SHARED_STATES,
        by=TEAM,
        journal="record.distributed",
        says=gettext_lazy("a diffusé le relevé de décisions"),
        when=lambda minutes: minutes.decisions_document_id is not None,
    ),
)

FORMAL: tuple[Step[Minutes], ...] = (
    Step(
        "submit",
        {M.DRAFT},
        M.INTERNAL_CHECK,
        by=TEAM,
        journal="minutes.submitted",
        says=gettext_lazy("a soumis le compte rendu à relecture"),
        guards=(needs_closed_sitting, needs_functions),
    ),
    returning(M.INTERNAL_CHECK),
    circulating(M.INTERNAL_CHECK),
    Step(
        "end_corrections",
        {M.CIRCULATED},
        M.CORRECTIONS,
        by=TEAM,
        journal="minutes.corrections_ended",
        says=gettext_lazy("a clos le délai de correction"),
        guards=(needs_deadline_passed,),
    ),
    Step(
        "submit_for_approval",
        {M.CIRCULATED, M.CORRECTIONS},
        M.SUBMITTED,
        by=TEAM,
        journal="minutes.submitted_for_approval",
        says=gettext_lazy("a soumis le procès-verbal à l’approbation"),
        guards=(needs_deadline_passed, needs_answers),
    ),
    Step(
        "approve",
        {M.SUBMITTED},
        M.APPROVED,
        by=TEAM,
        journal="minutes.approved",
        says=gettext_lazy("a noté l’approbation du procès-verbal"),
        when=lambda minutes: minutes.approval_item_id is not None,
        guards=(needs_approving_sitting_open,),
    ),
    visa(VisaCapacity.CHAIR),
    visa(VisaCapacity.SECRETARY),
    Step(
        "record_visa",
        {M.APPROVED},
        by=TEAM,
        journal="minutes.visa_recorded",
        says=gettext_lazy("a noté un visa donné sur papier"),
    ),
    Step(
        "void_visas",
        {M.APPROVED},
        by=TEAM,
        journal="minutes.visas_voided",
        says=gettext_lazy("a mis de côté des visas donnés sur un autre texte"),
        guards=(needs_outdated_visas,),
    ),
    sealing(M.APPROVED, needs_both_visas),
    signing({M.APPROVED}, M.SIGNED),
    publishing(M.SIGNED),
    archiving(M.SIGNED, M.PUBLISHED),
    Step(
        "rectify",
        {M.SIGNED, M.PUBLISHED},
        M.APPROVED,
        by=LEAD,
        journal="minutes.rectified",
        says=gettext_lazy("a rectifié le procès-verbal scellé"),
        needs_reason=True,
        changes=lambda minutes, taken: dict.fromkeys(("signed_at", "internal_sealed_at", "public_sealed_at")),
    ),
    reopening(M.INTERNAL_CHECK, M.CIRCULATED, M.CORRECTIONS, M.SUBMITTED),
    *ACTS,
)

REPORT: tuple[Step[Minutes], ...] = (
    Step(
        "validate",
        {M.DRAFT},
        M.VALIDATED,
        by=LEAD,
        journal="minutes.validated",
        says=gettext_lazy("a validé le compte rendu"),
        guards=(needs_closed_sitting,),
    ),
    returning(M.VALIDATED),
    circulating(M.VALIDATED, then=record_minuted, moves_parent=True),
    sealing(M.CIRCULATED, needs_deadline_passed, needs_answers),
    signing({M.CIRCULATED, M.ARCHIVED}),
    publishing(M.CIRCULATED),
    archiving(M.CIRCULATED, M.PUBLISHED),
    reopening(M.VALIDATED, M.CIRCULATED),
    *ACTS,
)

MINUTES: Workflow[Minutes] = Workflow(
    {MinutesKind.FORMAL.value: FORMAL, MinutesKind.REPORT.value: REPORT},
    choose=lambda minutes: minutes.kind,
    parent="sitting",
    dossier=lambda minutes: minutes.sitting,
)


def answer(verb: str, target: CorrectionState, journal: str, says: Any, **options: Any) -> Step[Correction]:
    return Step(
        verb,
        {CorrectionState.ASKED},
        target,
        by=Who(lambda user, asked: is_team(user, asked.minutes.sitting.term_id), gettext_lazy("équipe")),
        journal=journal,
        says=says,
        when=lambda asked: takes_changes(asked.minutes),
        changes=lambda asked, taken: {"answered_by": taken.by, "answered_at": timezone.now()},
        **options,
    )


CORRECTION: Workflow[Correction] = Workflow(
    [
        answer("accept", CorrectionState.ACCEPTED, "correction.accepted", gettext_lazy("a accepté une correction")),
        answer(
            "refuse",
            CorrectionState.REFUSED,
            "correction.refused",
            gettext_lazy("a refusé une correction"),
            needs_reason=True,
            reason_column="answer",
        ),
    ],
    parent="minutes",
    dossier=lambda asked: asked.minutes.sitting,
)
