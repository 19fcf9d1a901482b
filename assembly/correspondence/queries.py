"""Recipients of a message: who they are, how each is reached, which fields are empty for whom, who was left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from assembly.correspondence.models import MessageFile, MessageRecipient, SavedText, SavedTextState, TeamMessage
from assembly.correspondence.registry import group_of
from assembly.correspondence.rules import PERSON_FIELDS, fields_in, fill_text, values_for
from assembly.documents.models import Document
from assembly.documents.rules import can_read_document
from assembly.identity.models import ContactChannel, Person
from assembly.institution.models import Term
from assembly.notifications.models import Delivery, DeliveryState
from assembly.notifications.preferences import opted_out
from assembly.text.french import Label

NAMED = 5
PAPER = Q(channel=ContactChannel.PAPER) | Q(email="")
WITHOUT_ADDRESS = PAPER & Q(address="", postcode="", city="")


def people_to_freeze(message: TeamMessage, user: Any) -> list[Person]:
    """Return whom the message would reach now, each person once.

    Two records of one name and one address are one person. Whoever refuses such mail and has no account on which to
    read it is left out.
    """
    group = group_of(message.group)
    rows = group.chosen(message.subject, QueryDict(message.query), user).filter(anonymised_at=None)
    people = list(Person.objects.filter(pk__in=rows.order_by().values("pk")).select_related("user").order_by("pk"))
    silent = out_of_reach(message, people)
    unique: dict[Any, Person] = {}
    for person in people:
        if person.pk not in silent:
            unique.setdefault((person.sort_name, person.email.lower()) if person.email else person.pk, person)
    return list(unique.values())


def out_of_reach(message: TeamMessage, people: Iterable[Person]) -> set[int]:
    """Return the keys of those who refuse such mail and have no account on which to read it."""
    if group_of(message.group).is_own_dossier:
        return set()
    return opted_out([person for person in people if not hasattr(person, "user")])


def recipients_of(message: TeamMessage) -> QuerySet[Person]:
    """Return the frozen recipients, in the order of their names."""
    rows = MessageRecipient.objects.filter(message=message, is_left_out=False)
    return Person.objects.filter(pk__in=rows.values("person")).order_by("sort_name", "pk")


def concerned(message: TeamMessage) -> QuerySet[Person]:
    """Return the people whom the group still concerns, and who were not erased."""
    return group_of(message.group).people_for(message.subject, message.term).filter(anonymised_at=None)


@dataclass(frozen=True)
class EmptyField:
    """Field of the text that is empty for some people: how many, and the names of the first ones."""

    key: str
    label: Label
    count: int
    names: list[str]

    @property
    def control(self) -> str:
        """Return the name of the control that asks what stands for it, the same when another field is filled in."""
        return f"empty_{self.key}"


def empty_fields(message: TeamMessage) -> list[EmptyField]:
    """Return the fields of the text that are empty for some of the recipients."""
    group, empty = group_of(message.group), []
    for key in fields_in(message.title, message.body):
        if key in PERSON_FIELDS:
            label, column = PERSON_FIELDS[key]
            rows = recipients_of(message).filter(**{column: ""})
            if count := rows.count():
                empty.append(EmptyField(key, label, count, [person.full_name for person in rows[:NAMED]]))
        elif not message.facts.get(key):
            empty.append(EmptyField(key, group.fields.get(key, key), message.count, []))
    return empty


def ways_of(message: TeamMessage) -> dict[str, int]:
    """Count the recipients by mail, by letter, on the site alone (they refuse such mail), and without any address."""
    people = recipients_of(message)
    silent = set() if group_of(message.group).is_own_dossier else opted_out(people)
    counts: dict[str, int] = people.exclude(pk__in=silent).aggregate(
        mails=Count("pk", filter=~PAPER),
        letters=Count("pk", filter=PAPER & ~WITHOUT_ADDRESS),
        without=Count("pk", filter=WITHOUT_ADDRESS),
    )
    return counts | {"on_site": len(silent)}


@dataclass(frozen=True)
class Preview:
    """The message as one of the recipients will read it, with their place among all."""

    person: Person
    place: int
    total: int
    title: str
    body: str

    @property
    def before(self) -> int | None:
        return self.place - 1 if self.place > 1 else None

    @property
    def after(self) -> int | None:
        return self.place + 1 if self.place < self.total else None


def preview_for(message: TeamMessage, place: int) -> Preview | None:
    """Return the message as the recipient at this place reads it; the first one for a place that does not exist."""
    people, total = recipients_of(message), message.count
    index = place - 1 if 0 < place <= total else 0
    person = people[index : index + 1].first() or people.first()
    if person is None:
        return None
    return Preview(person, index + 1, total, *filled(message, person))


def filled(message: TeamMessage, person: Person) -> tuple[str, str]:
    """Return the subject and the text for this person."""
    values = values_for(person, message)
    return fill_text(message.title, values), fill_text(message.body, values)


def left_out_of(message: TeamMessage) -> list[str]:
    """Return the names of those who were frozen and got nothing: no longer concerned when it was sent, or left."""
    rows = MessageRecipient.objects.filter(message=message, is_left_out=True).select_related("person")
    names = [row.person.full_name for row in rows.order_by("person__sort_name", "pk")]
    distribution = message.distribution
    if distribution and distribution.stopped_at is None:
        dropped = Delivery.objects.filter(distribution=distribution, state=DeliveryState.CANCELLED)
        names += dropped.order_by("sort_name", "pk").values_list("recipient_name", flat=True)
    return names


def messages_to(person: Person, reader: Any) -> Iterable[Delivery]:
    """Return what the team wrote to this person, the latest first, of the messages that this reader sees."""
    seen = TeamMessage.objects.visible_to(reader).exclude(distribution=None)
    rows = Delivery.objects.filter(person=person, distribution__in=seen.values("distribution"))
    return rows.select_related("distribution").order_by("-pk")[:NAMED]


def files_of(message: TeamMessage) -> list[MessageFile]:
    """Return the attachments, with the rows of their bytes."""
    rows = MessageFile.objects.filter(message=message)
    return list(rows.select_related("upload__blob", "revision__blob", "revision__document"))


OFFERED_DOCUMENTS = 40


def offered_documents(user: Any, term: Term) -> list[Document]:
    """Return the latest documents of the term that this reader may read."""
    rows = Document.objects.filter(term=term).order_by("-dated_on", "-pk")[:OFFERED_DOCUMENTS]
    return [row for row in rows if can_read_document(user, row)]


def saved_texts(user: Any, term: Term) -> QuerySet[SavedText]:
    return SavedText.objects.visible_to(user).filter(assembly=term.assembly_id, state=SavedTextState.OFFERED)
