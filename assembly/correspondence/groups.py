"""Groups of recipients of the institution, which stands below: committees, directorates, accounts."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.correspondence.registry import ListGroup, RecipientGroup
from assembly.identity.models import Person, User
from assembly.institution.lists import ACCOUNTS
from assembly.institution.models import (
    DIRECTORATE_ROLES,
    TEAM_ROLES,
    Committee,
    CommitteeMembership,
    Directorate,
    RoleAssignment,
    Term,
)
from assembly.institution.rules import assembly_ids, term_ids


class CommitteeGroup(RecipientGroup[Committee]):
    """Whoever holds a seat in a committee today."""

    key = "groupe"
    label = _("Groupes et comités")
    fields = {"groupe": _("Nom du groupe ou du comité")}
    subject_route = "institution:committee"

    def rows(self, user: Any) -> QuerySet[Committee]:
        return Committee.objects.filter(term__in=term_ids(user, TEAM_ROLES), closed_on=None).select_related("term")

    def people(self, subject: Committee) -> QuerySet[Person]:
        today = timezone.localdate()
        seats = CommitteeMembership.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=today), committee=subject, starts_on__lte=today
        )
        return Person.objects.filter(pk__in=seats.values("person"))

    def facts(self, subject: Committee) -> dict[str, str]:
        return {"groupe": subject.name}

    def offered_links(self, user: Any, term: Term) -> list[tuple[str, str]]:
        rows = self.rows(user).filter(term=term)
        return [(row.name, reverse("correspondence:write-to", args=[self.key, row.pk])) for row in rows]


def people_with_roles(**roles: Any) -> QuerySet[Person]:
    """Return the people whose account is open and holds such a role today."""
    held = RoleAssignment.objects.filter(ended_at=None, user__is_active=True, **roles)
    return Person.objects.filter(pk__in=held.values("user__person"))


class DirectorateGroup(RecipientGroup[Directorate]):
    """The agents of a directorate."""

    key = "direction"
    label = _("Directions")
    fields = {"direction": _("Nom de la direction")}

    def rows(self, user: Any) -> QuerySet[Directorate]:
        return Directorate.objects.filter(assembly__in=assembly_ids(user, TEAM_ROLES), closed_on=None)

    def term(self, subject: Directorate) -> None:
        return None

    def people(self, subject: Directorate) -> QuerySet[Person]:
        return people_with_roles(directorate=subject, role__in=DIRECTORATE_ROLES)

    def facts(self, subject: Directorate) -> dict[str, str]:
        return {"direction": subject.name}

    def offered_links(self, user: Any, term: Term) -> list[tuple[str, str]]:
        rows = self.rows(user).filter(assembly=term.assembly_id)
        return [(row.name, reverse("correspondence:write-to", args=[self.key, row.pk])) for row in rows]


class AccountGroup(RecipientGroup[User]):
    """One person with an account in the assembly."""

    key = "compte"
    label = _("Comptes")
    subject_route = "institution:person"

    def rows(self, user: Any) -> QuerySet[User]:
        homes = assembly_ids(user, TEAM_ROLES)
        held = RoleAssignment.objects.filter(ended_at=None, assembly__in=homes)
        return User.objects.filter(is_active=True, pk__in=held.values("user")).select_related("person")

    def term(self, subject: User) -> None:
        return None

    def assemblies(self, subject: User) -> set[int]:
        return set(RoleAssignment.objects.filter(user=subject, ended_at=None).values_list("assembly", flat=True))

    def name(self, subject: User) -> str:
        return subject.get_full_name()

    def people(self, subject: User) -> QuerySet[Person]:
        return people_with_roles(user=subject)

    def people_for(self, subject: User, term: Term) -> QuerySet[Person]:
        return people_with_roles(user=subject, assembly=term.assembly_id)


class AccountsGroup(ListGroup):
    """The people of the list of accounts, with their filter by role."""

    key = ACCOUNTS.key
    label = ACCOUNTS.title
    declared = ACCOUNTS
    person = "person"

    def people(self, subject: Term) -> QuerySet[Person]:
        return people_with_roles(assembly=subject.assembly_id)
