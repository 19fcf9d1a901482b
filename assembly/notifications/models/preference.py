"""Model of what a person chose to receive. Messages with a legal effect ignore it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.identity.personal_data import ModelPrivacy


class Preference(models.Model):
    """Preference of a person. No row means yes. Without optional mail, the notice is on the site only."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="mail_preference")
    optional_mail = models.BooleanField(_("recevoir aussi les nouvelles et les rappels par courriel"), default=True)
    changed_at = models.DateTimeField(auto_now=True)

    privacy = ModelPrivacy(_("Vos choix de courriels"), owner="person", deletes_rows=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.optional_mail}"
