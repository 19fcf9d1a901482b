"""Contributions of documents: publications in the calendar, a ceiling for anonymous users, audit events."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarItem, add_calendar_source, overlapping
from assembly.documents.data_sets import HASH_DATA
from assembly.documents.forms import ATTEMPT_KIND
from assembly.documents.queries import published
from assembly.identity.attempts import add_ceiling
from assembly.institution.models import Term
from assembly.open_data.registry import add_data_sets


def publications_in_calendar(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the documents of the term on the day of their publication."""
    rows = published().filter(overlapping(first, last, "published_at", "published_at"), term=term)
    for document in rows.for_screen():
        yield CalendarItem(
            CalendarKind.PUBLICATION,
            f"publication-{document.pk}",
            document.title,
            reverse("documents:publication-file", args=[document.reference]),
            timezone.localdate(document.published_at),
        )


add_calendar_source(CalendarKind.PUBLICATION, publications_in_calendar)
add_ceiling(ATTEMPT_KIND, _("Vérification de documents"), near=500)
add_data_sets(HASH_DATA)
add_audit_events(
    {
        "document.timestamped": _("a horodaté un document"),
        "register.sealed": _("a arrêté la tête du registre des empreintes"),
        "upload.accepted": _("a déposé un fichier"),
        "upload.withdrawn": _("a retiré un fichier"),
        "upload.erased": _("a effacé un fichier"),
    }
)
