"""Documents of a distribution: its letters for the printer, and the list that proves who received what."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.models import Rendition, Revision
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer
from assembly.notifications import composing, rules
from assembly.notifications.actions import distributions
from assembly.notifications.models import Distribution, LetterBatch
from assembly.notifications.queries import proof_rows, tally
from assembly.text.french import as_title

SHEETS = Path(settings.BASE_DIR) / "static" / "css" / "print"


def sheet(name: str) -> str:
    return (SHEETS / name).read_text(encoding="utf-8")


class Letters(Renderer):
    """Renderer of all the letters of a batch, one after the other."""

    kind = distributions.LETTERS
    subject_label = "notifications.LetterBatch"
    file_name = "lettres"

    def identity(self, subject: LetterBatch) -> Identity:
        distribution = subject.distribution
        title = _("%(title)s (lettres)") % {"title": distribution.title}
        return Identity(subject.reference, title, timezone.localdate(subject.requested_at), distribution.term)

    def source(self, subject: LetterBatch) -> RenderSource:
        deliveries = subject.letters.filter(person__anonymised_at=None)
        rows = deliveries.select_related("person", "distribution__assembly", "distribution__term")
        pages = [{"delivery": row, "body": composing.letter_html(row)} for row in rows.order_by("sort_name", "pk")]
        assembly = subject.distribution.assembly
        context = {"pages": pages, "assembly": assembly, "batch": subject, "title": self.identity(subject).title}
        return RenderSource(
            html=render_to_string("notifications/pdf/letters.html", context),
            stylesheets=[sheet("letters.css")],
            title=self.identity(subject).title,
            reference=subject.reference,
            created_at=subject.requested_at,
            author=assembly.name,
        )

    def on_ready(self, rendition: Rendition, revision: Revision | None, subject: LetterBatch) -> None:
        distributions.mark_printed(subject)

    def can_read(self, user: Any, subject: LetterBatch) -> bool:
        return rules.is_sender(user, subject.distribution)


class ProofList(Renderer):
    """Renderer of who received what, when and how: the proof against a claim that nothing arrived."""

    kind = "proof-list"
    file_name = "preuve-d-envoi"
    subject_label = "notifications.Distribution"

    def identity(self, subject: Distribution) -> Identity:
        title = _("Preuve d’envoi : %(title)s") % {"title": as_title(subject.title)}
        return Identity(f"ENVOI-{subject.pk}", title, timezone.localdate(subject.requested_at), subject.term)

    def source(self, subject: Distribution) -> RenderSource:
        created_at = timezone.now()
        context = {
            "distribution": subject,
            "assembly": subject.assembly,
            "rows": proof_rows(subject),
            "tally": tally(subject),
            "title": self.identity(subject).title,
            "made_at": created_at,
        }
        return RenderSource(
            html=render_to_string("notifications/pdf/proof_list.html", context),
            stylesheets=[sheet("proof_list.css")],
            title=self.identity(subject).title,
            reference=f"ENVOI-{subject.pk}",
            created_at=created_at,
            author=subject.assembly.name,
        )

    def can_read(self, user: Any, subject: Distribution) -> bool:
        return rules.can_unblock(user, subject)
