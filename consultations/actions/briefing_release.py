"""Opening of the pack to the members: now or at a chosen moment, once; then at most one mail a day about additions."""

from collections import defaultdict
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.notifications.actions.daily import SEND_TIME
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.text.french import format_date
from assembly.text.working_days import is_quiet
from assembly.workflow import StateConflict
from consultations.briefing.actions import lock_pack
from consultations.models import BriefingDocument, BriefingPack, Referral
from consultations.queries.briefing import documents_of, due_packs, for_members, members_to_notify, news
from consultations.rules import briefing as rules


def openable(referral: Referral, by: User) -> BriefingPack:
    """Return the locked pack; raise StateConflict if this user may not open it now."""
    pack = lock_pack(referral, by)
    if not rules.can_open(by, pack):
        raise StateConflict(pack.referral, "release")
    check_something_to_read(pack)
    return pack


def check_something_to_read(pack: BriefingPack) -> None:
    if not for_members(documents_of(pack)):
        raise ValidationError(_("Le dossier n’a aucun document à lire : ajoutez-en un."), code="empty")


@transaction.atomic
def release(referral: Referral, *, by: User) -> BriefingPack:
    """Open the pack now."""
    pack = openable(referral, by)
    _open(pack, by=by)
    return pack


@transaction.atomic
def schedule(referral: Referral, moment: datetime, *, by: User) -> BriefingPack:
    """Schedule the opening of the pack at that moment; a second choice replaces the first."""
    pack = openable(referral, by)
    if moment <= timezone.now():
        raise ValidationError(_("Choisissez un moment à venir."), code="past")
    BriefingPack.objects.filter(pk=pack.pk).update(release_at=moment, scheduled_by=by)
    record("briefing.scheduled", pack, by=by, dossier=referral, moment=moment)
    return pack


@transaction.atomic
def unschedule(referral: Referral, *, by: User) -> None:
    """Cancel the scheduled opening."""
    pack = lock_pack(referral, by)
    if not rules.can_open(by, pack):
        raise PermissionDenied
    if (
        BriefingPack.objects.filter(pk=pack.pk, released_at=None)
        .exclude(release_at=None)
        .update(release_at=None, scheduled_by=None)
    ):
        record("briefing.unscheduled", pack, by=by, dossier=referral)


def _open(pack: BriefingPack, *, by: User) -> None:
    """Open the pack by compare-and-swap, which lets one caller through; the messages are in the same transaction."""
    now = timezone.now()
    if not BriefingPack.objects.filter(pk=pack.pk, released_at=None).update(released_at=now, released_by=by):
        raise StateConflict(pack.referral, "release")
    pack.released_at = now
    referral = pack.referral
    BriefingDocument.objects.filter(pack=pack, announced_at=None).update(announced_at=now)
    people = members_to_notify(pack)
    distribute(
        "briefing-open",
        pack,
        [Recipient(person) for person in people],
        by=by,
        title=_("Dossier documentaire : %(title)s") % {"title": referral.title},
        term=referral.term,
        key=f"briefing:{pack.pk}",
    )
    record("briefing.released", pack, by=by, dossier=referral, people=len(people))


def release_due(now: datetime) -> int:
    """Open the packs whose moment has come and return how many; unschedule those that cannot be opened any more."""
    opened = 0
    for key in due_packs(now).values_list("pk", flat=True):
        with transaction.atomic():
            rows = BriefingPack.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
            pack = rows.select_related("referral__term__assembly", "scheduled_by").filter(pk=key).first()
            if pack is None or pack.is_released or pack.release_at is None or pack.release_at > now:
                continue
            by = pack.scheduled_by
            if by is not None and rules.can_open(by, pack) and for_members(documents_of(pack)):
                _open(pack, by=by)
                opened += 1
            else:
                BriefingPack.objects.filter(pk=pack.pk).update(release_at=None, scheduled_by=None)
                record("briefing.unscheduled", pack, by=None, dossier=pack.referral)
    return opened


def send_document_news(now: datetime) -> int:
    """Mail members the additions: one mail a day and a pack, from eight on, never at night or at weekends."""
    local = timezone.localtime(now)
    if is_quiet(local) or local.time() < SEND_TIME:
        return 0
    by_pack: dict[int, list[BriefingDocument]] = defaultdict(list)
    for document in news():
        by_pack[document.pack_id].append(document)
    return sum(_send_document_news(documents, local) for documents in by_pack.values())


@transaction.atomic
def _send_document_news(documents: list[BriefingDocument], local: datetime) -> int:
    pack = BriefingPack.objects.select_for_update(no_key=True).get(pk=documents[0].pack_id)
    pack.referral = referral = documents[0].pack.referral
    key = f"briefing-news:{pack.pk}:{local.date()}"
    waiting = BriefingDocument.objects.filter(pk__in=[row.pk for row in documents], announced_at=None)
    if referral.is_ended or Distribution.objects.filter(key=key).exists() or not waiting.exists():
        return 0
    document_ids = list(waiting.order_by("position", "pk").values_list("pk", flat=True))
    distribute(
        "briefing-news",
        pack,
        [Recipient(person, {"documents": document_ids}) for person in members_to_notify(pack)],
        by=None,
        title=_("Nouveaux documents, %(day)s : %(title)s") % {"day": format_date(local), "title": referral.title},
        term=referral.term,
        key=key,
    )
    BriefingDocument.objects.filter(pk__in=document_ids).update(announced_at=timezone.now())
    record("briefing.news_sent", pack, by=None, dossier=referral, documents=len(document_ids))
    return 1
