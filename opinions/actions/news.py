"""Mails about an opinion: one mail for each person and event, always after an act of somebody."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from assembly.identity.models import Person, User
from assembly.institution.enums import Role
from assembly.institution.models import RoleAssignment
from assembly.notifications.actions.distributions import Recipient, distribute
from consultations.reviews.queries import contacts_of
from opinions import mails as kinds
from opinions.checks.queries import waited_people
from opinions.models import Opinion, OpinionSection, ServicesRequest
from opinions.queries.opinions import everybody, followers, members_of


def send(
    opinion: Opinion,
    kind: type[kinds.OpinionMessage],
    people: Iterable[Person],
    key: str,
    *,
    by: User | None,
    about: OpinionSection | ServicesRequest | None = None,
    letter: bool = True,
) -> None:
    distribute(
        kind.kind,
        about or opinion,
        [Recipient(person) for person in people],
        by=by,
        title=str(kind.title) % {"title": opinion.title},
        term=opinion.term,
        key=key,
        letter=letter,
    )


def stamp_news(moment: datetime | None) -> str:
    """Return a moment as a part of a key, so that a step that is taken again is announced again."""
    return f"{moment or timezone.now():%Y%m%d%H%M%S%f}"


def announce_texts(opinion: Opinion, sections: list[OpinionSection], *, by: User) -> None:
    send(opinion, kinds.TextsOpen, members_of(sections), f"opinion-open:{opinion.pk}", by=by)


def announce_validation(section: OpinionSection, *, by: User) -> None:
    people = [user.person for user in followers(section.opinion) if user.pk != by.pk]
    key = f"opinion-section:{section.pk}:{stamp_news(None)}"
    send(section.opinion, kinds.SectionValidated, people, key, by=by, about=section, letter=False)


def send_check_request(request: ServicesRequest, *, by: User) -> None:
    people = [user.person for user in contacts_of(request.directorate_id)]
    send(request.opinion, kinds.CheckAsked, people, f"opinion-check:{request.pk}", by=by, about=request, letter=False)


def send_inherited_check(request: ServicesRequest, *, by: User | None) -> None:
    """Write to those who must act in the directorate that goes on with the request of a closed one."""
    people = [user.person for user in waited_people(request)]
    key = f"opinion-check:{request.pk}:{request.directorate_id}"
    send(request.opinion, kinds.CheckAsked, people, key, by=by, about=request, letter=False)


def send_check_reminder(request: ServicesRequest, *, by: User) -> None:
    """Send the reminder to those who must act; its key allows one a day."""
    people = [user.person for user in waited_people(request)]
    key = f"opinion-check-again:{request.pk}:{timezone.localdate()}"
    send(request.opinion, kinds.CheckReminded, people, key, by=by, about=request, letter=False)


def office_people(opinion: Opinion) -> list[Person]:
    """Return the people of the president's office and the sponsor."""
    roles = RoleAssignment.objects.filter(
        term=opinion.term_id, role__in=[Role.PRESIDENT, Role.SPONSOR], ended_at=None, user__is_active=True
    )
    rows = Person.objects.filter(pk__in=roles.values("user__person"))
    return list(rows.order_by("sort_name", "pk"))


def announce_tabling(opinion: Opinion, *, by: User) -> None:
    people = [*everybody(opinion), *office_people(opinion)]
    send(opinion, kinds.Tabled, people, f"opinion-tabled:{opinion.pk}:{stamp_news(opinion.tabled_at)}", by=by)


def announce_adoption(opinion: Opinion, *, by: User) -> None:
    people = [*everybody(opinion), *office_people(opinion)]
    send(opinion, kinds.Adopted, people, f"opinion-adopted:{opinion.pk}", by=by)


def announce_handover(opinion: Opinion, *, by: User) -> None:
    people = [*everybody(opinion), *office_people(opinion)]
    key = f"opinion-handed:{opinion.pk}:{opinion.handed_over_on}"  # one key for each day of handover
    send(opinion, kinds.HandedOver, people, key, by=by)
