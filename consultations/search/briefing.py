"""Search source of the papers of the packs, by the text of their files; as each reader may open them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assembly.documents.queries.extracts import text_of
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.rules import has_role
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from consultations.models import BriefingDocument
from consultations.models.briefing import READERS


class BriefingDocuments(SearchSource):
    kind, order = "briefing", 16
    name, label = gettext_lazy("Document de saisine"), gettext_lazy("Documents des saisines")

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


add_search_source(BriefingDocuments)
