"""Model of a person's account. It carries no rights: they follow the roles in the institution."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.models.person import Person
from assembly.identity.personal_data import ModelPrivacy, erased, retained


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, person: Person, password: str | None = None, **fields: Any) -> "User":
        """Create an account for `person`; without a password only a code, or a passkey added later, opens it."""
        user = self.model(email=self.normalize_email(email).lower(), person=person, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Account. Created by accepting an invitation or by `manage.py create_lead`, never by sign-up."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="user", verbose_name=_("personne"))
    email = models.EmailField(_("adresse électronique"), unique=True)
    is_active = models.BooleanField(_("actif"), default=True)
    suspended_at = models.DateTimeField(_("suspendu le"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = ModelPrivacy(
        _("Votre accès"),
        owner="person",
        default=retained(_("accès fermé")),
        email=erased(lambda user: f"efface-{user.pk}@invalid.example"),
        password=erased("!", exported=False),
        last_login=erased(None),
        created_at=retained(),
    )
    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_email_is_lower", condition=models.Q(email=models.functions.Lower("email"))
            ),
            models.CheckConstraint(
                name="user_suspended_iff_inactive",
                condition=models.Q(is_active=True, suspended_at=None)
                | models.Q(is_active=False, suspended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def pseudonym(self) -> UUID:
        return self.person.pseudonym

    def get_full_name(self) -> str:
        return self.person.full_name

    def get_short_name(self) -> str:
        return self.person.first_name

    # Django's contrib code calls these two; here the account itself gives no rights.
    @property
    def is_staff(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False
