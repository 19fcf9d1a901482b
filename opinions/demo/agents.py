"""Who answers for the directorates of the story."""

from django.utils.text import slugify

from assembly.identity.models import Person, User
from assembly.institution.actions import roles
from assembly.institution.enums import Role
from assembly.institution.rules import forget_roles
from opinions.demo.clock import at
from opinions.demo.house import House, account
from opinions.demo.referral import directorate

AGENTS = (
    ("habitat", "Mireille", "Castex", "Bastien", "Loubet"),
    ("mobilites", "Yanis", "Ferrer", "Solange", "Arnaud"),
    ("insertion", "Coralie", "Dubarry", "Étienne", "Marsan"),
    ("finances", "Paul", "Vidal", "Hélène", "Roquebert"),
)


def agents(house: House) -> dict[str, tuple[User, User]]:
    """A contact and an approver in each directorate of the story, made the first time they are asked for."""
    if house.agents:
        return house.agents
    found = {"autonomie": (house.users[Role.DIR_CONTACT], house.users[Role.DIR_APPROVER])}
    with at("2025-11-10 09:00"):
        for code, first, last, first_above, last_above in AGENTS:
            contact = agent(house, code, Role.DIR_CONTACT, first, last)
            found[code] = contact, agent(house, code, Role.DIR_APPROVER, first_above, last_above)
    house.agents = found
    return found


def agent(house: House, code: str, role: Role, first: str, last: str) -> User:
    email = f"{slugify(first)}.{slugify(last)}@example.org"
    person = Person.objects.create(first_name=first, last_name=last, email=email, phone="06 39 98 20 15")
    user = account(person, email)
    roles.give(user, role, by=house.lead, term=house.term, directorate=directorate(house, code))
    forget_roles(user)
    return user
