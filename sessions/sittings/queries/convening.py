"""Recipients of a convocation, and warnings before it is sent."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.identity.models import Person, User
from assembly.institution.enums import CommitteeFunction
from assembly.institution.models import CommitteeMembership, RoleAssignment, Term
from assembly.text.french import format_duration, format_span, nbsp
from members.queries import active_mandates, former_person_ids
from sessions.agenda.queries import AgendaLine, agenda_of, end_time, open_actions
from sessions.enums import Reply, SittingKind
from sessions.models import Invitee, Sitting
from sessions.queries.notices import snapshot
from sessions.rules.links import preview_fingerprint


@dataclass(frozen=True)
class Convened:
    """One person to convene; members of the body count for the quorum and vote."""

    person: Person
    is_member: bool
    capacity: str = ""

    @property
    def is_letter(self) -> bool:
        return self.person.is_paper

    @property
    def has_no_address(self) -> bool:
        """Return whether there is neither a mail address nor a postal one: somebody must telephone."""
        return self.is_letter and not self.person.address.strip()


@dataclass(frozen=True)
class NoticePreview:
    """Content of the confirmation page, before anything is sent."""

    people: list[Convened]
    warnings: list[str]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Return a short fingerprint of the recipients and the text, to check that what is sent is what was read."""
        return preview_fingerprint([sorted((one.person.pk, one.is_letter) for one in self.people), self.facts])

    @property
    def by_mail(self) -> list[Convened]:
        return [one for one in self.people if not one.is_letter]

    @property
    def by_letter(self) -> list[Convened]:
        return [one for one in self.people if one.is_letter]

    @property
    def members(self) -> list[Convened]:
        return [one for one in self.people if one.is_member]

    @property
    def guests(self) -> list[Convened]:
        return [one for one in self.people if not one.is_member]


def body_of(sitting: Sitting) -> list[Convened]:
    """Return the members of the plenary, or of the committee, on the day of the sitting."""
    day = timezone.localdate(sitting.starts_at)
    if sitting.kind == SittingKind.PLENARY:
        return [Convened(mandate.member.person, is_member=True) for mandate in active_mandates(sitting.term_id, day)]
    seats = (
        CommitteeMembership.objects.filter(committee=sitting.committee_id, starts_on__lte=day)
        .exclude(ends_on__lt=day)
        .select_related("person")
        .order_by("person__sort_name", "pk")
    )
    convened: dict[int, Convened] = {}
    for seat in seats:
        title = "" if seat.function == CommitteeFunction.MEMBER else seat.get_function_display()
        capacity = title or (convened[seat.person_id].capacity if seat.person_id in convened else seat.person.capacity)
        convened[seat.person_id] = Convened(seat.person, is_member=True, capacity=capacity)
    return list(convened.values())


def people_to_convene(sitting: Sitting) -> list[Convened]:
    """Return the body, then the guests, the chair and the secretary if they are not members of it."""
    convened = {one.person.pk: one for one in body_of(sitting)}
    guests = Invitee.objects.expected().filter(sitting=sitting, is_member=False).select_related("person")
    others = [(guest.person, guest.capacity) for guest in guests.order_by("person__sort_name", "pk")]
    functions = ((sitting.chair, _("présidence")), (sitting.secretary, _("secrétariat")))
    others += [(person, capacity) for person, capacity in functions if person is not None]
    gone = departed([person.pk for person, _capacity in others], sitting.term)
    for person, capacity in others:
        if person.pk not in gone:
            convened.setdefault(person.pk, Convened(person, is_member=False, capacity=capacity))
    return list(convened.values())


def silent_people(sitting: Sitting) -> tuple[list[Person], list[Person]]:
    """Return those who have not answered: those with e-mail, and those by letter, whom somebody calls."""
    silent = Invitee.objects.expected().filter(sitting=sitting, reply=Reply.INVITED).select_related("person")
    people = [invitee.person for invitee in silent.order_by("person__sort_name", "pk")]
    return [one for one in people if not one.is_paper], [one for one in people if one.is_paper]


def call_sentences(people: Iterable[Person]) -> list[str]:
    """Return « À appeler, sans courriel : Rosa Vidal (05 61 00 00 00), Jean Roux. », or nothing."""
    names = ", ".join(f"{one.full_name} ({one.phone})" if one.phone else one.full_name for one in people)
    return [_("À appeler, sans courriel : %(names)s.") % {"names": names}] if names else []


def departed(people: Collection[int], term: Term) -> set[int]:
    """Return those who had a role or a mandate here and have none now, are suspended, or are erased.

    An expert who never had a role or a mandate has not left.
    """
    if not people:
        return set()
    roles = RoleAssignment.objects.filter(assembly=term.assembly_id, user__person__in=people)
    holding = roles.filter(ended_at=None, user__is_active=True).values_list("user__person", flat=True)
    closed = User.objects.filter(person__in=people, is_active=False).values_list("person", flat=True)
    erased = Person.objects.filter(pk__in=people).exclude(anonymised_at=None).values_list("pk", flat=True)
    had = {*roles.values_list("user__person", flat=True), *former_person_ids(term, people)}
    return (had - {*holding}) | {*closed} | {*erased}


def preview(sitting: Sitting) -> NoticePreview:
    """Return the recipients of a convocation sent now, with warnings."""
    people, lines = people_to_convene(sitting), agenda_of(sitting, internal=False)
    warnings = [*warnings_of(sitting, lines), *people_warnings(people)]
    return NoticePreview(people, [nbsp(warning) for warning in warnings], snapshot(sitting, lines))


def warnings_of(sitting: Sitting, lines: list[AgendaLine]) -> Iterable[str]:
    days = (timezone.localdate(sitting.starts_at) - timezone.localdate()).days
    if sitting.starts_at <= timezone.now():
        yield _("La date de la séance est passée.")
    elif days < sitting.term.notice_days:
        yield _("La séance a lieu dans %(days)s ; le délai de convocation est de %(notice)s.") % {
            "days": format_span(days),
            "notice": format_span(sitting.term.notice_days),
        }
    if timezone.localdate(sitting.starts_at) > sitting.term.ends_on:
        yield _("La séance a lieu après la fin de la mandature.")
    if not lines:
        yield _("L’ordre du jour est vide.")
    elif (end := end_time(lines)) and end > sitting.ends_at + timedelta(minutes=1):
        late = round((end - sitting.ends_at).total_seconds() / 60)
        yield _("L’ordre du jour dépasse la fin prévue de %(time)s.") % {"time": format_duration(late)}
    if not sitting.place_name and not sitting.video_link:
        yield _("Ni lieu, ni lien de visioconférence.")
    if open_actions(sitting).exists() and not any(line.item.kind == "actions" for line in lines):
        yield _("Des actions décidées auparavant sont encore ouvertes, sans point « Suivi des actions ».")


def people_warnings(people: list[Convened]) -> Iterable[str]:
    if not any(one.is_member for one in people):
        yield _("Personne n’est membre de cette instance à la date de la séance.")
    unreachable = [one.person.full_name for one in people if one.has_no_address]
    if unreachable:
        yield _("Ni courriel, ni adresse postale : %(names)s. Téléphonez-leur.") % {"names": ", ".join(unreachable)}
