"""What a directorate does with a file: write, send to the visa, give it, send back."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answers.actions.files import open_draft
from answers.models import Answer, AnswerFile
from answers.models.answer import CONTENT
from answers.rules.content import of_its_value
from answers.workflows import ANSWER
from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.ui.printable import check_text
from assembly.ui.versioned import Versioned
from assembly.workflow import lock
from consultations.rules.reviews import delegation_for, is_approver

SAVED = Versioned(by="saved_by", at="saved_at")


@transaction.atomic
def save(file: AnswerFile, values: Mapping[str, Any], *, version: int, by: User) -> Answer:
    """Keep what a directorate writes, unless somebody saved since `version` was read: EditConflict, with both texts.

    A file that went on meanwhile (sent, taken back) is a conflict too, so that nothing typed is lost.
    """
    if not ANSWER.holds_right(by, file, "draft"):
        raise PermissionDenied
    lock(file)
    answer = open_draft(file) if ANSWER.step(file, "draft") else file.answers.order_by("-number").first()
    written = {name: stored(words) for name, words in values.items() if name in CONTENT}
    if answer is None or not ANSWER.can_take(by, file, "draft"):
        raise SAVED.conflict(answer or Answer(file=file, number=1), written, is_closed=True)
    first = answer.saved_by_id != by.pk
    SAVED.save(answer, {**written, "saved_at": timezone.now(), "saved_by": by}, version=version, published_at=None)
    if first:
        record("answer.saved", file, by=by, dossier=file.opinion, version=answer.version, reference=file.reference)
    return answer


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
    whole = of_its_value({name: getattr(answer, name) for name in CONTENT})
    Answer.objects.filter(pk=answer.pk).update(is_sent=True, **whole)
    ANSWER.take(file, step, by=by, facts={"answer": answer.number, "value": answer.value})


@transaction.atomic
def send_back(file: AnswerFile, *, verb: str = "return", reason: str, by: User) -> None:
    """The approver (`return`) or the elected sponsor (`send_back`) asks for changes, the lead opens again what was
    decided (`reopen`): the directorates write again and read why."""
    ANSWER.transition(file, verb, by=by, reason=reason)
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
