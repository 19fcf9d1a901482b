"""Actions of a directorate on a case: write, submit for the visa, give the visa, send back."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.actions.files import open_draft
from answers.models import Answer, AnswerAside, AnswerFile
from answers.models.answer import CONTENT
from answers.notifications import room as news
from answers.rules.content import of_its_value
from answers.workflows import ANSWER
from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.ui.printable import check_text
from assembly.ui.versioned import Versioned, field_changes
from assembly.workflow import lock
from consultations.rules.reviews import delegation_for, is_approver

SAVED = Versioned(by="saved_by", at="saved_at")


def save(
    file: AnswerFile,
    values: Mapping[str, Any],
    *,
    version: int,
    by: User,
    bases: Mapping[str, Any] = MappingProxyType({}),
) -> Answer:
    """Save the fields that `by` changed; raise EditConflict with both texts if somebody changed the same ones.

    `bases`: each field as this writer read it; without it everything counts as changed, and a save on an older version
    as a conflict. A case that changed state meanwhile (sent, taken back) is a conflict too. The text that came second
    is stored as an `AnswerAside`.
    """
    if not ANSWER.holds_right(by, file, "draft"):
        raise PermissionDenied
    typed = {name: stored(text) for name, text in values.items() if name in CONTENT}
    read = {name: stored(text) for name, text in bases.items() if name in CONTENT}
    answer, changed, clash = _save_if_first(file, typed, read, version=version, by=by)
    is_closed = bool(changed) and not ANSWER.can_take(by, file, "draft")
    if not clash and not is_closed:
        return answer
    _set_aside(file, content_of(answer) | changed, by)
    raise SAVED.conflict(answer, changed if is_closed else clash, is_closed=is_closed)


@transaction.atomic
def _save_if_first(
    file: AnswerFile, typed: dict[str, Any], read: dict[str, Any], *, version: int, by: User
) -> tuple[Answer, dict[str, Any], dict[str, Any]]:
    """Write the draft unless fields clash; return it, the changed fields, and those that somebody else changed too."""
    lock(file)
    answer = open_draft(file) if ANSWER.step(file, "draft") else _last(file)
    content = content_of(answer)
    changed, clash = field_changes(content, typed, (content if version == answer.version else {}) | read)
    if changed and not clash and ANSWER.can_take(by, file, "draft"):
        first = answer.saved_by_id != by.pk
        written = {**changed, "saved_at": timezone.now(), "saved_by": by}
        SAVED.save(answer, written, version=answer.version, published_at=None)
        if first:
            record("answer.saved", file, by=by, dossier=file.opinion, version=answer.version, reference=file.reference)
        return answer, {}, {}
    return answer, changed, clash


def _last(file: AnswerFile) -> Answer:
    return file.answers.order_by("-number").first() or Answer(file=file, number=1)


def content_of(answer: Answer) -> dict[str, Any]:
    """Return the fields that a directorate writes, as they are saved."""
    return {name: getattr(answer, name) for name in CONTENT}


@transaction.atomic
def _set_aside(file: AnswerFile, content: dict[str, Any], by: User) -> None:
    """Store the losing text of an edit conflict; the same text is stored once."""
    texts = {name: str(text) for name, text in content.items() if text}
    last = AnswerAside.objects.filter(file=file, by=by).first()
    if last is None or last.content != texts:
        AnswerAside.objects.create(file=file, content=texts, by=by)


def stored(field_value: Any) -> Any:
    return check_text(field_value).strip() if isinstance(field_value, str) else field_value


def as_read(file: AnswerFile, version: int) -> Answer:
    """Return the draft, or raise ValidationError if it is not the version that was read: only that one is signed."""
    answer = open_draft(file)
    if answer.version != version:
        raise ValidationError(_("Le texte a changé depuis votre relecture : relisez-le."), code="changed")
    return answer


@transaction.atomic
def submit(file: AnswerFile, *, version: int, by: User) -> None:
    """Submit the answer for the visa of the lead directorate, without the fields that only another value needs."""
    step = ANSWER.require(file, "submit", by=by)
    answer = as_read(file, version)
    whole = of_its_value(content_of(answer))
    Answer.objects.filter(pk=answer.pk).update(is_sent=True, **whole)
    change_request = file.reason  # the step clears it
    ANSWER.take(file, step, by=by, facts={"answer": answer.number, "value": answer.value})
    news.ask_for_visa(file, by=by, reason=change_request)


@transaction.atomic
def send_back(file: AnswerFile, *, verb: str = "return", reason: str, by: User) -> None:
    """Send an answer back to the directorates, which read the reason and write again.

    The approver (`return`) or the elected sponsor (`send_back`) asks for changes; the lead reopens a decided answer
    (`reopen`).
    """
    ANSWER.transition(file, verb, by=by, reason=reason)
    news.tell_writers(news.SENT_BACK, [file], by=by, reason=file.reason)
    undecided = {"source": "", "decided_on": None, "decided_by": None, "council_reference": "", "council_url": ""}
    Answer.objects.in_hand().filter(file=file).update(is_sent=False, **undecided)


@transaction.atomic
def validate(file: AnswerFile, *, version: int, by: User) -> None:
    """Record the visa of the approver, or of whoever holds a delegation today."""
    step = ANSWER.require(file, "validate", by=by)
    answer, directorate_id = as_read(file, version), file.directorate_id
    delegation = (
        None if directorate_id is None or is_approver(by, directorate_id) else delegation_for(by, directorate_id)
    )
    giver = delegation.giver if delegation else None
    facts = {"answer": answer.number, "value": answer.value}
    ANSWER.take(file, step, by=by, on_behalf_of=giver, facts=facts, validated_for=giver)
