"""Names of the journal's objects, taken from the titles of the index, for readers who would find them."""

from collections.abc import Collection, Mapping
from typing import Any

from assembly.audit.registry import Key, NamedSubject
from assembly.search.queries import readable_entries, rights_of
from assembly.search.registry import source_of, sources


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
