"""Personal data in saved views: who receives one each week."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import impersonal, personal, retain_all
from assembly.saved_views.models import SavedView, ViewSubscription

impersonal(SavedView)
personal(
    ViewSubscription,
    name=_("Les vues que vous recevez chaque semaine"),
    owner="user__person",
    deletes_rows=True,
    fields=retain_all("view", "started_at", "last_sent_on"),
)
