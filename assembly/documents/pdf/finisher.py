"""Last changes before the file is written: signature fields, table scopes, artifacts, uncompressed streams.

Re-packing compresses them, all but the metadata: here it was done twice, at the slowest level.

Private names of the renderer are used (`_page_box`, `box.mark`): its version is pinned, and veraPDF tests the output.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pydyf
from weasyprint.pdf.fonts import Font

from assembly.documents.pdf.source import TIMESTAMP_FIELD

PRINT_AND_LOCKED = 132
FIELD_RULES = 67  # The reader must honour filter, sub-filter and digest of the seed value.
DIGESTS = ("SHA256", "SHA384", "SHA512")
ARTIFACT = [b"/Artifact", "<</Type /Pagination>>"]
# The renderer embeds the whole font of a text field (150 KB, 0.1 s) for typing; nobody types in these fields.
Font.used_in_forms = property(lambda font: False, lambda font, value: None)


class WrongFields(Exception):
    """The page does not contain exactly the signature fields that its source announces."""


class Finisher:
    """Callable for the renderer: turns its PDF into A-3a + UA-1 with empty, tagged signature fields."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = tuple(fields)

    def prepare(self, document: Any) -> None:
        """Make the metadata name both standards, before the file is written."""
        declare_accessibility(document.metadata)

    def __call__(self, document: Any, pdf: pydyf.PDF) -> None:
        objects = _Objects(pdf)
        names = [self._signature_field(pdf, widget) for widget in objects.of("/Annot") if _is_text_field(widget)]
        if sorted(names) != sorted(self.fields) or _count_fields(pdf) != len(self.fields):
            raise WrongFields(f"expected {self.fields}, found {names}")
        self._announce_signatures(pdf, objects)
        _set_scopes(document)
        _wrap_item_bodies(pdf, objects)
        _mark_artifacts(document, pdf, objects)
        for item in pdf.objects:
            if isinstance(item, pydyf.Stream):
                item.compress = False

    def _signature_field(self, pdf: pydyf.PDF, widget: Any) -> str:
        """Turn a text field into an empty signature field; layout, tooltip and tag stay."""
        for key in ("DA", "V", "Ff", "MaxLen"):
            widget.pop(key, None)
        x1, y1, x2, y2 = widget["Rect"]
        left, right, bottom, top = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        appearance = pydyf.Stream(
            [],
            {
                "Type": "/XObject",
                "Subtype": "/Form",
                "BBox": pydyf.Array((0, 0, right - left, top - bottom)),
                "Resources": pydyf.Dictionary(),
            },
        )
        pdf.add_object(appearance)
        name = widget["T"]
        widget["FT"] = "/Sig"
        widget["F"] = PRINT_AND_LOCKED
        widget["Rect"] = pydyf.Array((left, bottom, right, top))
        widget["AP"] = pydyf.Dictionary({"N": appearance.reference})
        lock = pydyf.Dictionary(
            {"Type": "/SigFieldLock", "Action": "/Include", "Fields": pydyf.Array([name])},
        )
        pdf.add_object(lock)
        widget["Lock"] = lock.reference
        if name.string != TIMESTAMP_FIELD:
            rules = pydyf.Dictionary(
                {
                    "Type": "/SV",
                    "Ff": FIELD_RULES,
                    "Filter": "/Adobe.PPKLite",
                    "SubFilter": pydyf.Array(["/ETSI.CAdES.detached"]),
                    "DigestMethod": pydyf.Array([pydyf.String(digest) for digest in DIGESTS]),
                }
            )
            pdf.add_object(rules)
            widget["SV"] = rules.reference
        return str(name.string)

    def _announce_signatures(self, pdf: pydyf.PDF, objects: "_Objects") -> None:
        """Announce signatures in the form of the catalog, and point each tag straight at its field.

        A `Form` element that holds a list of one reference makes later signatures look like forbidden changes.
        """
        form = pdf.catalog.get("AcroForm")
        if form is None:
            return
        form.pop("NeedAppearances", None)
        form.pop("DR", None)
        form["SigFlags"] = 1
        for element in objects.elements("/Form"):
            element["K"] = element["K"][0]


class _Objects:
    """Reader of the objects of a PDF that is being made."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self.objects = pdf.objects

    def at(self, reference: bytes) -> Any:
        return self.objects[int(reference.split()[0])]

    def of(self, kind: str) -> Iterator[Any]:
        return (item for item in self.objects if isinstance(item, dict) and item.get("Type") == kind)

    def elements(self, tag: str) -> Iterator[Any]:
        return (item for item in self.of("/StructElem") if item["S"] == tag)


def _is_text_field(widget: Any) -> bool:
    return widget.get("Subtype") == "/Widget" and widget.get("FT") == "/Tx"


def _count_fields(pdf: pydyf.PDF) -> int:
    form = pdf.catalog.get("AcroForm")
    return len(form["Fields"]) if form else 0


def _set_scopes(document: Any) -> None:
    """Set on every header cell whether it heads its column or its row."""
    for page in document.pages:
        for box in page._page_box.descendants():  # noqa: SLF001 -- no public way to the boxes; the version is pinned
            mark = getattr(box, "mark", None)
            if mark is not None and box.element is not None and box.element.tag == "th":
                scope = box.element.get("scope", "col")
                mark["A"]["Scope"] = "/Row" if scope == "row" else "/Column"


def _wrap_item_bodies(pdf: pydyf.PDF, objects: _Objects) -> None:
    """Move the children of a list item into its body: it may hold a label and a body only."""
    for item in list(objects.elements("/LI")):
        kids = [(kid, objects.at(kid)) for kid in item["K"]]
        if all(element["S"] in {"/Lbl", "/LBody"} for _kid, element in kids):
            continue
        body = pydyf.Dictionary(
            {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(), "Pg": item["Pg"], "P": item.reference}
        )
        pdf.add_object(body)
        for kid, element in kids:
            if element["S"] == "/LBody":
                _adopt(body, [(inner, objects.at(inner)) for inner in element["K"]])
            elif element["S"] != "/Lbl":
                _adopt(body, [(kid, element)])
        labels = [kid for kid, element in kids if element["S"] == "/Lbl"]
        item["K"] = pydyf.Array([*labels, body.reference])


def _adopt(parent: pydyf.Dictionary, kids: list[tuple[bytes, Any]]) -> None:
    for reference, element in kids:
        element["P"] = parent.reference
        parent["K"].append(reference)


def _linked(pdf: pydyf.PDF, objects: _Objects) -> set[int]:
    """Return the numbers of the structure elements that the root reaches."""
    root = objects.at(pdf.catalog["StructTreeRoot"])
    reached: set[int] = set()
    queue = list(root["K"])
    while queue:
        kid = queue.pop()
        if not isinstance(kid, bytes):
            continue
        number = int(kid.split()[0])
        item = objects.objects[number]
        if number in reached or item.get("Type") != "/StructElem":
            continue
        reached.add(number)
        kids = item["K"]
        queue.extend(kids if isinstance(kids, list) else [kids])
    return reached


def _mark_artifacts(document: Any, pdf: pydyf.PDF, objects: _Objects) -> None:
    """Turn running headers and footers into artifacts: the renderer tags them, but links them to no element."""
    reached = _linked(pdf, objects)
    tree = objects.at(objects.at(pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    pages = [objects.objects[number] for number in pdf.pages["Kids"][::3]]
    for number, page in enumerate(pages):
        parents = tree[2 * number + 1]
        loose = {mcid for mcid, parent in enumerate(parents) if int(parent.split()[0]) not in reached}
        if not loose:
            continue
        for mcid in loose:
            parents[mcid] = "null"
        _unmark(objects.at(page["Contents"]), loose)


def _unmark(stream: Any, loose: set[int]) -> None:
    operations = stream.stream
    for index, operation in enumerate(operations):
        if operation == b"BDC" and isinstance(operations[index - 1], dict):
            properties = operations[index - 1]
            if properties.get("MCID") in loose:
                operations[index - 2 : index] = ARTIFACT


UA_XMP = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
END = b"</rdf:RDF>"


def declare_accessibility(metadata: Any) -> None:
    """Add `pdfuaid:part` to the document's RDF (the renderer declares either PDF/A or PDF/UA, never both)."""
    generate = metadata.generate_rdf_metadata

    def with_accessibility(*args: Any, **kwargs: Any) -> bytes:
        rdf: bytes = generate(*args, **kwargs)
        return rdf.replace(END, UA_XMP + END)

    metadata.generate_rdf_metadata = with_accessibility
