"""What public pages tell programs that read the web: JSON-LD with the vocabulary of schema.org.

A page with JSON beside it takes every fact from the fields of that JSON (`PageData.linked`), never from the row.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from assembly.open_data.files import (
    CSV_TYPE,
    LICENCE_URL,
    SetFacts,
    absolute_address,
    json_value,
)
from assembly.open_data.registry import DataSet

ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}  # as `json_script` of Django
EMPTY: tuple[Any, ...] = (None, "", [], {})


class PageFacts(Mapping[str, Any]):
    """The fields of the JSON beside a page, each computed when it is read: what nobody asks costs no statement."""

    def __init__(self, each: DataSet, row: Any) -> None:
        self.columns = {column.name: column for column in each.page_columns}
        self.row = row

    def __getitem__(self, name: str) -> Any:
        return json_value(self.columns[name], self.row)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


def linked_page(each: DataSet, reference: str) -> dict[str, Any]:
    """Return the page of a reference as a thing of schema.org; nothing for what is not public or not declared."""
    row = each.page.find(reference) if each.page and each.page.linked else None
    return linked_row(each, row) if row is not None else {}


def linked_row(each: DataSet, row: Any) -> dict[str, Any]:
    """Return the same for a row as `find` returns it, which the page has read already."""
    if each.page is None or each.page.linked is None:
        return {}
    facts = PageFacts(each, row)
    thing = {
        "@id": facts["page"],
        "url": facts["page"],
        "identifier": facts["reference"],
        "name": facts["titre"],
        "inLanguage": "fr",
        **each.page.linked(facts),
    }
    return known_properties(thing)


def known_properties(thing: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of a thing: a property without value is left out."""
    return {name: value for name, value in thing.items() if value not in EMPTY}


def link_to(address: str) -> dict[str, str]:
    """Return a thing that is described elsewhere: on its own page, or beside this one."""
    return {"@id": absolute_address(address)}


def the_assembly() -> dict[str, str]:
    return link_to("/#assemblee")


def described_assembly(name: str, authority: str) -> dict[str, Any]:
    """Return the assembly, to which every thing refers."""
    parent = {"@type": "GovernmentOrganization", "name": authority} if authority else None
    known = {"name": name, "url": absolute_address("/"), "parentOrganization": parent}
    return known_properties({"@type": "Organization", **the_assembly(), **known})


def described_site(name: str) -> dict[str, Any]:
    """Return the home page as a site."""
    return {
        "@type": "WebSite",
        **link_to("/#site"),
        "url": absolute_address("/"),
        "name": name,
        "inLanguage": "fr",
        "publisher": the_assembly(),
    }


def catalog_of(sets: Iterable[tuple[DataSet, SetFacts]], name: str) -> dict[str, Any]:
    """Return the page of the sets as a catalogue: each set with its two files."""
    return {
        "@type": "DataCatalog",
        **link_to("/donnees/"),
        "url": absolute_address("/donnees/"),
        "name": name,
        "inLanguage": "fr",
        "license": LICENCE_URL,
        "publisher": the_assembly(),
        "dataset": [dataset_of(each, facts) for each, facts in sets],
    }


def dataset_of(each: DataSet, facts: SetFacts) -> dict[str, Any]:
    files = [(each.csv_path, CSV_TYPE, facts.csv_size), (each.json_path, "application/json", facts.json_size)]
    thing = {
        "@type": "Dataset",
        **link_to(f"/donnees/#{each.key}"),
        "url": absolute_address(f"/donnees/#{each.key}"),
        "identifier": each.key,
        "name": str(each.title),
        "description": str(each.description),
        "license": LICENCE_URL,
        "creator": the_assembly(),
        "isAccessibleForFree": True,
        "dateModified": facts.changed_on and facts.changed_on.isoformat(),
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": absolute_address(path),
                "encodingFormat": media_type.partition(";")[0],
                "contentSize": f"{size} B",
            }
            for path, media_type, size in files
        ],
    }
    return known_properties(thing)


def data_block(*things: Mapping[str, Any]) -> SafeString:
    """Return the element with these things: data, which no browser runs and no text in it can leave."""
    graph = {"@context": "https://schema.org", "@graph": things}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))
