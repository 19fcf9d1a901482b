"""OpenDocument spreadsheets: typed cells, widths, a heading row that stays in sight and filters.

Written as text, row by row: a number is a number and a day is a day; a text is a text and never runs as a formula.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from assembly.files.sheets import Heading, Kind, Worksheet

OPEN_DOCUMENT_SHEETS = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "number": "datastyle",
        "fo": "xsl-fo-compatible",
        "config": "config",
    }.items()
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest manifest:version="1.2" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{OPEN_DOCUMENT_SHEETS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
SLASH, SPACE = "<number:text>/</number:text>", "<number:text> </number:text>"
TWO = 'number:style="long"'
DAY_PARTS = f"<number:day {TWO}/>{SLASH}<number:month {TWO}/>{SLASH}<number:year {TWO}/>"
HOUR_PARTS = f"{SPACE}<number:hours {TWO}/><number:text>:</number:text><number:minutes {TWO}/>"
WHOLE = '<number:number number:decimal-places="0" number:min-integer-digits="1"/>'
CENTS = '<number:number number:decimal-places="2" number:min-integer-digits="1" number:grouping="true"/>'
FORMATS = {
    Kind.TEXT: ("text-style", "<number:text-content/>"),
    Kind.EUROS: ("number-style", f"{CENTS}<number:text> €</number:text>"),
    Kind.PERCENT: ("percentage-style", f"{WHOLE}<number:text> %</number:text>"),
    Kind.DAY: ("date-style", DAY_PARTS),
    Kind.MOMENT: ("date-style", f"{DAY_PARTS}{HOUR_PARTS}"),
}
GAPS = re.compile(r"^ | {2,}|\t")  # spaces that the format would drop


def opendocument(sheets: Iterable[Worksheet]) -> bytes:
    """Build what the format requires: a type, a manifest, the view of the heading rows, one table per sheet."""
    measured = [(sheet, *sheet.measured()) for sheet in sheets]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", OPEN_DOCUMENT_SHEETS, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("settings.xml", settings(measured[0][0]))
        with archive.open("content.xml", "w") as content:
            for part in content_parts(measured):
                content.write(part.encode())
    return target.getvalue()


type Measured = tuple[Worksheet, list[int], Iterator[Sequence[object]]]


def content_parts(measured: Sequence[Measured]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {NAMES} office:version="1.2">'
    yield f"<office:automatic-styles>{''.join(styles({w for _, widths, _ in measured for w in widths}))}"
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    filtered: list[str] = []
    for sheet, widths, rows in measured:
        yield f"<table:table table:name={quoteattr(sheet.title)}>"
        for at, width in enumerate(widths):
            kind = sheet.headings[at].kind if sheet.headings else Kind.GENERAL
            yield f'<table:table-column table:style-name="w{width}" table:default-cell-style-name="{kind.name}"/>'
        if sheet.headings:
            yield ods_row((heading.text, "HEAD") for heading in sheet.headings)
        last = 1
        for row in rows:
            headings = sheet.headings or [PLAIN] * len(row)
            yield ods_row((value, heading.kind_of(value).name) for heading, value in zip(headings, row, strict=True))
            last += 1
        yield "</table:table>"
        if sheet.headings:
            filtered.append(filter_of(len(filtered), sheet, last))
    yield f"<table:database-ranges>{''.join(filtered)}</table:database-ranges>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def styles(widths: Iterable[int]) -> Iterator[str]:
    """Return the styles of the columns of these widths, the formats of the kinds and the styles of their cells."""
    for width in sorted(widths):
        column = f'<style:table-column-properties style:column-width="{width * 0.2 + 0.4:.2f}cm"/>'
        yield f'<style:style style:name="w{width}" style:family="table-column">{column}</style:style>'
    for kind, (element, parts) in FORMATS.items():
        yield f'<number:{element} style:name="N{kind.name}">{parts}</number:{element}>'
    wraps = '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
    for kind in Kind:
        shown = f' style:data-style-name="N{kind.name}"' if kind in FORMATS else ""
        yield f'<style:style style:name="{kind.name}" style:family="table-cell"{shown}>{wraps}</style:style>'
    head = wraps.replace("/>", ' fo:background-color="#e7e4f5"/><style:text-properties fo:font-weight="bold"/>')
    yield f'<style:style style:name="HEAD" style:family="table-cell">{head}</style:style>'


def filter_of(number: int, sheet: Worksheet, last: int) -> str:
    """Return the filter of all columns of a sheet with this last row, under the name by which a program knows it."""
    letters, at = "", len(sheet.headings)
    while at:
        at, letter = divmod(at - 1, 26)
        letters = chr(65 + letter) + letters
    name = "'" + sheet.title.replace("'", "''") + "'"
    cells = quoteattr(f"{name}.A1:{name}.{letters}{last}")
    return (
        f'<table:database-range table:name="__Anonymous_Sheet_DB__{number}" table:target-range-address={cells} '
        'table:display-filter-buttons="true"/>'
    )


def settings(sheet: Worksheet) -> str:
    """Return the settings that keep the heading row of the first sheet in sight."""
    split = {"VerticalSplitMode": ("short", 2), "VerticalSplitPosition": ("int", 1), "PositionBottom": ("int", 1)}
    items = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
        for name, (kind, value) in (split if sheet.headings else {}).items()
    )
    named = (
        f"<config:config-item-map-entry config:name={quoteattr(sheet.title)}>{items}</config:config-item-map-entry>"
    )
    tables = f'<config:config-item-map-named config:name="Tables">{named}</config:config-item-map-named>'
    view = f"<config:config-item-map-entry>{tables}</config:config-item-map-entry>"
    views = f'<config:config-item-map-indexed config:name="Views">{view}</config:config-item-map-indexed>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-settings {NAMES} '
        'xmlns:ooo="http://openoffice.org/2004/office" office:version="1.2">'
        f'<office:settings><config:config-item-set config:name="ooo:view-settings">{views}'
        "</config:config-item-set></office:settings></office:document-settings>"
    )


def ods_row(cells: Iterable[tuple[object, str]]) -> str:
    return f"<table:table-row>{''.join(ods_cell(*each) for each in cells)}</table:table-row>"


def ods_cell(value: object, style: str) -> str:
    """Return a cell; its text is shown where the program formats no value itself."""
    match value:
        case int() | float() | Decimal() if style == Kind.PERCENT.name:
            kind, text = f'office:value-type="percentage" office:value="{value / 100}"', f"{value} %"
        case int() | float() | Decimal():
            kind, text = f'office:value-type="float" office:value="{value}"', str(value).replace(".", ",")
        case datetime():
            kind = f'office:value-type="date" office:date-value="{value:%Y-%m-%dT%H:%M:%S}"'
            text = f"{value:%d/%m/%Y %H:%M}"
        case date():
            kind, text = f'office:value-type="date" office:date-value="{value.isoformat()}"', f"{value:%d/%m/%Y}"
        case _:
            kind, text = 'office:value-type="string"', str(value)
    lines = "".join(f"<text:p>{GAPS.sub(gap, escape(line))}</text:p>" for line in text.splitlines())
    return f'<table:table-cell table:style-name="{style}" {kind}>{lines}</table:table-cell>'


def gap(spaces: re.Match[str]) -> str:
    return "<text:tab/>" if spaces[0] == "\t" else f'<text:s text:c="{len(spaces[0])}"/>'


PLAIN = Heading("")
