"""Record of a draw (procès-verbal) as a sealed file, with its data and the program that verifies it."""

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.enums import Audience
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import Enclosure, RenderSource
from assembly.documents.registry import Identity, Renderer, SitePage
from assembly.text.french import local_day
from draws.calls.queries import call_ended_on
from draws.draws.queries.draw import RECORD_KIND
from draws.draws.queries.records import VERIFIER, record_content, verifier_source
from draws.draws.rules import can_see_draws
from draws.models import Draw


class DrawRecord(Renderer):
    kind = RECORD_KIND
    subject_label = "draws.Draw"
    sealed = True
    audience = Audience.PUBLIC

    def load(self, subject_id: str) -> Draw:
        return Draw.objects.with_dossier().get(pk=subject_id)

    def identity(self, subject: Draw) -> Identity:
        title = _("Procès-verbal du tirage au sort %(reference)s") % {"reference": subject.reference}
        day = local_day(subject.drawn_at or timezone.now())
        return Identity(f"{subject.reference}-PV", title, day, subject.term)

    def source(self, subject: Draw) -> RenderSource:
        content = record_content(subject)
        address = settings.SITE_URL + reverse("draws:public", args=[subject.reference])
        return page_source(
            "draws/draws/pdf/record.html",
            {
                "record": content,
                "draw": subject,
                "address": address,
                "call_ended_on": call_ended_on(subject.call) if subject.call else None,
            },
            assembly=subject.term.assembly,
            title=self.identity(subject).title,
            reference=f"{subject.reference}-PV",
            made_at=subject.drawn_at or timezone.now(),
            sheets=["draws"],
            data=content,
            attachments=[Enclosure(VERIFIER, verifier_source(), _("Programme de vérification"), "Supplement")],
            sealed=True,
        )

    def can_read(self, user: Any, subject: Draw) -> bool:
        return can_see_draws(user, subject.term_id)

    def site_pages(self, subject_ids: Collection[str]) -> Mapping[str, SitePage]:
        rows = Draw.objects.public().filter(pk__in=subject_ids).values_list("pk", "reference")
        return {
            str(pk): SitePage(_("Le tirage en ligne"), reverse("draws:public", args=[reference]))
            for pk, reference in rows
        }


def statement_of_a_draw(user: Any, upload: Any) -> bool:
    """Return whether the user may read the statement of the commissaire de justice.
    Whoever sees the draw may, and anybody once it is revealed."""
    draws = Draw.objects.filter(statement=upload.pk)
    return draws.filter(revealed_at__isnull=False).exists() or draws.visible_to(user).exists()
