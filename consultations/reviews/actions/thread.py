"""Discussion between the team and the directorates. It never changes anything in the members' text."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import DIRECTORATE_ROLES
from assembly.institution.rules import directorate_ids, is_team
from assembly.text.printable import clean_text
from consultations.digest import actions as digest
from consultations.digest.models import DeskEventKind
from consultations.models import DeskEvent, DirectorateReview, Referral, ThreadMessage
from consultations.referrals.workflow.shared_steps import share_referral
from consultations.reviews import rules
from consultations.reviews.queries import readers_of, users_among
from consultations.reviews.rules import works_in_directorate


@transaction.atomic
def post(referral: Referral, body: str, *, mentions: Iterable[int] = (), by: User) -> ThreadMessage:
    """Post a message; those named with « @ » or chosen have a line in their next daily mail."""
    share_referral(referral, "post", rules.can_post_in_thread, by=by)
    if not (text := clean_text(body).strip()):
        raise ValidationError(_("Écrivez votre message."), code="empty")
    row = None if is_team(by, referral.term_id) else rules.my_directorate(by, referral)
    message = ThreadMessage.objects.create(
        referral=referral, author=by, directorate=row.directorate if row else None, body=text
    )
    record("thread.posted", message, by=by, dossier=referral, mentions=notify_mentioned(message, mentions))
    return message


@transaction.atomic
def post_inside(
    review: DirectorateReview,
    body: str,
    *,
    mentions: Iterable[int] = (),
    field: str = "",
    quote: str = "",
    by: User,
) -> ThreadMessage:
    """Post in the private thread of the directorate; `quote`: about a passage of the answer, in `field`.

    Its audit entry belongs to the request, not to the referral: the team does not read it.
    """
    referral = review.referral
    share_referral(referral, "post", lambda user, _row: rules.can_post_inside(user, review), by=by)
    if not (text := clean_text(body).strip()):
        raise ValidationError(_("Écrivez votre message."), code="empty")
    directorate_id = (
        review.directorate_id if works_in_directorate(by, review) else min(directorate_ids(by, DIRECTORATE_ROLES))
    )
    message = ThreadMessage.objects.create(
        referral=referral,
        review=review,
        author=by,
        directorate_id=directorate_id,
        body=text,
        field=field if quote else "",
        quote=clean_text(quote).strip(),
    )
    record("review.discussed", message, by=by, dossier=review, mentions=notify_mentioned(message, mentions))
    return message


def notify_mentioned(message: ThreadMessage, chosen: Iterable[int]) -> int:
    """Add a line to the daily mail of the readers named with « @ » or chosen; return how many."""
    referral, review = message.referral, message.review
    names = [(reader.pk, reader.name) for reader in readers_of(referral, review)]
    keys = rules.mentioned(message.body, names) | set(chosen)
    people = list(users_among(referral, keys, review).exclude(pk=message.author_id))
    message.mentions.set(people)
    for user in people:
        digest.add_digest_line(user, DeskEventKind.MENTION, referral, key=f"mention:{message.pk}", message=message)
    return len(people)


@transaction.atomic
def withdraw(message: ThreadMessage, *, by: User) -> None:
    """Withdraw one's own message: its position in the thread shows it, and notices not yet sent are dropped."""
    if not rules.can_withdraw_message(by, message):
        raise PermissionDenied
    now = timezone.now()
    if ThreadMessage.objects.filter(pk=message.pk, withdrawn_at=None).update(withdrawn_at=now):
        message.withdrawn_at = now
        DeskEvent.objects.filter(message=message, sent_at=None, dropped_at=None).update(dropped_at=now)
        record("thread.withdrawn", message, by=by, dossier=message.review or message.referral)
