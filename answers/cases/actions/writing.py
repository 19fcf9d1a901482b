"""Actions of a directorate on a case: write, submit for the visa, give the visa, send back."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.cases import mails
from answers.cases.actions.cases import open_draft
from answers.cases.models import CONTENT
from answers.cases.rules import without_other_fields
from answers.cases.workflow import ANSWER
from answers.models import Answer, AnswerCase, AnswerConflictCopy
from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.text.printable import check_text
from assembly.web.versioned import Versioned, field_changes
from assembly.workflow import lock
from consultations.reviews.rules import delegation_for, is_approver

SAVED = Versioned(by="saved_by", at="saved_at")


def save(
    case: AnswerCase,
    values: Mapping[str, Any],
    *,
    version: int,
    by: User,
    bases: Mapping[str, Any] = MappingProxyType({}),
) -> Answer:
    """Save the fields that `by` changed; raise EditConflict with both texts if somebody changed the same ones.

    `bases`: each field as this writer read it; without it everything counts as changed, and a save on an older version
    as a conflict. A case that changed state meanwhile (sent, taken back) is a conflict too. The text that came second
    is stored as an `AnswerConflictCopy`.
    """
    if not ANSWER.has_permission(by, case, "draft"):
        raise PermissionDenied
    typed = {name: clean_value(text) for name, text in values.items() if name in CONTENT}
    read = {name: clean_value(text) for name, text in bases.items() if name in CONTENT}
    answer, changed, clash = _save_if_first(case, typed, read, version=version, by=by)
    is_closed = bool(changed) and not ANSWER.can_take(by, case, "draft")
    if not clash and not is_closed:
        return answer
    _save_conflict_copy(case, content_of(answer) | changed, by)
    raise SAVED.conflict(answer, changed if is_closed else clash, is_closed=is_closed)


@transaction.atomic
def _save_if_first(
    case: AnswerCase, typed: dict[str, Any], read: dict[str, Any], *, version: int, by: User
) -> tuple[Answer, dict[str, Any], dict[str, Any]]:
    """Write the draft unless fields clash; return it, the changed fields, and those that somebody else changed too."""
    lock(case)
    answer = open_draft(case) if ANSWER.step(case, "draft") else _last(case)
    content = content_of(answer)
    changed, clash = field_changes(content, typed, (content if version == answer.version else {}) | read)
    if changed and not clash and ANSWER.can_take(by, case, "draft"):
        first = answer.saved_by_id != by.pk
        written = {**changed, "saved_at": timezone.now(), "saved_by": by}
        SAVED.save(answer, written, version=answer.version, published_at=None)
        if first:
            record("answer.saved", case, by=by, dossier=case.opinion, version=answer.version, reference=case.reference)
        return answer, {}, {}
    return answer, changed, clash


def _last(case: AnswerCase) -> Answer:
    return case.answers.order_by("-number").first() or Answer(case=case, number=1)


def content_of(answer: Answer) -> dict[str, Any]:
    """Return the fields that a directorate writes, as they are saved."""
    return {name: getattr(answer, name) for name in CONTENT}


@transaction.atomic
def _save_conflict_copy(case: AnswerCase, content: dict[str, Any], by: User) -> None:
    """Store the losing text of an edit conflict; the same text is stored once."""
    texts = {name: str(text) for name, text in content.items() if text}
    last = AnswerConflictCopy.objects.filter(case=case, by=by).first()
    if last is None or last.content != texts:
        AnswerConflictCopy.objects.create(case=case, content=texts, by=by)


def clean_value(field_value: Any) -> Any:
    return check_text(field_value).strip() if isinstance(field_value, str) else field_value


def draft_as_read(case: AnswerCase, version: int) -> Answer:
    """Return the draft, or raise ValidationError if it is not the version that was read: only that one is signed."""
    answer = open_draft(case)
    if answer.version != version:
        raise ValidationError(_("Le texte a changé depuis votre relecture : relisez-le."), code="changed")
    return answer


@ANSWER.action("submit")
@transaction.atomic
def submit(case: AnswerCase, *, version: int, by: User) -> None:
    """Submit the answer for the visa of the lead directorate, without the fields that only another value needs."""
    step = ANSWER.require(case, "submit", by=by)
    answer = draft_as_read(case, version)
    whole = without_other_fields(content_of(answer))
    Answer.objects.filter(pk=answer.pk).update(is_sent=True, **whole)
    change_request = case.reason  # the step clears it
    ANSWER.take(case, step, by=by, facts={"answer": answer.number, "value": answer.value})
    mails.ask_for_visa(case, by=by, reason=change_request)


@ANSWER.action("return")
@transaction.atomic
def send_back(case: AnswerCase, *, step_name: str = "return", reason: str, by: User) -> None:
    """Send an answer back to the directorates, which read the reason and write again.

    The approver (`return`) or the elected sponsor (`send_back`) asks for changes; the lead reopens a decided answer
    (`reopen`).
    """
    ANSWER.transition(case, step_name, by=by, reason=reason)
    mails.notify_writers(mails.SENT_BACK, [case], by=by, reason=case.reason)
    undecided = {"source": "", "decided_on": None, "decided_by": None, "council_reference": "", "council_url": ""}
    Answer.objects.in_hand().filter(case=case).update(is_sent=False, **undecided)


@ANSWER.action("validate")
@transaction.atomic
def validate(case: AnswerCase, *, version: int, by: User) -> None:
    """Record the visa of the approver, or of whoever holds a delegation today."""
    step = ANSWER.require(case, "validate", by=by)
    answer, directorate_id = draft_as_read(case, version), case.directorate_id
    delegation = (
        None if directorate_id is None or is_approver(by, directorate_id) else delegation_for(by, directorate_id)
    )
    giver = delegation.giver if delegation else None
    facts = {"answer": answer.number, "value": answer.value}
    ANSWER.take(case, step, by=by, on_behalf_of=giver, facts=facts, validated_for=giver)
