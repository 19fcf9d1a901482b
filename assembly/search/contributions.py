"""Contributions of the search: menus, published documents, names in the journal, erasure in the index."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import Key, NamedSubject, add_namer
from assembly.documents.actions import extracts
from assembly.documents.models import Blob, Document, FileText
from assembly.documents.queries import published
from assembly.documents.signals import text_read
from assembly.identity.personal_data import at_erasure
from assembly.institution.menu import DESK_READERS, FOR_MEMBERS, add_menu_entry, anywhere, open_area
from assembly.institution.rules import can_enter_directorate_area
from assembly.search import actions
from assembly.search.actions import erase_person
from assembly.search.models import SearchEntry
from assembly.search.queries import readable_entries, rights_of
from assembly.search.registry import IndexEntry, SearchSource, add_search_source, source_of, sources


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


def index_names(keys_by_label: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """Return the names of objects in one statement for all kinds; an object that is not indexed yet has none."""
    labels = {source.kind: source.model_label for source in sources()}
    labels_by_kind = {kind: label for kind, label in labels.items() if label in keys_by_label}
    keys = {key for label in labels_by_kind.values() for key in keys_by_label[label]}
    rows = readable_entries(rights_of(reader, labels_by_kind)).filter(object_id__in=keys) if labels_by_kind else ()
    names = {}
    for entry in rows:
        key, source = (labels_by_kind[entry.kind], entry.object_id), source_of(entry.kind)
        if source and entry.object_id in keys_by_label[key[0]]:
            names[key] = NamedSubject(str(source.name), entry.title, entry.reference, source.address(reader, entry))
    return names


add_menu_entry("member", _("Chercher"), "search:results", FOR_MEMBERS, order=90, icon="search")
add_menu_entry(
    "directorate", _("Chercher"), "search:results", anywhere(can_enter_directorate_area), order=90, icon="search"
)
open_area(r"/bureau/recherche/", DESK_READERS)
add_search_source(Publications)
add_namer(index_names)


@receiver(text_read)
def reindex_objects_of_file(sender: Any, text: FileText, **_: Any) -> None:
    actions.reindex_touched_by("documents.FileText", text.pk)


at_erasure("search.entries", erase_person)
