"""One user for each role of the table of rights, here and in another assembly, ready to sign in."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from assembly.institution.menu import may_enter
from tests.browsing import StrictClient
from tests.people import People
from tests.security.routes import ROLES

NOT_ELSEWHERE = {"anonymous", "stranger", "other_member"}


def user_for(role: str, people: People):
    if role == "other_member":
        if role not in people:
            people[role] = people.make("member", people.term)
        return people[role]
    return people[role]


def everybody() -> People:
    """Return one user for each role, here and in another assembly, ready to sign in."""
    people = People()
    for role in ROLES:
        if role == "anonymous":
            continue
        open_session(people.ready(user_for(role, people)))
        if role not in NOT_ELSEWHERE:
            open_session(people.ready(people.elsewhere(role)))
    return people


def stopped_at_the_door(people: People, url: str) -> list[str]:
    """Return the roles that the area of this address refuses before any view runs; only used to choose cells."""
    return [role for role in ROLES if role != "anonymous" and not may_enter(people[role], url)]


def open_session(user: Any) -> None:
    """Open the session of a user once; each cell of a table uses it in a new browser.

    A first page stores the second factor in the session; otherwise each cell would query and store it.
    """
    browser = StrictClient().enter(user)
    browser.get(reverse("portal:area"))
    user.open_session = browser.cookies[settings.SESSION_COOKIE_NAME].value
