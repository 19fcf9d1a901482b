"""The words of the table in expectations.py: what one line says, and how a request is judged by it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.people import People

ROLES = (
    "anonymous",
    "stranger",  # an account without any role
    "member",  # the owner of the object, when it has one
    "other_member",  # another member of the same term
    "facilitator",
    "officer",
    "lead",
    "dir_contact",
    "dir_approver",
    "sponsor",
    "president",
    "witness",
    "dpo",
    "archivist",
    "admin",
)
TEAM = "lead officer"
DESK = "lead officer facilitator"
MEMBERS = "member other_member"
DIRECTORATES = "dir_contact dir_approver"
ELECTED = "sponsor president"
SIGNED_IN = " ".join(ROLES[1:])
ANYONE = " ".join(ROLES)
STRONG = " ".join(role for role in ROLES if role not in {"anonymous", "stranger", "member", "other_member"})
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True)
class Route:
    """One line of the table. Roles are words in a string; who is not named is refused.

    `conflict`: of those who are let in, the roles that meet 409 with this object.
    """

    get: str = ""
    post: str = ""
    of: Callable[[People], dict[str, Any]] | None = None
    data: Callable[[People], dict[str, Any]] | dict[str, Any] | None = None
    conflict: str = ""
    crosses: bool = False
    journals: bool = False
    may_write: str = ""

    def __post_init__(self) -> None:
        unknown = {*self.get.split(), *self.post.split()} - set(ROLES)
        if unknown:
            raise ValueError(f"unknown roles: {unknown}")

    def allows(self, method: str, role: str) -> bool:
        return role in {"GET": self.get, "HEAD": self.get, "POST": self.post}.get(method, "").split()

    def knows(self, method: str) -> bool:
        """Return whether the line declares the method for any role."""
        return bool({"GET": self.get, "HEAD": self.get, "POST": self.post}.get(method, ""))


def route_names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Return every named route of the product as `app:name`; a route without name is given by its pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from route_names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}" if pattern.name else f"{prefix}{pattern.pattern}"


def address(name: str, kwargs: dict[str, Any]) -> str:
    return reverse(name, kwargs=kwargs)
