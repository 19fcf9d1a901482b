"""Links of followers, each of which opens one thing and expires with its row; who rates, under which pseudonym."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from answers.models import Answer, AnswerCase, Follower, Following
from answers.voice.models import COLUMNS
from assembly.identity.personal_links import PersonalLink
from assembly.institution.models import Role
from assembly.institution.rules import has_role

CONFIRMED_WITHIN = timedelta(days=3)
FOLLOWED_FOR = timedelta(days=3 * 365)
# A mail leaves when nothing has happened for `QUIET`, and on a day without a pause after `LONGEST` at the latest.
QUIET, LONGEST = timedelta(minutes=30), timedelta(hours=4)
CONFIRM = PersonalLink("answers.following.confirm", CONFIRMED_WITHIN)
STOP = PersonalLink("answers.following.stop", None)


def is_open(following: Following, now: datetime) -> bool:
    """Return whether the confirmation link may still be used."""
    return following.is_pending and following.asked_at >= now - CONFIRMED_WITHIN


def address_of(follower: Follower) -> str:
    return follower.person.email if follower.person else follower.address


def demand_of(following: Following) -> str:
    """Return the name of this request; one that was stopped, or made again after its end, has another name."""
    return f"{following.pk}-{following.asked_at:%Y%m%d%H%M%S%f}"


def confirmation_token(following: Following) -> str:
    return CONFIRM.token(demand_of(following), address_of(following.follower))


def following_of(token: str) -> Following | None:
    """Return the request that this link confirms; None for a forged link, or if the request or address is gone."""
    if (sent := CONFIRM.read(token)) is None:
        return None
    rows = Following.objects.select_related("follower__person", "recommendation__opinion", *COLUMNS.values())
    row = rows.filter(pk=sent.name.partition("-")[0]).first()
    return row if row and demand_of(row) == sent.name and sent.opens(address_of(row.follower)) else None


def stop_token(follower: Follower) -> str:
    return STOP.token(str(follower.public_id), address_of(follower))


def follower_behind(token: str) -> tuple[bool, Follower | None]:
    """Return whether this link ends, or has ended, a subscription, and its follower if the row still exists.

    A link for another address than the present one opens nothing.
    """
    if (sent := STOP.read(token)) is None:
        return False, None
    follower = Follower.objects.filter(public_id=UUID(sent.name)).select_related("person").first()
    if follower is not None and not sent.opens(address_of(follower)):
        return False, None
    return True, follower


def is_assembly_member(user: Any, case: AnswerCase) -> bool:
    """Return whether the user is a member of the assembly that is answered, in any of its terms."""
    return has_role(user, Role.MEMBER, assembly=case.opinion.term.assembly_id)


def can_rate(user: Any, answer: Answer) -> bool:
    return answer.is_published and is_assembly_member(user, answer.case)


def pseudonyms(person_id: int, answer_id: int) -> list[str]:
    """Return the keyed digests of both: with the present secret key first, then with its former ones."""
    message = f"{person_id}:{answer_id}"
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac("answers.ratings", message, secret=key, algorithm="sha256").hexdigest() for key in keys]
