"""New links, sent to the address on file, for whoever opens an expired link of a candidature."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.identity.actions.attempts import count_attempt, may_attempt
from assembly.identity.attempts import mailbox_limits
from assembly.notifications.actions.distributions import Recipient, distribute
from draws.candidates import rules
from draws.candidates.actions import KIND, ask_guardian, candidature_limits, send_link
from draws.enums import CandidateState
from draws.models import Candidate, PoolEntry

ENTRY_MAIL = "draw-entry"


@transaction.atomic
def renew_link(token: str, *, ip: str) -> None:
    """Send a new link to the address on file, if any; the answer does not reveal it. Raise TooManyAttempts."""
    for link, send in (
        (rules.PAGE, renew_page),
        (rules.CODE, renew_page),
        (rules.GUARDIAN, renew_guardian),
        (rules.ENTRY, renew_entry),
    ):
        if (sent := link.read(token)) is not None:
            count_attempt(candidature_limits(ip, sent.name))
            send(sent.name)
            return


def renew_page(name: str) -> None:
    row = Candidate.objects.filter(public_id=name).first()
    if row is not None and row.email and may_attempt(mailbox_limits(KIND, row.email)):
        send_link(row, by=None)


def renew_guardian(name: str) -> None:
    row = Candidate.objects.filter(public_id=name, state=CandidateState.SUBMITTED).first()
    if row is not None and row.guardian_email and may_attempt(mailbox_limits(KIND, row.guardian_email)):
        ask_guardian(row)


def renew_entry(key: str) -> None:
    """Send the link to the frozen list where the candidate’s address is confirmed; else ask the address to confirm."""
    entry = PoolEntry.objects.filter(key=key, candidate__isnull=False).select_related("candidate").first()
    if entry is None or not entry.applicant.has_confirmed_address:
        renew_page(entry.applicant.public_id.hex if entry else "0" * 32)
    elif may_attempt(mailbox_limits(KIND, entry.applicant.email)):
        write_entry_again(entry)


def write_entry_again(entry: PoolEntry) -> None:
    draw = entry.pool.draw
    distribute(
        ENTRY_MAIL,
        draw,
        [Recipient(None, {"entry": entry.pk}, mark=f"entry:{entry.pk}:{timezone.localtime():%H%M}")],
        by=None,
        title=_("Liens personnels des candidatures"),
        key=f"{ENTRY_MAIL}:{entry.pool_id}:again:{timezone.localdate()}",
        term=draw.term,
        grows=True,
    )
