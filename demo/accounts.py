"""Accounts of the demonstration: no password opens them, only the one-click button or a code by mail."""

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from assembly.identity.models import Person, User

DOMAIN = "@demo.example.org"


def create_account(person: Person, email: str) -> User:
    return User.objects.create(person=person, email=email, password=make_password(None))


def one_click_accounts() -> QuerySet[User]:
    """Return the accounts that the sign-in page offers in one click, the team first."""
    return User.objects.filter(email__endswith=DOMAIN, is_active=True).select_related("person").order_by("pk")
