"""Search sources of the apps below this one, for everybody: published documents, by their own words."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.documents.actions import extracts
from assembly.documents.models import Blob, Document, FileText
from assembly.documents.queries import published
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source


class Publications(SearchSource):
    """Published documents; one that was superseded is no longer found, though its address still works."""

    kind, order = "publication", 40
    name, label = _("Publication"), _("Publications")

    def objects(self) -> QuerySet[Document]:
        return published().filter(superseded_by=None)

    def entries(self, subject: Document) -> Iterable[IndexEntry]:
        revision = subject.published_revision
        yield IndexEntry(
            title=subject.title,
            body=text_of_blob(revision.blob) if revision else "",
            reference=subject.reference,
            dated_on=subject.dated_on,
            term_id=subject.term_id,
            address_key=subject.reference,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Document]]:
        return {"": self.objects()}

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse("documents:publication-file", args=[entry.address_key])

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        if label == "documents.FileText":
            return self.objects().filter(published_revision__blob__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


def text_of_blob(blob: Blob) -> str:
    """Return the text of a published file; on the first call a worker extracts it, and it is indexed later."""
    text, is_new = FileText.objects.get_or_create(blob=blob)
    if is_new:
        extracts.enqueue(text)
    return text.text


add_search_source(Publications)
