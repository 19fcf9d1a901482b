"""A minority position: written, submitted, signed by others, keyed in from paper, withdrawn."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.ui.versioned import Versioned
from opinions.enums import PositionState
from opinions.models import MinorityCosigner, MinorityPosition, Opinion
from opinions.queries.minority import possible_authors
from opinions.rules import minority as rules
from opinions.workflows.positions import POSITION, check_words
from sessions.enums import Via

P = PositionState
DRAFT = Versioned()


@transaction.atomic
def save(
    opinion: Opinion, *, title: str, body: str, by: User, position: MinorityPosition | None = None, version: int = 0
) -> MinorityPosition:
    """Keep a draft as it is written; what is submitted stays complete. EditConflict when another window saved it."""
    words: dict[str, Any] = {"title": title.strip(), "body": body.strip()}
    if position is None:
        if not rules.can_write(by, opinion, timezone.localdate()):
            raise PermissionDenied
        return MinorityPosition.objects.create(opinion=opinion, author=by, **words)
    step = POSITION.require(position, "edit", by=by)
    if position.version != version:
        raise DRAFT.conflict(position, words)
    if position.state == P.SUBMITTED:
        check_words(MinorityPosition(opinion=opinion, author=by, **words))
        # Whoever signed other words signs again.
        position.cosigners.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    POSITION.take(position, step, by=by, version=version + 1, **words)
    return position


@transaction.atomic
def record_for(opinion: Opinion, author: User, *, via: str, title: str, body: str, by: User) -> MinorityPosition:
    """Key in what a member gave on paper or by telephone; the member is asked to confirm."""
    if not rules.can_record(by, opinion, timezone.localdate()):
        raise PermissionDenied
    if via == Via.ACCOUNT or not possible_authors(opinion.term_id).filter(pk=author.pk).exists():
        raise ValidationError(_("Choisissez un membre de l’assemblée."), code="author")
    position = MinorityPosition(opinion=opinion, author=author, title=title.strip(), body=body.strip())
    check_words(position)
    position.state, position.submitted_at = P.SUBMITTED, timezone.now()
    position.recorded_by, position.via = by, Via(via)
    position.save()
    record("position.recorded", position, by=by, on_behalf_of=author.person, dossier=opinion, via=via)
    return position


@transaction.atomic
def discard(position: MinorityPosition, *, by: User) -> None:
    """Throw a draft away."""
    POSITION.require(position, "discard", by=by)
    MinorityPosition.objects.filter(pk=position.pk).delete()


@transaction.atomic
def sign(position: MinorityPosition, *, by: User) -> None:
    """One click; signed twice, it is signed once."""
    step = POSITION.require(position, "sign", by=by)
    if not MinorityCosigner.objects.filter(position=position, user=by, withdrawn_at=None).exists():
        MinorityCosigner.objects.create(position=position, user=by, signed_at=timezone.now())
        POSITION.take(position, step, by=by)


@transaction.atomic
def unsign(position: MinorityPosition, *, by: User) -> None:
    """Take one's signature back."""
    step = POSITION.require(position, "unsign", by=by)
    rows = MinorityCosigner.objects.filter(position=position, user=by, withdrawn_at=None)
    if rows.update(withdrawn_at=timezone.now()):
        POSITION.take(position, step, by=by)
