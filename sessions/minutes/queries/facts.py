"""Names hidden from the public version of minutes: everybody convened, and all mandates of the term."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, TextField, Value
from django.db.models.functions import JSONObject, StrIndex
from django.db.models.lookups import GreaterThan

from assembly.identity.models import Person
from assembly.institution.models import Canton, Term
from assembly.text.alphabetical import alphabetical
from members.models import Mandate
from sessions.attendance.queries.facts import Roll, is_official
from sessions.attendance.queries.presence import capacity_of
from sessions.minutes.rules import PrivatePersons, Redactor, named_in
from sessions.models import Sitting


def redactor_for(sitting: Sitting, roll: Roll, *, text: str | None = None) -> Redactor:
    """Return the redactor of the private names of this sitting: everybody convened and every mandate, no officials.

    With `text`, only those whose surname may be in it: enough to list its names, without reading a term of ten
    thousand people and compiling patterns for them.
    """
    officials = {sitting.chair_id, sitting.secretary_id}
    people: dict[int, PrivatePersons] = {}
    for row in [*roll.members, *roll.others]:
        person = row.invitee.person
        if not is_official(person, capacity_of(row.invitee)):
            people[person.pk] = _private(person, is_member=row.invitee.is_member)
    mandated, places = mandated_and_places(sitting.term, text)
    for named in mandated:
        people.setdefault(named["pk"], PrivatePersons(named["first_name"], named["last_name"], email=named["email"]))
    private_people = [person for pk, person in people.items() if pk not in officials]
    if text is not None:
        private_people = named_in(private_people, text)
    return Redactor(private_people, places={name for place in places for name in place.values() if name})


def mandated_and_places(term: Term, text: str | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return everybody with a mandate in the term, past or present, and the places that bear names.

    One statement. With `text`, only those of whose surname at least the first word is in it.
    """
    mandates = Mandate.objects.filter(term=OuterRef("pk")).order_by("member__person__sort_name", "pk")
    if text is not None:
        name = "member__person__sort_name"
        first_word = Func(name, Value(" "), Value(1), function="split_part", output_field=TextField())
        mandates = mandates.filter(GreaterThan(StrIndex(Value(alphabetical(text)), first_word), 0))
    person = {name: f"member__person__{name}" for name in ("pk", "first_name", "last_name", "email")}
    cantons = Canton.objects.filter(assembly=OuterRef("assembly")).order_by("number")
    read = [
        ArraySubquery(mandates.values(row=JSONObject(**person))),
        ArraySubquery(cantons.values(row=JSONObject(name="name", seat="seat_commune"))),
    ]
    return Term.objects.filter(pk=term.pk).values_list(*read).get()


def _private(person: Person, *, is_member: bool) -> PrivatePersons:
    return PrivatePersons(person.first_name, person.last_name, is_member=is_member, email=person.email)
