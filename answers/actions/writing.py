"""What a directorate does with a file: write, send to the visa, give it, send back."""

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
    """Keep the fields that `by` changed, unless somebody changed the same ones meanwhile: EditConflict, both texts.

    `bases`: what each field said when it was read; without it everything counts as changed, and a save on an older
    version as a conflict. A file that went on meanwhile (sent, taken back) is a conflict too. The words that came
    second are set aside.
    """
    if not ANSWER.holds_right(by, file, "draft"):
        raise PermissionDenied
    typed = {name: stored(words) for name, words in values.items() if name in CONTENT}
    read = {name: stored(words) for name, words in bases.items() if name in CONTENT}
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
    """The version in hand, what this writer changed of it, and of this what somebody else changed too; written if
    that is none."""
    lock(file)
    answer = open_draft(file) if ANSWER.step(file, "draft") else _last(file)
    standing = content_of(answer)
    changed, clash = field_changes(standing, typed, (standing if version == answer.version else {}) | read)
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
    """What a directorate writes, as it stands."""
    return {name: getattr(answer, name) for name in CONTENT}


@transaction.atomic
def _set_aside(file: AnswerFile, content: dict[str, Any], by: User) -> None:
    """Keep the second text; the same one is kept once."""
    told = {name: str(words) for name, words in content.items() if words}
    last = AnswerAside.objects.filter(file=file, by=by).first()
    if last is None or last.content != told:
        AnswerAside.objects.create(file=file, content=told, by=by)


def stored(words: Any) -> Any:
    return check_text(words).strip() if isinstance(words, str) else words


def as_read(file: AnswerFile, version: int) -> Answer:
    """What is signed is what was read."""
    answer = open_draft(file)
    if answer.version != version:
        raise ValidationError(_("Le texte a changé depuis votre relecture : relisez-le."), code="changed")
    return answer


@transaction.atomic
def submit(file: AnswerFile, *, version: int, by: User) -> None:
    """Send the answer to the visa of the lead directorate; what another value had asked for is left out of it."""
    step = ANSWER.require(file, "submit", by=by)
    answer = as_read(file, version)
    whole = of_its_value(content_of(answer))
    Answer.objects.filter(pk=answer.pk).update(is_sent=True, **whole)
    asked = file.reason  # the step erases it
    ANSWER.take(file, step, by=by, facts={"answer": answer.number, "value": answer.value})
    news.ask_for_visa(file, by=by, reason=asked)


@transaction.atomic
def send_back(file: AnswerFile, *, verb: str = "return", reason: str, by: User) -> None:
    """The approver (`return`) or the elected sponsor (`send_back`) asks for changes, the lead opens again what was
    decided (`reopen`): the directorates write again and read why."""
    ANSWER.transition(file, verb, by=by, reason=reason)
    news.tell_writers(news.SENT_BACK, [file], by=by, reason=file.reason)
    undecided = {"source": "", "decided_on": None, "decided_by": None, "council_reference": "", "council_url": ""}
    Answer.objects.in_hand().filter(file=file).update(is_sent=False, **undecided)


@transaction.atomic
def validate(file: AnswerFile, *, version: int, by: User) -> None:
    """Visa of the approver, or of the one who holds a delegation today."""
    step = ANSWER.require(file, "validate", by=by)
    answer, place = as_read(file, version), file.directorate_id
    delegation = None if place is None or is_approver(by, place) else delegation_for(by, place)
    giver = delegation.giver if delegation else None
    facts = {"answer": answer.number, "value": answer.value}
    ANSWER.take(file, step, by=by, on_behalf_of=giver, facts=facts, validated_for=giver)
