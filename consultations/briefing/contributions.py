"""Contributions of briefing packs: files, mails, search, audit events, retention of the read marks."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.documents.queries import text_of
from assembly.documents.registry import add_documents, add_upload_rules
from assembly.identity.personal_data import delete_row, retention
from assembly.institution.models import TEAM_ROLES, Role
from assembly.institution.rules import has_role
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind, add_messages
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from consultations.briefing.documents import PackFile, briefing_file_is_visible
from consultations.briefing.models import READERS
from consultations.briefing.queries import documents_of, for_members
from consultations.models import BriefingDocument, BriefingPack, BriefingReadMark


class BriefingMessage(MessageKind):
    """Mail with the list of papers and the link; members on paper read the same list in their letter."""

    template: ClassVar[str] = "consultations/briefing/mail/open"
    is_news: ClassVar[bool] = False

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        pack = BriefingPack.objects.select_related("referral__term__assembly").get(pk=distribution.subject_id)
        return {
            "pack": pack,
            "referral": pack.referral,
            "documents": self.documents(pack, delivery),
            "url": settings.SITE_URL + reverse("consultations:my-briefing", args=[pack.referral_id]),
            "is_news": self.is_news,
        }

    def documents(self, pack: BriefingPack, delivery: Delivery) -> list[BriefingDocument]:
        return for_members(documents_of(pack))


class BriefingOpen(BriefingMessage):
    kind = "briefing-open"
    label = gettext_lazy("Dossier documentaire ouvert")


class BriefingNews(BriefingMessage):
    kind = "briefing-news"
    template = "consultations/briefing/mail/news"
    label = gettext_lazy("Nouveaux documents d’un dossier")
    is_news = True

    def documents(self, pack: BriefingPack, delivery: Delivery) -> list[BriefingDocument]:
        """Return those of the day that are still in the pack when the mail leaves."""
        document_ids = set(delivery.context["documents"])
        return [document for document in super().documents(pack, delivery) if document.pk in document_ids]


def old_read_marks(now: datetime) -> QuerySet[BriefingReadMark]:
    """Return the marks that are older than a year, which is longer than any referral is read."""
    return BriefingReadMark.objects.filter(read_at__lt=now - timedelta(days=365))


retention("consultations.read_marks", _("Documents marqués comme lus"), find=old_read_marks, apply=delete_row)


class BriefingDocuments(SearchSource):
    kind, order = "briefing", 16
    name, label = _("Document de saisine"), _("Documents des saisines")

    def objects(self) -> QuerySet[Any]:
        return BriefingDocument.objects.current().select_related("pack__referral", "upload")

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        parts = [subject.summary, subject.source, text_of(subject.upload) if subject.upload else ""]
        yield IndexEntry(
            subject.title,
            body="\n".join(part for part in parts if part),
            reference=subject.pack.referral.reference,
            dated_on=subject.dated_on or timezone.localdate(subject.added_at),
            term_id=subject.pack.referral.term_id,
            address_key=f"{subject.pack.referral_id}:{subject.pack.referral.reference}",
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        return {"": BriefingDocument.objects.readable_by(user)}

    def address(self, user: Any, entry: SearchEntry) -> str:
        """Return the pack in the reader's own area, at this paper; else the public page of the referral."""
        referral, _colon, reference = entry.address_key.partition(":")
        if has_role(user, TEAM_ROLES | {Role.FACILITATOR}, term=entry.term_id):
            page = reverse("consultations:briefing", args=[referral])
        elif has_role(user, READERS, term=entry.term_id):
            page = reverse("consultations:my-briefing", args=[referral])
        else:
            return reverse("consultations:public", args=[reference])
        return f"{page}#document-{entry.object_id}"

    def touched_by(self, label: str, ids: Any) -> Any:
        """Return the papers to index again: after the text of a file was extracted, or a reference was given."""
        if label == "documents.FileText":
            return BriefingDocument.objects.filter(upload__blob__in=ids).values_list("pk", flat=True)
        if label == "consultations.Referral":
            return BriefingDocument.objects.filter(pack__referral__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


add_messages(BriefingOpen, BriefingNews)
add_documents(PackFile)
add_upload_rules(briefing_file_is_visible)
add_search_source(BriefingDocuments)
add_audit_events(
    {
        "briefing.introduced": _("a écrit la présentation du dossier"),
        "briefing.deposited": _("a déposé des fichiers à décrire"),
        "briefing.deposit_dropped": _("a retiré un fichier non décrit"),
        "briefing.document_added": _("a ajouté un document au dossier"),
        "briefing.document_changed": _("a modifié un document du dossier"),
        "briefing.document_replaced": _("a remplacé un document du dossier"),
        "briefing.document_removed": _("a retiré un document du dossier"),
        "briefing.reordered": _("a changé l’ordre du dossier"),
        "briefing.scheduled": _("a programmé l’ouverture du dossier aux membres"),
        "briefing.unscheduled": _("a annulé l’ouverture programmée du dossier"),
        "briefing.news_sent": _("a annoncé les ajouts du dossier aux membres"),
        "briefing.released": _("a ouvert le dossier aux membres"),
    }
)
