"""Who reads and writes in the private thread of a referral: its team and the directorates named in it, nobody else."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from assembly.dossiers.reader_pages import ReaderPages, is_any_reader
from assembly.institution.rules import directorates_of, is_team
from consultations.enums import ReferralState
from consultations.models import DirectorateReview, Referral, ReferralDirectorate, ThreadMessage
from consultations.reviews.rules import is_copy_reader, works_in_directorate

THREAD_PAGES = ReaderPages(
    (lambda user, referral: is_team(user, referral.term_id), "consultations:thread"),
    (is_any_reader, "consultations:instruction-thread"),
)


def my_directorate(user: Any, referral: Referral) -> ReferralDirectorate | None:
    """Return the row of the directorate in whose name `user` writes."""
    rows = ReferralDirectorate.objects.filter(referral=referral, directorate__in=directorates_of(user))
    return rows.select_related("directorate").order_by("directorate__closed_on", "pk").last()


def can_read_thread(user: Any, referral: Referral) -> bool:
    """Return whether the user is of the team, or of a directorate named in it once it is more than a sketch."""
    if is_team(user, referral.term_id):
        return True
    return referral.state not in ReferralState.tagged("sketch") and my_directorate(user, referral) is not None


def can_post(user: Any, referral: Referral) -> bool:
    """Return whether the user may post: whoever reads, until the referral ends."""
    return not referral.is_ended and can_read_thread(user, referral)


def can_post_inside(user: Any, review: DirectorateReview) -> bool:
    """Return whether the user may post there: agents of the directorate and copy readers, until the referral ends."""
    return not review.referral.is_ended and (works_in_directorate(user, review) or is_copy_reader(user, review))


def can_read(user: Any, message: ThreadMessage) -> bool:
    """Return whether the user reads the thread of the message."""
    if (review := message.review) is None:
        return can_read_thread(user, message.referral)
    return works_in_directorate(user, review) or is_copy_reader(user, review)


def can_withdraw(user: Any, message: ThreadMessage) -> bool:
    """Return whether the user may withdraw it: one's own messages only, and once."""
    return message.author_id == user.pk and message.withdrawn_at is None and can_read(user, message)


def folded_name(text: str) -> str:
    """Return the text without accents and capitals, one space between words."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().replace("’", "'").split())


def mentioned(body: str, names: Iterable[tuple[int, str]]) -> set[int]:
    """Return whom « @Prénom Nom » names in `body`, among the people who may read it."""
    text = folded_name(body)
    return {pk for pk, name in names if re.search(rf"@{re.escape(folded_name(name))}(?!\w)", text)}
