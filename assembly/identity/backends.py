"""Authentication backend that reads the account with its person in one statement, since every page shows the name."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from assembly.identity.models import User
from assembly.speed.compiled_query import CompiledQuery

account_of = CompiledQuery(lambda pk: User.objects.select_related("person").filter(pk=pk))


class PersonBackend(AuthenticationBackend):
    """allauth's checks of e-mail and password; only the query of the account at each request is ours."""

    def get_user(self, user_id: Any) -> User | None:
        user = next(account_of(int(user_id)), None)
        return user if user is not None and self.user_can_authenticate(user) else None
