"""Model of people the assembly writes to, invites or quotes (member, agent, guest, expert, elected).

No account is needed.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.enums import ContactChannel
from assembly.identity.names import LINK_IN_NAME, plain_names
from assembly.identity.personal_data import ModelPrivacy, erased, retained
from assembly.speed.queryset import ScreenQuerySet
from assembly.text.alphabetical import alphabetical

JOURNAL = _("pseudonyme du journal : il ne dit plus de qui il s’agit une fois les noms effacés")
PROOF = _("preuve de la réponse donnée à la demande")


def sort_key(last_name: str, first_name: str) -> str:
    """Return the key that sorts a person in a list, and that a search by words of the name matches."""
    return alphabetical(f"{last_name} {first_name}")


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
