"""Personal data in saved views: who receives one each week."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.privacy import impersonal, kept, personal
from assembly.saved_views.models import SavedView, ViewSubscription

impersonal(SavedView)
personal(
    ViewSubscription,
    name=_("Les vues que vous recevez chaque semaine"),
    owner="user__person",
    rows_go=True,
    fields=kept("view", "started_at", "last_sent_on"),
)
