"""Mail to the authors of suggestions about what becomes of them: one a working morning at most, optional."""

from collections import defaultdict
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.identity.models import Person
from assembly.institution.models import Assembly
from assembly.notifications.actions.daily import SEND_TIME
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.text.french import format_date
from assembly.text.working_days import is_quiet
from consultations.enums import ReferralOrigin
from consultations.models import Referral

KIND = "suggestion-news"
LOCK = 0x53554753  # « SUGS »


def suggestions_to_announce() -> QuerySet[Referral]:
    """Return the self-referrals whose author was not informed of their present state."""
    rows = Referral.objects.filter(origin=ReferralOrigin.SELF_REFERRAL).exclude(state=F("author_announced_state"))
    return rows.filter(suggested_by__is_active=True, suggested_by__person__anonymised_at=None)


def send_all(now: datetime) -> int:
    """Send this morning's news, unless it is too early or a day of rest; return the number of recipients."""
    local = timezone.localtime(now)
    if is_quiet(local) or local.time() < SEND_TIME:
        return 0
    homes = Assembly.objects.filter(pk__in=suggestions_to_announce().values("term__assembly")).defer("logo_png")
    return sum(send(assembly, local) for assembly in homes)


@transaction.atomic
def send(assembly: Assembly, local: datetime) -> int:
    """Send one distribution a day and an assembly, whatever the number of scheduler processes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, assembly.pk])
    key = f"{KIND}:{assembly.pk}:{local.date()}"
    if Distribution.objects.filter(key=key).exists():
        return 0
    by_author: dict[Person, list[Referral]] = defaultdict(list)
    rows = suggestions_to_announce().filter(term__assembly=assembly).select_related("suggested_by__person", "term")
    for referral in rows.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if referral.suggested_by is not None:
            by_author[referral.suggested_by.person].append(referral)
    referrals = [referral for group in by_author.values() for referral in group]
    if not referrals:
        return 0
    distribute(
        KIND,
        assembly,
        [Recipient(person, {"referrals": [referral.pk for referral in group]}) for person, group in by_author.items()],
        by=None,
        title=_("Vos sujets, %(day)s") % {"day": format_date(local.date())},
        key=key,
        term=max((referral.term for referral in referrals), key=lambda term: term.number),
        letter=False,
    )
    Referral.objects.filter(pk__in=[referral.pk for referral in referrals]).update(author_announced_state=F("state"))
    return len(by_author)
