"""Models of people (member, agent, guest, expert, elected), of accounts, erasure requests and counted attempts.

Whom the assembly writes to, invites or quotes needs no account. An account carries no rights: they follow the roles in
the institution. Erasure requests are answered by the data protection officer within a month. Counted attempts are
those to guess something, or to cause a mail.
"""

import uuid
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.names import LINK_IN_NAME, plain_names
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, erased, retained
from assembly.speed.queries import ScreenQuerySet
from assembly.text.french import letters_key


class ContactChannel(models.TextChoices):
    """Ways by which a person wishes to be reached."""

    EMAIL = "email", _("par courriel")
    PAPER = "paper", _("par courrier postal")


class ErasureState(models.TextChoices):
    PENDING = "pending", _("à traiter")
    DONE = "done", _("effacé")
    REFUSED = "refused", _("refusé")
    WITHDRAWN = "withdrawn", _("retirée")


class AttemptCounter(models.Model):
    """Attempts of one window. The key is a keyed digest of what is limited (`attempts.py`): it identifies nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    blocked_until = models.DateTimeField(null=True, blank=True)

    privacy = IMPERSONAL

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"


JOURNAL = _("pseudonyme du journal : il ne dit plus de qui il s’agit une fois les noms effacés")
PROOF = _("preuve de la réponse donnée à la demande")


def sort_key(last_name: str, first_name: str) -> str:
    """Return the key that sorts a person in a list, and that a search by words of the name matches."""
    return letters_key(f"{last_name} {first_name}")


class Person(models.Model):
    """Human being. The journal stores `pseudonym` only; the names may be erased, the pseudonym stays."""

    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    sort_name = models.CharField(max_length=170, editable=False, db_index=True)
    capacity = models.CharField(
        _("qualité"), max_length=160, blank=True, help_text=_("Par exemple : « directrice de l’Autonomie ».")
    )
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    address = models.TextField(_("adresse postale"), blank=True, max_length=500)
    postcode = models.CharField(_("code postal"), max_length=5, blank=True)
    city = models.CharField(_("commune"), max_length=80, blank=True)
    channel = models.CharField(
        _("moyen de contact"), max_length=10, choices=ContactChannel, default=ContactChannel.EMAIL
    )
    anonymised_at = models.DateTimeField(_("anonymisée le"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = ModelPrivacy(
        _("Votre identité et vos coordonnées"),
        owner="",
        pseudonym=retained(JOURNAL),
        first_name=erased(_("Personne")),
        last_name=erased(_("effacée")),
        sort_name=erased("effacee personne", exported=False),
        capacity=erased(),
        email=erased(),
        phone=erased(),
        address=erased(),
        postcode=erased(),
        city=erased(),
        channel=erased(ContactChannel.PAPER),
        anonymised_at=retained(PROOF),
        created_at=retained(),
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="person_names_are_no_links",
                condition=plain_names("first_name", "last_name"),
                violation_error_message=LINK_IN_NAME,
            ),
            models.CheckConstraint(
                name="person_email_channel_has_email",
                condition=~Q(channel=ContactChannel.EMAIL) | ~Q(email="") | Q(anonymised_at__isnull=False),
                violation_error_message=_("Donnez une adresse électronique, ou choisissez le courrier postal."),
            ),
        ]
        indexes = [models.Index(models.functions.Lower("email"), name="person_email_lower")]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = sort_key(self.last_name, self.first_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # -- Model.save's signature varies with the backend

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def listed_name(self) -> str:
        """Return « Faure, Odile », as a sorted list shows it."""
        return ", ".join(filter(None, [self.last_name, self.first_name]))

    @property
    def public_name(self) -> str:
        """Return first name and initial: all that the public may read of a private person (domain.md H1)."""
        return f"{self.first_name} {self.last_name[:1]}." if self.last_name else self.first_name

    @property
    def is_paper(self) -> bool:
        return self.channel == ContactChannel.PAPER or not self.email


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
    """Account. Created by accepting an invitation or by `manage.py create_lead`, never by sign-up.

    `has_pins`: whether pages may be pinned (`tasks.Pin`); the pages of anybody else read none.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="user", verbose_name=_("personne"))
    email = models.EmailField(_("adresse électronique"), unique=True)
    is_active = models.BooleanField(_("actif"), default=True)
    suspended_at = models.DateTimeField(_("suspendu le"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    has_pins = models.BooleanField(default=False, db_default=False, editable=False)

    privacy = ModelPrivacy(
        _("Votre accès"),
        owner="person",
        default=retained(_("accès fermé")),
        email=erased(lambda user: f"efface-{user.pk}@invalid.example"),
        password=erased("!", exported=False),
        last_login=erased(None),
        created_at=retained(),
        has_pins=erased(False, exported=False),
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


class ErasureRequest(models.Model):
    """Request of a person to be erased. The row itself stays, by pseudonym, as proof of the answer."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasure_requests")
    state = models.CharField(_("état"), max_length=10, choices=ErasureState, default=ErasureState.PENDING)
    asked_at = models.DateTimeField(_("demandé le"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="erasures_asked",
        verbose_name=_("demandé par"),
    )
    statement = models.TextField(_("ce que dit la personne"), blank=True, max_length=2000)
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="erasures_answered"
    )
    answer = models.TextField(_("réponse"), blank=True, max_length=2000)

    privacy = ModelPrivacy(
        _("Vos demandes d’effacement"), owner="person", default=retained(PROOF), statement=erased(), answer=erased()
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=ErasureState.PENDING), name="erasure_one_pending_request"
            ),
            models.CheckConstraint(
                name="erasure_answered_iff_not_pending",
                condition=Q(state=ErasureState.PENDING, answered_at=None)
                | (~Q(state=ErasureState.PENDING) & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"
