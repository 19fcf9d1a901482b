"""The journal names its objects by the titles of the index, to those who would find them."""

from collections.abc import Collection, Mapping
from typing import Any

from assembly.audit.registry import Key, NamedSubject
from assembly.search.queries import readable_entries, rights_of
from assembly.search.registry import source_of, sources


def named_in_index(wanted: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """One statement, whatever the number of kinds; an object that is not in the index yet is not named."""
    labels = {source.kind: source.label_of_objects for source in sources()}
    asked = {kind: label for kind, label in labels.items() if label in wanted}
    keys = {key for label in asked.values() for key in wanted[label]}
    rows = readable_entries(rights_of(reader, asked)).filter(object_id__in=keys) if asked else ()
    found = {}
    for entry in rows:
        key, source = (asked[entry.kind], entry.object_id), source_of(entry.kind)
        if source and entry.object_id in wanted[key[0]]:
            found[key] = NamedSubject(str(source.name), entry.title, entry.reference, source.address(reader, entry))
    return found
