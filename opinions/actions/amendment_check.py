"""Between the submission and the debate: the check of form, the rapporteur's view, amendments made one."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.workflow import StateConflict
from opinions.actions.amendment_falls import fall_with_parent
from opinions.actions.steps import said
from opinions.amending.enums import ViewStance
from opinions.models import Amendment, AmendmentCosigner
from opinions.queries.amendments import rapporteurs
from opinions.rules import amendments as rules
from opinions.workflows.amendments import AMENDMENT


def ask(amendment: Amendment, verb: str, *, by: User) -> None:
    """Raise when the step is not theirs, or when its time has not come or is over."""
    people = rapporteurs(amendment.version.opinion, amendment) if verb == "give_view" else rules.NOBODY
    if not rules.holds_right(by, amendment, verb, people):
        raise PermissionDenied
    if not rules.can_take(by, amendment, verb, people):
        raise StateConflict(amendment, verb)


def take(amendment: Amendment, verb: str, journal: str, *, by: User, detail: str = "", **changes: Any) -> None:
    """One step: the right, the move, the line in the journal."""
    ask(amendment, verb, by=by)
    AMENDMENT.move(amendment, verb, changed_at=timezone.now(), **changes)
    record(journal, amendment, by=by, dossier=amendment.version.opinion, detail=detail, number=amendment.number)


@transaction.atomic
def admit(amendment: Amendment, *, by: User) -> None:
    """The form is right: in time, on a passage that exists, on the subject. Nothing is said of the substance."""
    take(
        amendment,
        "admit",
        "amendment.admitted",
        by=by,
        checked_at=timezone.now(),
        checked_by=by,
        check_reason="",
    )


@transaction.atomic
def refuse(amendment: Amendment, *, reason: str, by: User) -> None:
    """The form is not right; the author reads why."""
    words = said(reason)
    take(
        amendment,
        "refuse",
        "amendment.refused",
        by=by,
        detail=words,
        checked_at=timezone.now(),
        checked_by=by,
        check_reason=words,
    )


@transaction.atomic
def check_again(amendment: Amendment, *, by: User) -> None:
    """Take the answer back, to check once more."""
    take(
        amendment,
        "check_again",
        "amendment.check_reopened",
        by=by,
        checked_at=None,
        checked_by=None,
        check_reason="",
        view_stance="",
        view_text="",
        view_at=None,
        view_by=None,
        is_view_on_behalf=False,
    )


@transaction.atomic
def give_view(amendment: Amendment, *, stance: str, text: str, by: User) -> None:
    """What the rapporteur recommends; noted by the team, it is shown as such. Given again, it replaces the former."""
    opinion = amendment.version.opinion
    own = rules.is_rapporteur(by, opinion, rapporteurs(opinion, amendment))
    take(
        amendment,
        "give_view",
        "amendment.viewed",
        by=by,
        view_stance=ViewStance(stance),
        view_text=text.strip(),
        view_at=timezone.now(),
        view_by=by,
        is_view_on_behalf=not own,
    )


@transaction.atomic
def merge(amendment: Amendment, into: Amendment, *, reason: str, by: User) -> None:
    """Two amendments that ask the same become one: the author and the signers go on with the other."""
    words = said(reason)
    target = Amendment.objects.select_for_update(of=("self",), no_key=True).get(pk=into.pk)
    same = target.version_id == amendment.version_id and target.parent_id == amendment.parent_id
    if not same or target.pk == amendment.pk or "merge" not in AMENDMENT.verbs_from(target.state):
        raise ValidationError(_("Choisissez un autre amendement de ce texte, encore en discussion."), code="into")
    take(
        amendment,
        "merge",
        "amendment.merged",
        by=by,
        detail=words,
        ended_at=timezone.now(),
        end_reason=words,
        merged_into=target,
    )
    carry_signers(amendment, target)
    fall_with_parent(amendment, by=by)


def carry_signers(amendment: Amendment, target: Amendment) -> None:
    """Whoever signed the one signs the other, once."""
    known = set(target.cosigners.values_list("person", flat=True)) | {target.author_id}
    signed = {row.person_id: row for row in amendment.cosigners.filter(signed_at__isnull=False)}
    people = [amendment.author_id, *signed]
    AmendmentCosigner.objects.bulk_create(
        AmendmentCosigner(
            amendment=target,
            person_id=person,
            signed_at=signed[person].signed_at if person in signed else amendment.submitted_at,
            via=signed[person].via if person in signed else amendment.via,
        )
        for person in people
        if person not in known
    )
