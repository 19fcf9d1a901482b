"""Accounts of the demonstration: no password opens them, the one-click button or a code by mail does."""

from django.contrib.auth.hashers import make_password

from assembly.identity.models import Person, User

DOMAIN = "@demo.example.org"


def create_account(person: Person, email: str) -> User:
    return User.objects.create(person=person, email=email, password=make_password(None))
