"""A minority position: written, submitted, signed by others, keyed in from paper, withdrawn."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.web.versioned import Versioned
from opinions.adoption import rules
from opinions.adoption.queries import possible_authors
from opinions.adoption.workflow import POSITION, check_content
from opinions.models import MinorityCosigner, MinorityPosition, Opinion, PositionState
from sessions.models import Via

P = PositionState
DRAFT = Versioned()


@transaction.atomic
def save(
    opinion: Opinion, *, title: str, body: str, by: User, position: MinorityPosition | None = None, version: int = 0
) -> MinorityPosition:
    """Save a draft, or a submitted position that stays complete; raise EditConflict if another window saved since."""
    fields: dict[str, Any] = {"title": title.strip(), "body": body.strip()}
    if position is None:
        if not rules.can_write(by, opinion, timezone.localdate()):
            raise PermissionDenied
        return MinorityPosition.objects.create(opinion=opinion, author=by, **fields)
    step = POSITION.require(position, "edit", by=by)
    if position.version != version:
        raise DRAFT.conflict(position, fields)
    if position.state == P.SUBMITTED:
        check_content(MinorityPosition(opinion=opinion, author=by, **fields))
        # Who signed other words must sign again.
        position.cosigners.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    POSITION.take(position, step, by=by, version=version + 1, **fields)
    return position


@transaction.atomic
def record_for(opinion: Opinion, author: User, *, via: str, title: str, body: str, by: User) -> MinorityPosition:
    """Key in what a member gave on paper or by telephone, for the member to confirm."""
    if not rules.can_record(by, opinion, timezone.localdate()):
        raise PermissionDenied
    if via == Via.ACCOUNT or not possible_authors(opinion.term_id).filter(pk=author.pk).exists():
        raise ValidationError(_("Choisissez un membre de l’assemblée."), code="author")
    position = MinorityPosition(opinion=opinion, author=author, title=title.strip(), body=body.strip())
    check_content(position)
    position.state, position.submitted_at = P.SUBMITTED, timezone.now()
    position.recorded_by, position.via = by, Via(via)
    position.save()
    record("position.recorded", position, by=by, on_behalf_of=author.person, dossier=opinion, via=via)
    return position


@POSITION.action("discard")
@transaction.atomic
def discard(position: MinorityPosition, *, by: User) -> None:
    POSITION.require(position, "discard", by=by)
    MinorityPosition.objects.filter(pk=position.pk).delete()


@POSITION.action("sign")
@transaction.atomic
def sign(position: MinorityPosition, *, by: User) -> None:
    """Sign the position; a second call changes nothing."""
    step = POSITION.require(position, "sign", by=by)
    if not MinorityCosigner.objects.filter(position=position, user=by, withdrawn_at=None).exists():
        MinorityCosigner.objects.create(position=position, user=by, signed_at=timezone.now())
        POSITION.take(position, step, by=by)


@POSITION.action("unsign")
@transaction.atomic
def unsign(position: MinorityPosition, *, by: User) -> None:
    """Take one's signature back."""
    step = POSITION.require(position, "unsign", by=by)
    rows = MinorityCosigner.objects.filter(position=position, user=by, withdrawn_at=None)
    if rows.update(withdrawn_at=timezone.now()):
        POSITION.take(position, step, by=by)
