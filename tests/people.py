"""One user for each role, made when a test asks."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from assembly.identity.models import User
from assembly.institution.models import DIRECTORATE_ROLES, TERM_ROLES, Assembly, Directorate, Role, Term
from assembly.institution.rules import role_needs_second_factor
from tests.factories.identity import UserFactory
from tests.factories.institution import AssemblyFactory, DirectorateFactory, RoleAssignmentFactory, TermFactory

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class People(dict[str, Any]):
    """`people["lead"]` holds that role in the term at work (`people.term`); `people["stranger"]` holds none."""

    def __missing__(self, who: str) -> User:
        self[who] = self.make(who, self.term)
        return self[who]

    @property
    def term(self) -> Term:
        return TermFactory()

    @property
    def assembly(self) -> Assembly:
        return AssemblyFactory()

    @property
    def directorate(self) -> Directorate:
        """Return the directorate of `dir_contact` and `dir_approver`."""
        return self._directorate_of(self.assembly)

    def elsewhere(self, role: str) -> User:
        """Return the user with the same role in another assembly of this installation."""
        name = f"{role}@elsewhere"
        if name not in self:
            self[name] = self.make(role, TermFactory(assembly=AssemblyFactory(second=True), number=1, name="Ailleurs"))
        return self[name]

    def make(self, role: str, term: Term) -> User:
        """Make a user with `role` there."""
        user = UserFactory()
        if role == "stranger":
            return user
        wanted = Role(role)
        RoleAssignmentFactory(
            user=user,
            role=wanted,
            assembly=term.assembly,
            term=term if wanted in TERM_ROLES else None,
            directorate=self._directorate_of(term.assembly) if wanted in DIRECTORATE_ROLES else None,
        )
        return user

    def ready(self, user: User) -> User:
        """Give the second factor that this user's roles ask for."""
        if role_needs_second_factor(user) and not Authenticator.objects.filter(user=user).exists():
            Authenticator.objects.create(
                user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(TOTP_SECRET)}
            )
        return user

    def _directorate_of(self, assembly: Assembly) -> Directorate:
        known = Directorate.objects.filter(assembly=assembly, code="autonomie").first()
        return known or DirectorateFactory(assembly=assembly, code="autonomie", name="Direction de l’Autonomie")
