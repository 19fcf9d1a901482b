"""The directorates and the agents who answer for them."""

from django.utils.text import slugify

from assembly.identity.models import Person, User
from assembly.institution.actions import roles
from assembly.institution.enums import Role
from assembly.institution.models import Directorate
from assembly.institution.rules import invalidate_roles
from demo.accounts import create_account
from demo.clock import at
from demo.context import DemoContext

AGENTS = (
    ("habitat", "Mireille", "Castex", "Bastien", "Loubet"),
    ("mobilites", "Yanis", "Ferrer", "Solange", "Arnaud"),
    ("insertion", "Coralie", "Dubarry", "Étienne", "Marsan"),
    ("finances", "Paul", "Vidal", "Hélène", "Roquebert"),
)


def directorate(context: DemoContext, code: str) -> Directorate:
    return Directorate.objects.get(assembly=context.assembly, code=code)


def directorate_staff(context: DemoContext) -> dict[str, tuple[User, User]]:
    """Return a contact and an approver for each directorate that is asked; create them at the first call."""
    if context.directorate_staff:
        return context.directorate_staff
    staff = {"autonomie": (context.users[Role.DIR_CONTACT], context.users[Role.DIR_APPROVER])}
    with at("2025-11-10 09:00"):
        for code, first, last, first_above, last_above in AGENTS:
            contact = create_agent(context, code, Role.DIR_CONTACT, first, last)
            staff[code] = contact, create_agent(context, code, Role.DIR_APPROVER, first_above, last_above)
    context.directorate_staff = staff
    return staff


def create_agent(context: DemoContext, code: str, role: Role, first: str, last: str) -> User:
    email = f"{slugify(first)}.{slugify(last)}@example.org"
    person = Person.objects.create(first_name=first, last_name=last, email=email, phone="06 39 98 20 15")
    user = create_account(person, email)
    roles.give(user, role, by=context.lead, term=context.term, directorate=directorate(context, code))
    invalidate_roles(user)
    return user
