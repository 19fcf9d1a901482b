"""Topic of an « Approbation » item of an agenda: the minutes of an earlier sitting."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from sessions import topics
from sessions.models import Minutes
from sessions.queries.minutes_facts import title_of
from sessions.topics import add_agenda_topic


def describe(keys: Iterable[str], reader: Any) -> Mapping[str, topics.Topic]:
    """Return the titles and links of the minutes that this reader may see, by key; nothing for the others."""
    if reader is None:
        return {}
    rows = Minutes.objects.visible_to(reader).filter(pk__in=[key for key in keys if key.isdecimal()])
    return {
        str(minutes.pk): topics.Topic(
            kind=gettext_lazy("Compte rendu"),
            reference=minutes.sitting.reference,
            title=title_of(minutes),
            url=reverse("sittings:minutes-read", args=[minutes.pk]),
        )
        for minutes in rows.select_related("sitting__committee")
    }


add_agenda_topic("sittings.Minutes", describe)
